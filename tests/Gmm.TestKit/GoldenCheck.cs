using System.Globalization;

namespace Gmm.TestKit;

/// <summary>A result that differs from a golden file by more than the file allows.</summary>
public sealed class GoldenMismatchException(string message) : Exception(message);

/// <summary>Compares results with a golden run by the error measures of golden/README.md, against the limits of the case's own file.</summary>
public static class GoldenCheck
{
    /// <summary>Throws unless the result agrees with the run; the message names every measure that failed, its error and its limit.</summary>
    /// <param name="golden">The case.</param>
    /// <param name="run">One of its runs.</param>
    /// <param name="weights">K.</param>
    /// <param name="means">K x D, flat.</param>
    /// <param name="covariances">Compact (see <see cref="Layout"/>).</param>
    /// <param name="trace">Total log-likelihoods in nats, iterations + 1 values.</param>
    /// <param name="iterations">The number of M-steps made.</param>
    /// <param name="converged">Whether the stop rule ended the run.</param>
    /// <param name="responsibilities">N x K under the final parameters, flat, or null to leave them out.</param>
    /// <param name="lastEStepResponsibilities">N x K that the last M-step used, flat, or null to leave them out.</param>
    /// <returns>The errors found, all within the limits.</returns>
    public static GoldenErrors Verify(
        GoldenCase golden, GoldenRun run, double[] weights, double[] means, double[] covariances, double[] trace, int iterations, bool converged,
        double[]? responsibilities = null, double[]? lastEStepResponsibilities = null)
    {
        var expected = run.Expected;
        var failures = new List<string>();
        if (iterations != expected.Iterations)
            failures.Add($"iterations is {iterations}, expected {expected.Iterations}");
        if (converged != expected.Converged)
            failures.Add($"converged is {converged}, expected {expected.Converged}");
        CheckLength("weights", weights, expected.Weights.Length);
        CheckLength("means", means, expected.Means.Length);
        CheckLength("covariances", covariances, expected.Covariances.Length);
        CheckLength("trace", trace, expected.Trace.Length);
        CheckLength("responsibilities", responsibilities, golden.N * golden.K);
        CheckLength("last E-step responsibilities", lastEStepResponsibilities, golden.N * golden.K);
        Report();

        var errors = Measure(golden, run, weights, means, covariances, trace, responsibilities, lastEStepResponsibilities);
        foreach (var ((measure, error), (_, limit)) in errors.Named().Zip(golden.Tolerance.Named()))
        {
            if (!(error <= limit))
                failures.Add(string.Create(CultureInfo.InvariantCulture, $"{measure} error {error:0.00e+0} is above the limit {limit:0.00e+0}"));
        }

        Report();
        return errors;

        void CheckLength(string what, double[]? actual, int length)
        {
            if (actual is not null && actual.Length != length)
                failures.Add($"{what} has {actual.Length} values, expected {length}");
        }

        void Report()
        {
            if (failures.Count > 0)
                throw new GoldenMismatchException($"{golden.Name}, run {run.Id}: {string.Join("; ", failures)}.");
        }
    }

    /// <summary>
    /// The largest error per measure, without judging it. Shapes must be right. Parameters as for
    /// <see cref="Verify"/>; responsibilities that are left out count as error 0.
    /// </summary>
    public static GoldenErrors Measure(
        GoldenCase golden, GoldenRun run, double[] weights, double[] means, double[] covariances, double[] trace,
        double[]? responsibilities = null, double[]? lastEStepResponsibilities = null)
    {
        int n = golden.N, k = golden.K;
        var expected = run.Expected;
        return new GoldenErrors(
            Weights: Largest(weights, expected.Weights, (_, w) => Math.Max(w, 1e-9)),
            Means: MeanError(golden, expected, means),
            Covariances: CovarianceError(golden, expected, covariances),
            LogLikelihood: Math.Abs(trace[^1] / n - expected.MeanLogLikelihood) / Math.Max(1, Math.Abs(expected.MeanLogLikelihood)),
            Trace: Largest(trace, expected.Trace, (_, l) => Math.Max(1, Math.Abs(l))),
            Responsibilities: Math.Max(
                ResponsibilityError(responsibilities, expected.FinalResponsibilities, n, k),
                ResponsibilityError(lastEStepResponsibilities, expected.LastEStepResponsibilities, n, k)));
    }

    // The expected standard deviations are the yardstick for means and covariances: the measures do not depend on the unit of the data.
    private static double MeanError(GoldenCase golden, GoldenExpected expected, double[] means) =>
        Largest(means, expected.Means, (index, _) => Math.Sqrt(Variance(golden, expected, index / golden.D, index % golden.D)));

    private static double CovarianceError(GoldenCase golden, GoldenExpected expected, double[] covariances)
    {
        int d = golden.D;
        var type = golden.CovarianceType;
        var largest = 0.0;
        for (var k = 0; k < golden.K; k++)
        {
            for (var i = 0; i < d; i++)
            {
                for (var j = 0; j < d; j++)
                {
                    var difference = Layout.Entry(type, d, covariances, k, i, j) - Layout.Entry(type, d, expected.Covariances, k, i, j);
                    var scale = Math.Sqrt(Variance(golden, expected, k, i) * Variance(golden, expected, k, j));
                    largest = Math.Max(largest, Math.Abs(difference) / scale);
                }
            }
        }

        return largest;
    }

    private static double Variance(GoldenCase golden, GoldenExpected expected, int k, int i) =>
        Layout.Entry(golden.CovarianceType, golden.D, expected.Covariances, k, i, i);

    private static double ResponsibilityError(double[]? responsibilities, ResponsibilitySums expected, int n, int k)
    {
        if (responsibilities is null)
            return 0;

        var actual = ResponsibilitySums.Of(responsibilities, k);
        double[] errors =
        [
            Largest(actual.SumK, expected.SumK, (_, _) => n),
            Largest(actual.RampK, expected.RampK, (_, _) => n),
            Math.Abs(actual.SumSquares - expected.SumSquares) / n,
            Largest(actual.FirstRows, expected.FirstRows, (_, _) => 1),
        ];
        return errors.Aggregate(Math.Max);
    }

    // Math.Max keeps a NaN, and a NaN is within no limit.
    private static double Largest(double[] actual, double[] expected, Func<int, double, double> scale) =>
        actual.Select((value, index) => Math.Abs(value - expected[index]) / scale(index, expected[index])).Aggregate(0.0, Math.Max);
}
