using Gmm.TestKit;
using Gmm.TestKit.Exact;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>
/// Bounds the rounding of an E-step in doubles, to first order in u, for every l = ln (weight density), from the formulas of the engine and the
/// errors of their steps (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed.; W = L^-1, z = W (x - mu), g = W^T z):
///   Cholesky, theorem 10.3: the factor is that of a matrix within (D+1) u |L| |L^T|:   q moves by (D+1) u ||L^T| |g||^2,
///     ln |Sigma| by (D+1) u sum |Sigma^-1| (|L| |L^T|);
///   inversion of L, section 14.2.1: within D u |W| |L| |W|:                            q moves by 2 D u |z| |W| |L| |W| |x - mu|;
///   z from rounded deviations and products:                                            q moves by 2 (D+2) u |z| |W| |x - mu|;
///   squares and their sum: (D+2) u q;   logarithms: (D+3) u sum |ln L_ii| + 4 u |ln weight|;   l itself: u |l|;
///   to base 2: u more of every logarithm, and u/4 of q (log2 e in doubles is that near); back again, for the log-likelihood: 2 u |l|.
/// Where a tied covariance whitens points once, z = W (x - c) - W (mu - c) has the rounding of both. Nothing is fitted: the constants are those of
/// the theorems, and the condition enters through |W| |L| alone.
/// </summary>
internal sealed class ExpectationBound
{
    private const double U = 1.0 / (1L << 53);

    // 64.5 ln 2, from where on responsibilities are 0 by definition.
    private const double Cut = 44.70799314611645;

    // Beyond this error of a logarithm nothing of first order is left to say of a responsibility.
    private const double Known = 0.1;

    private readonly double[][] _terms;
    private readonly double[][] _errors;

    public ExpectationBound(MixtureProblem start, ExactEStep step)
    {
        var exact = ExactMixture.From(start);
        var factors = Enumerable.Range(0, start.K).Select(k => ScaledFactor.Of(exact, k)!).ToArray();
        _terms = [.. step.LogTerms.Select(row => Array.ConvertAll(row, l => l is null ? double.NegativeInfinity : (double)l.Value))];
        _errors = [.. start.Rows.Select((x, n) => Enumerable.Range(0, start.K).Select(k =>
            double.IsFinite(_terms[n][k]) ? ErrorOfTerm(start, factors[k], x, k) + U * Math.Abs(_terms[n][k]) : 0).ToArray())];
        Responsibilities = [.. step.Responsibilities.Select((r, n) => Row(Array.ConvertAll(r, x => (double)x), n))];
        LogLikelihood = Enumerable.Range(0, start.N).Sum(n =>
            Relevant(n).Max(k => _errors[n][k] + (start.N + 10) * U * (Math.Abs(_terms[n][k]) + start.K)));
    }

    /// <summary>[N][K]: of the responsibilities, absolute; 1 where the logarithms are not known well enough to say anything.</summary>
    public double[][] Responsibilities { get; }

    /// <summary>Of the total log-likelihood, absolute.</summary>
    public double LogLikelihood { get; }

    // r_k = e^(l_k) / sum e^(l_j): dr_k = r_k ((1 - r_k) dl_k - sum over the others r_j dl_j), with e^Known for what is not of first order, the
    // rounding of l_k - max, of the exponential and of the sum, and 2^-63 for what lies on the edge of the cut.
    private double[] Row(double[] r, int n)
    {
        var relevant = Relevant(n).ToArray();
        if (relevant.Length > 1 && relevant.Any(k => _errors[n][k] > Known)) return Array.ConvertAll(r, _ => 1.0);
        var mean = relevant.Sum(k => r[k] * _errors[n][k]);
        var largest = _terms[n].Max();
        return [.. r.Select((share, k) =>
            Array.IndexOf(relevant, k) < 0 ? 0
            : share * (1.25 * ((1 - 2 * share) * _errors[n][k] + mean) + U * (largest - _terms[n][k] + r.Length + 8)) + Math.ScaleB(1, -63))];
    }

