using Gmm.Fast.Model;

namespace Gmm.Fast.Families;

/// <summary>
/// Describes one variance for all components and dimensions. M-step: s^2 = sum over k of N_k (tr S_k / N_k - |delta_k|^2) / (N D) + regularization
/// (McLachlan and Peel, Finite Mixture Models, section 3.2, homoscedastic components). Its limit for small s is k-means (Bishop, PRML, section
/// 9.3.2).
/// </summary>
internal sealed class TiedSpherical : Spherical
{
    public override CovarianceType Type => CovarianceType.TiedSpherical;

    public override string Name => "tied-spherical";

    public override bool IsShared => true;

    public override void Estimate(SufficientStatistics statistics, Parameters next, int matrix, Ridge ridge)
    {
        var numbers = statistics.TotalWeight * statistics.Dimension;
        double sum = 0, squares = 0, furthest = 0;
        for (var k = 0; k < statistics.Components; k++)
        {
            // As in Rounding.ScaleOf, a component without points does not count.
            var count = statistics.EffectiveCount(k);
            if (count == 0) continue;
            squares += statistics.SecondMoment(k)[0];
            furthest = Math.Max(furthest, Rounding.MeanMagnitude(next.Mean(k)));
            sum += statistics.SecondMoment(k)[0] - count * statistics.SquaredDelta(k);
        }
        next.Covariances[0] = Rounding.Remove(sum / numbers, furthest, squares / numbers) + ridge.Mean;
    }
}
