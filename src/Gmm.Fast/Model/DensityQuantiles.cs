using System.Diagnostics;

namespace Gmm.Fast.Model;

/// <summary>
/// Holds the distribution of the log-densities of a data set: the share of its points, by weight, with a log-density of at most a value. A step
/// function of single points, or a line through knots. Immutable.
/// </summary>
internal sealed class DensityQuantiles
{
    // Of a line between two knots.
    private const double RoundingOf = 1e-12;

    /// <summary>Makes a distribution.</summary>
    /// <param name="logDensities">[M], at least one, finite, ascending: of single points, or of knots.</param>
    /// <param name="shares">[M], ascending, 0 to 1, the last 1: the share at each; null for (i + 1) / M.</param>
    /// <param name="isExact">Whether the values are those of single points.</param>
    public DensityQuantiles(double[] logDensities, double[]? shares, bool isExact)
    {
        Debug.Assert(logDensities.Length > 0 && (shares is null || shares.Length == logDensities.Length));
        (LogDensities, Shares, IsExact) = (logDensities, shares, isExact);
    }

    /// <summary>[M], ascending.</summary>
    public double[] LogDensities { get; }

    /// <summary>[M], ascending to 1; null for (i + 1) / M.</summary>
    public double[]? Shares { get; }

    /// <summary>Whether every point has its own value.</summary>
    public bool IsExact { get; }

    /// <summary>Gives the share of points with a log-density of at most a value.</summary>
    public double ShareUpTo(double logDensity)
    {
        var above = FirstAbove(logDensity);
        if (above == 0) return 0;
        var share = Share(above - 1);
        if (IsExact || above == LogDensities.Length) return share;
        var (left, right) = (LogDensities[above - 1], LogDensities[above]);
        return share + (Share(above) - share) * ((logDensity - left) / (right - left));
    }

    /// <summary>Gives the smallest log-density with at least a share of the points up to it.</summary>
    public double Quantile(double share)
    {
        var (low, high) = (0, LogDensities.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Share(middle) >= share) high = middle;
            else low = middle + 1;
        }
        if (IsExact || low == 0) return LogDensities[low];
        var (below, above) = (Share(low - 1), Share(low));
        var (left, right) = (LogDensities[low - 1], LogDensities[low]);
        var found = left + (share - below) / (above - below) * (right - left);

        // Rounding must not give a smaller share than the one that was asked for.
        if (ShareUpTo(found) < share) found = Math.Min(right, found + RoundingOf * (right - left));
        return ShareUpTo(found) < share ? right : found;
    }

    private double Share(int index) => Shares is { } shares ? shares[index] : (index + 1.0) / LogDensities.Length;

    private int FirstAbove(double value)
    {
        var (low, high) = (0, LogDensities.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (LogDensities[middle] > value) high = middle;
            else low = middle + 1;
        }
        return low;
    }
}
