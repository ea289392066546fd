using Gmm.TestKit.Exact;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>
/// Holds the Cholesky factor L of an exact covariance with every column in units of its own standard deviation, so that the rows of L have length 1,
/// and its inverse, in doubles: error bounds need one digit.
/// </summary>
internal sealed class ScaledFactor
{
    private ScaledFactor(double[][] lower, double[][] inverse, double[] spreads)
    {
        (Lower, Inverse, Spreads) = (lower, inverse, spreads);
        Smallest = 1 / inverse.Sum(row => row.Sum(x => x * x));
    }

    /// <summary>L.</summary>
    public double[][] Lower { get; }

    /// <summary>L^-1.</summary>
    public double[][] Inverse { get; }

    /// <summary>[D]: the standard deviations.</summary>
    public double[] Spreads { get; }

    /// <summary>A bound from below, at most D times too small, of the smallest eigenvalue of the correlation matrix.</summary>
    public double Smallest { get; }

    /// <summary>Null for a covariance that is singular in exact arithmetic.</summary>
    public static ScaledFactor? Of(ExactMixture mixture, int k)
    {
        try
        {
            var factor = mixture.CholeskyFactor(k);
            var spreads = factor.Select((_, i) => BigReal.Sqrt(mixture.Covariances[k][i][i])).ToArray();
            var lower = factor.Select((row, i) => row.Select(x => (double)(x / spreads[i])).ToArray()).ToArray();
            return new ScaledFactor(lower, Invert(lower), Array.ConvertAll(spreads, x => (double)x));
        }
        catch (ExactSingularException)
        {
            return null;
        }
    }

    private static double[][] Invert(double[][] lower)
    {
        var inverse = lower.Select(row => new double[row.Length]).ToArray();
        for (var j = 0; j < lower.Length; j++)
        {
            for (var i = j; i < lower.Length; i++)
            {
                var rest = i == j ? 1.0 : 0;
                for (var m = j; m < i; m++) rest -= lower[i][m] * inverse[m][j];
                inverse[i][j] = rest / lower[i][i];
            }
        }
        return inverse;
    }
}
