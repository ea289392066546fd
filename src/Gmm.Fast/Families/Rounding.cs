using Gmm.Fast.Model;

namespace Gmm.Fast.Families;

/// <summary>Tells variances from the rounding of the deviations and sums that they are made of.</summary>
internal static class Rounding
{
    /// <summary>
    /// Returns a variance about <paramref name="mean"/>, or exactly 0 where it is no more than the rounding of the deviations, (2^-52 mean)^2, or of
    /// their sums, 2^-16 of <paramref name="meanSquare"/> about the center (sums of floats; a pass leaves 2^-10 and more where there is a variance):
    /// identical points have no variance, and must not get one from their last bits.
    /// </summary>
    public static double Remove(double variance, double mean, double meanSquare) =>
        variance <= double.ScaleB(mean * mean, -104) || variance <= double.ScaleB(meanSquare, -16) ? 0 : variance;

    /// <summary>
    /// Gives, for a variance of dimension j that all components share, the mean furthest from 0 and the mean square about the centers.
    /// A component without points adds no deviations, so wherever its mean stayed, it does not count.
    /// </summary>
    public static (double Furthest, double MeanSquare) ScaleOf(SufficientStatistics statistics, Parameters next, int j)
    {
        double furthest = 0, squares = 0;
        var index = statistics.Moments.DiagonalIndex(j);
        for (var k = 0; k < statistics.Components; k++)
        {
            if (statistics.EffectiveCount(k) == 0) continue;
            furthest = Math.Max(furthest, Math.Abs(next.Means[k * next.Dimension + j]));
            squares += statistics.SecondMoment(k)[index];
        }
        return (furthest, squares / statistics.TotalWeight);
    }

    /// <summary>Gives the root of the mean square of the coordinates: a spherical variance is an average over the dimensions.</summary>
    public static double MeanMagnitude(ReadOnlySpan<double> mean)
    {
        double sum = 0;
        foreach (var coordinate in mean) sum += coordinate * coordinate;
        return Math.Sqrt(sum / mean.Length);
    }
}
