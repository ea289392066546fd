using Gmm.Fast.Model;

namespace Gmm.Fast.Families;

/// <summary>
/// Describes one variance per dimension for all components. M-step: s_j^2 = sum over k of N_k (S_kjj / N_k - delta_kj^2) / N + regularization, the
/// diagonal of <see cref="Tied"/> (McLachlan and Peel, Finite Mixture Models, section 3.2, homoscedastic components).
/// </summary>
internal sealed class TiedDiagonal : Diagonal
{
    public override CovarianceType Type => CovarianceType.TiedDiagonal;

    public override string Name => "tied-diag";

    public override bool IsShared => true;

    public override void Estimate(SufficientStatistics statistics, Parameters next, int matrix, Ridge ridge)
    {
        var target = next.Covariances;
        for (var j = 0; j < target.Length; j++)
        {
            double sum = 0;
            for (var k = 0; k < statistics.Components; k++)
            {
                var count = statistics.EffectiveCount(k);
                if (count > 0) sum += statistics.SecondMoment(k)[j] - count * statistics.Delta(k, j) * statistics.Delta(k, j);
            }
            var (furthest, meanSquare) = Rounding.ScaleOf(statistics, next, j);
            target[j] = Rounding.Remove(sum / statistics.TotalWeight, furthest, meanSquare) + ridge.Columns[j];
        }
    }
}
