namespace Gmm.TestKit;

/// <summary>One run of a golden case: what to do and what must come out.</summary>
/// <param name="Id">The name of the run inside its case.</param>
/// <param name="Stop"><c>fixed</c>, <c>total_ll</c> or <c>mean_ll</c>, as explained in golden/README.md.</param>
/// <param name="MaxIterations">The largest number of iterations; for <c>fixed</c> the exact one.</param>
/// <param name="Threshold"><c>thresh</c> or <c>tol</c> of the stop rule; 0 for <c>fixed</c>.</param>
/// <param name="Expected">The result in exact arithmetic, rounded to double.</param>
public sealed record GoldenRun(string Id, string Stop, int MaxIterations, double Threshold, GoldenExpected Expected)
{
    /// <inheritdoc/>
    public override string ToString() => Id;
}

/// <summary>What must come out of one run.</summary>
/// <param name="Iterations">The number of M-steps.</param>
/// <param name="Converged">False for <c>fixed</c>, and when the iteration limit ended the run.</param>
/// <param name="MeanLogLikelihood">Nats per row, under the final parameters.</param>
/// <param name="TotalLogLikelihood">Nats, under the final parameters.</param>
/// <param name="Trace">Total log-likelihoods, <paramref name="Iterations"/> + 1 values from the initial parameters on.</param>
/// <param name="Weights">K.</param>
/// <param name="Means">K x D, flat.</param>
/// <param name="Covariances">Compact.</param>
/// <param name="FinalResponsibilities">Checksums under the final parameters.</param>
/// <param name="LastEStepResponsibilities">Checksums of what the last M-step used.</param>
/// <param name="SklearnLowerBound">Nats per row seen by the last E-step; only in <c>mean_ll</c> runs.</param>
public sealed record GoldenExpected(
    int Iterations,
    bool Converged,
    double MeanLogLikelihood,
    double TotalLogLikelihood,
    double[] Trace,
    double[] Weights,
    double[] Means,
    double[] Covariances,
    ResponsibilitySums FinalResponsibilities,
    ResponsibilitySums LastEStepResponsibilities,
    double? SklearnLowerBound);

/// <summary>Checksums of N x K responsibilities r.</summary>
/// <param name="SumK">K column sums of r.</param>
/// <param name="RampK">K column sums of r_nk n/N with n = 1..N, which notice a change of order.</param>
/// <param name="SumSquares">The sum of all r^2.</param>
/// <param name="FirstRows">The first (at most three) rows, flat.</param>
public sealed record ResponsibilitySums(double[] SumK, double[] RampK, double SumSquares, double[] FirstRows)
{
    /// <summary>The checksums of given responsibilities.</summary>
    /// <param name="responsibilities">N x K, flat.</param>
    /// <param name="k">The number of columns.</param>
    public static ResponsibilitySums Of(double[] responsibilities, int k)
    {
        var n = responsibilities.Length / k;
        double[] sum = new double[k], ramp = new double[k];
        for (var index = 0; index < responsibilities.Length; index++)
        {
            sum[index % k] += responsibilities[index];
            ramp[index % k] += responsibilities[index] * (index / k + 1) / n;
        }

        return new ResponsibilitySums(sum, ramp, responsibilities.Sum(r => r * r), responsibilities[..(Math.Min(3, n) * k)]);
    }
}

/// <summary>One number per error measure of golden/README.md: limits, or errors found.</summary>
/// <param name="Weights">|w - w*| / max(w*, 1e-9).</param>
/// <param name="Means">|mu - mu*| / sqrt(S*_ii).</param>
/// <param name="Covariances">|S_ij - S*_ij| / sqrt(S*_ii S*_jj).</param>
/// <param name="LogLikelihood">|mean - mean*| / max(1, |mean*|) of the log-likelihood per row.</param>
/// <param name="Trace">The same on the totals of the trace.</param>
/// <param name="Responsibilities">|sum - sum*| / N for the checksums, |r - r*| for the first rows.</param>
public readonly record struct GoldenErrors(
    double Weights, double Means, double Covariances, double LogLikelihood, double Trace, double Responsibilities)
{
    /// <summary>The larger of two, measure by measure; a NaN stays.</summary>
    public GoldenErrors Max(GoldenErrors other) => new(
        Math.Max(Weights, other.Weights), Math.Max(Means, other.Means), Math.Max(Covariances, other.Covariances),
        Math.Max(LogLikelihood, other.LogLikelihood), Math.Max(Trace, other.Trace), Math.Max(Responsibilities, other.Responsibilities));

    /// <summary>The measures by name, in the order of the files.</summary>
    public IEnumerable<(string Measure, double Value)> Named() =>
    [
        ("weights", Weights), ("means", Means), ("covariances", Covariances), ("ll", LogLikelihood), ("trace", Trace), ("resp", Responsibilities),
    ];

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Named().Select(m => FormattableString.Invariant($"{m.Measure} {m.Value:0.0e+0}")));
}
