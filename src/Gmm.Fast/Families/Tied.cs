using Gmm.Fast.Kernels;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;

namespace Gmm.Fast.Families;

/// <summary>
/// Describes one matrix for all components. M-step: Sigma = sum over k of N_k (S_k / N_k - delta_k delta_k^T) / N + R, R the diagonal matrix of
/// the regularization (McLachlan and Peel, Finite Mixture Models, section 3.2, homoscedastic components). Each component keeps its own second moment
/// until the M-step, so that its displacement can be taken out exactly.
/// </summary>
internal sealed class Tied : Full
{
    public override CovarianceType Type => CovarianceType.Tied;

    public override string Name => "tied";

    public override bool IsShared => true;

    public override DensityForm Form => DensityForm.Shared;

    public override void Estimate(SufficientStatistics statistics, Parameters next, int matrix, Ridge ridge)
    {
        var d = statistics.Dimension;
        var target = next.Covariances;
        target.Clear();
        for (var k = 0; k < statistics.Components; k++)
        {
            var count = statistics.EffectiveCount(k);
            if (count == 0) continue;
            var second = statistics.SecondMoment(k);
            for (var i = 0; i < d; i++)
            {
                var displaced = count * statistics.Delta(k, i);
                for (var j = 0; j <= i; j++) target[i * d + j] += second[PackedLower.Index(i, j)] - displaced * statistics.Delta(k, j);
            }
        }
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++) target[i * d + j] /= statistics.TotalWeight;
            var (furthest, meanSquare) = Rounding.ScaleOf(statistics, next, i);
            target[i * d + i] = Rounding.Remove(target[i * d + i], furthest, meanSquare);
        }
        Complete(target, d, ridge.Columns);
    }
}