    // Components that may have a share of the point.
    private IEnumerable<int> Relevant(int n)
    {
        var (terms, errors) = (_terms[n], _errors[n]);
        var least = terms.Zip(errors, (l, e) => l - e).Max() - Cut - 1;
        return Enumerable.Range(0, terms.Length).Where(k => terms[k] + errors[k] >= least);
    }

    private static double ErrorOfTerm(MixtureProblem start, ScaledFactor factor, double[] x, int k)
    {
        int d = start.D;
        double Scaled(double value, int j) => value / factor.Spreads[j];
        var deviation = x.Select((value, j) => Scaled(value - start.Means[k * d + j], j)).ToArray();
        var (lower, inverse) = (factor.Lower, factor.Inverse);
        var z = Times(inverse, deviation);
        var g = TimesTransposed(inverse, z);
        double[] size = Absolute(z), sizes = Times(Absolute(inverse), Absolute(deviation));
        var q = z.Sum(value => value * value);
        var cholesky = (d + 1) * TimesTransposed(Absolute(lower), Absolute(g)).Sum(value => value * value);
        var inversion = 2 * d * Dot(size, Times(Absolute(inverse), Times(Absolute(lower), sizes)));
        var products = 2 * (d + 2) * Dot(size, sizes);
        if (start.CovarianceType == "tied" && Center(start, inverse, Scaled) is { } center)
        {
            var point = Times(Absolute(inverse), [.. x.Select((value, j) => Math.Abs(Scaled(value - center[j], j)))]);
            var mean = Times(Absolute(inverse), [.. center.Select((value, j) => Math.Abs(Scaled(start.Means[k * d + j] - value, j)))]);
            products += 2 * (d + 3) * Dot(size, [.. point.Zip(mean, (a, b) => a + b)]);
        }
        var logs = lower.Select((row, i) => Math.Abs(Math.Log(row[i]) + Math.Log(factor.Spreads[i]))).Sum();
        var half = (cholesky + inversion + products + (d + 2.25) * q + (d + 1) * Trace(lower, inverse)) / 2;
        return U * (half + (d + 4) * (logs + d) + 5 * Math.Abs(Math.Log(start.Weights[k])));
    }

    // The mean of the mixture in floats, about which points are whitened where no mean is further than 64 standard deviations from it.
    private static double[]? Center(MixtureProblem start, double[][] inverse, Func<double, int, double> scaled)
    {
        var center = Enumerable.Range(0, start.D).Select(j => start.MeanRows.Select((mean, k) => start.Weights[k] * mean[j]).Sum()).ToArray();
        center = Array.ConvertAll(center, c => float.IsFinite((float)c) ? (float)c : c);
        var furthest = start.MeanRows.Max(mean => Times(inverse, [.. mean.Select((value, j) => scaled(value - center[j], j))]).Max(Math.Abs));
        return furthest < 65 ? center : null;
    }

    // sum |Sigma^-1| (|L| |L^T|), Sigma^-1 = W^T W.
    private static double Trace(double[][] lower, double[][] inverse)
    {
        double sum = 0;
        for (var i = 0; i < lower.Length; i++)
        {
            for (var j = 0; j < lower.Length; j++)
                sum += Math.Abs(inverse.Sum(row => row[i] * row[j])) * Dot(Absolute(lower[i]), Absolute(lower[j]));
        }
        return sum;
    }

    private static double[] Absolute(double[] vector) => Array.ConvertAll(vector, Math.Abs);

    private static double[][] Absolute(double[][] matrix) => Array.ConvertAll(matrix, Absolute);

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double[] Times(double[][] matrix, double[] vector) => Array.ConvertAll(matrix, row => Dot(row, vector));

    private static double[] TimesTransposed(double[][] matrix, double[] vector) =>
        [.. vector.Select((_, j) => matrix.Select((row, i) => row[j] * vector[i]).Sum())];
}
