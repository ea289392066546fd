using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>
/// Finds components that are the same: means and covariances that agree but for rounding. Their responsibilities are in the ratio of their weights for
/// every point, so that EM leaves them as they are, and they stand for one.
/// </summary>
internal static class EqualComponents
{
    // Of a standard deviation, and of the standard deviations behind a covariance.
    private const double SamePart = 1e-6;

    /// <summary>Tells whether two components are the same.</summary>
    public static bool Any(Parameters parameters)
    {
        for (var a = 1; a < parameters.Components; a++)
        {
            for (var b = 0; b < a; b++)
            {
                if (Are(parameters, a, b)) return true;
            }
        }
        return false;
    }

    /// <summary>Lists the components that are the same as another, group by group.</summary>
    /// <param name="parameters">Theta.</param>
    /// <param name="components">The components to look at, ascending.</param>
    public static List<int[]> Groups(Parameters parameters, IReadOnlyList<int> components)
    {
        var groups = new List<int[]>();
        var found = new HashSet<int>();
        foreach (var a in components)
        {
            if (found.Contains(a)) continue;
            int[] group = [a, .. components.Where(b => b > a && !found.Contains(b) && Are(parameters, a, b))];
            if (group.Length == 1) continue;
            found.UnionWith(group);
            groups.Add(group);
        }
        return groups;
    }

    private static bool Are(Parameters parameters, int a, int b)
    {
        int first = parameters.MatrixOf(a), second = parameters.MatrixOf(b), d = parameters.Dimension;
        for (var j = 0; j < d; j++)
        {
            var (variance, difference) = (parameters.Variance(first, j), parameters.Mean(a)[j] - parameters.Mean(b)[j]);
            if (!(difference * difference <= SamePart * SamePart * variance) || !(Math.Abs(variance - parameters.Variance(second, j)) <= SamePart * variance)) return false;
        }
        if (first == second || !parameters.Family.HasOffDiagonal) return true;
        ReadOnlySpan<double> one = parameters.CovarianceOf(first), other = parameters.CovarianceOf(second);
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (!(Math.Abs(one[i * d + j] - other[i * d + j]) <= SamePart * Math.Sqrt(one[i * (d + 1)] * one[j * (d + 1)]))) return false;
            }
        }
        return true;
    }
}
