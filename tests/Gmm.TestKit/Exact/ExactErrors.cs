namespace Gmm.TestKit.Exact;

/// <summary>
/// How far parameters in doubles are from exact ones, component by component in units of its own spread. The largest over all components and features.
/// </summary>
/// <param name="Weights">|w - w*| / max(w*, 1e-300).</param>
/// <param name="Means">
/// |mu - mu*| / sqrt(S*_ii), less half a unit in the last place of mu*: a mean of 1e8 cannot be stored closer than 7e-9, whatever computed it.
/// </param>
/// <param name="Covariances">|S_ij - S*_ij| / sqrt(S*_ii S*_jj).</param>
/// <param name="LogLikelihood">|ll - ll*| over the sum of |log-density| of the points, at least 1; 0 where it was not compared.</param>
public readonly record struct ExactErrors(double Weights, double Means, double Covariances, double LogLikelihood = 0)
{
    private static readonly BigReal s_leastWeight = 1e-300;

    /// <summary>The largest of all; NaN stays.</summary>
    public double Largest => Math.Max(Math.Max(Weights, Means), Math.Max(Covariances, LogLikelihood));

    /// <summary>The larger of two, measure by measure.</summary>
    public ExactErrors Max(ExactErrors other) => new(
        Math.Max(Weights, other.Weights), Math.Max(Means, other.Means), Math.Max(Covariances, other.Covariances),
        Math.Max(LogLikelihood, other.LogLikelihood));

    /// <summary>Compares parameters; numbers that are not finite count as infinitely wrong.</summary>
    /// <param name="expected">The exact mixture.</param>
    /// <param name="weights">[K].</param>
    /// <param name="means">[K x D].</param>
    /// <param name="covariances">Compact (see <see cref="Layout"/>).</param>
    public static ExactErrors Of(ExactMixture expected, ReadOnlySpan<double> weights, ReadOnlySpan<double> means, ReadOnlySpan<double> covariances)
    {
        var (d, compact) = (expected.Dimension, covariances.ToArray());
        double weightError = 0, meanError = 0, covarianceError = 0;
        for (var k = 0; k < expected.Components; k++)
        {
            weightError = Math.Max(weightError, Ratio(weights[k], expected.Weights[k], BigReal.Max(expected.Weights[k], s_leastWeight)));
            var spreads = Enumerable.Range(0, d).Select(i => BigReal.Sqrt(expected.Covariances[k][i][i])).ToArray();
            for (var i = 0; i < d; i++)
            {
                var exact = expected.Means[k][i];
                var magnitude = Math.Abs((double)exact);
                BigReal half = (Math.BitIncrement(magnitude) - magnitude) / 2;
                meanError = Math.Max(meanError, Ratio(means[k * d + i], exact, spreads[i], half));
                for (var j = 0; j <= i; j++)
                {
                    var entry = Layout.Entry(expected.CovarianceType, d, compact, k, i, j);
                    covarianceError = Math.Max(covarianceError, Ratio(entry, expected.Covariances[k][i][j], spreads[i] * spreads[j]));
                }
            }
        }
        return new ExactErrors(weightError, meanError, covarianceError);
    }

    /// <summary>The error of a total log-likelihood.</summary>
    public static double OfLogLikelihood(ExactEStep expected, double logLikelihood) =>
        Ratio(logLikelihood, expected.LogLikelihood, BigReal.Max(expected.Magnitude, 1));

    /// <summary>The largest absolute error of responsibilities.</summary>
    /// <param name="expected">The exact E-step.</param>
    /// <param name="responsibilities">N x K, flat.</param>
    public static double OfResponsibilities(ExactEStep expected, ReadOnlySpan<double> responsibilities)
    {
        var k = expected.Responsibilities[0].Length;
        double worst = 0;
        for (var index = 0; index < responsibilities.Length; index++)
            worst = Math.Max(worst, Ratio(responsibilities[index], expected.Responsibilities[index / k][index % k], 1));
        return worst;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"weights {Weights:0.0e+0}, means {Means:0.0e+0}, covariances {Covariances:0.0e+0}, ll {LogLikelihood:0.0e+0}");

    private static double Ratio(double actual, BigReal expected, BigReal scale, BigReal allowance = default) =>
        double.IsFinite(actual) ? Math.Max(0, (double)((BigReal.Abs(actual - expected) - allowance) / scale)) : double.PositiveInfinity;
}
