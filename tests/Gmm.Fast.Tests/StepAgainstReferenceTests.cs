using CsCheck;
using Gmm.Reference;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>
/// Compares one EM step of the engine with the textbook, on generated problems.
/// Problems are well posed: means up to about 40 and standard deviations from 0.01 up keep the rounding of a stored mean below 1e-12 standard
/// deviations (larger offsets have tests of their own). Every component is responsible for at least 1e-3 of a point, since a covariance of fewer has
/// no digits. Where the new covariance is singular or nearly so without regularization (fewer points than dimensions), the step has regularization.
/// The textbook's sums run over x itself and lose digits where |mean| is many standard deviations. So data and means lie on a grid of 2^-24,
/// where x - mean is exact, and the textbook's M-step gets them about the current mean of each component in turn.
/// </summary>
public class StepAgainstReferenceTests
{
    private const double Grid = 1 << 24;

    private static Gen<(MixtureProblem Problem, double Regularization)> Problems(string type) => Gen.Select(
        Gen.Int[1, 300], Gen.Int[1, 12], Gen.Int[1, 6], Gen.Double[0, 10], Gen.Double[0, 3], Gen.OneOf(0.0, 0, 1e-6, 1e-3, 0.1), Gen.Int[0, 1 << 20],
        (n, d, k, separation, condition, regularization, seed) =>
        {
            var problem = Blobs.Build(seed, n, d, k, type, separation, Math.Pow(10, condition));
            return (problem with { Data = OnGrid(problem.Data), Means = OnGrid(problem.Means) }, regularization);
        });

    [Theory]
    [ClassData(typeof(EveryType))]
    public void OneStepAgreesWithTheTextbook(string type)
    {
        int total = 0, compared = 0;
        double worst = 0;
        Problems(type).Sample((problem, regularization) =>
        {
            Interlocked.Increment(ref total);
            var reference = problem.Reference();
            var (responsibilities, logLikelihood) = ReferenceEm.EStep(problem.Rows, reference);
            var counts = Enumerable.Range(0, problem.K).Select(k => responsibilities.Sum(r => r[k])).ToArray();
            if (counts.Min() < 1e-3) return;

            var expected = AboutMeans(problem, reference, responsibilities, regularization);
            if (expected.Covariances.Min(RelativePivot) < 1e-4)
            {
                regularization = Math.Max(regularization, 0.01);
                expected = AboutMeans(problem, reference, responsibilities, regularization);
            }
            Interlocked.Increment(ref compared);

            var fit = problem.Fit(1, regularization);
            var distance = Distance.Of(expected.Weights, expected.Means, expected.Covariances, fit.Model, problem.Means);
            var likelihood = Measures.Relative(logLikelihood, fit.Trace[0]);
            lock (this) worst = Math.Max(worst, Math.Max(distance.Largest, likelihood));
            Assert.Equal(FitStatus.MaxIterations, fit.Status);
            Assert.True(distance.Largest <= 1e-12 && likelihood <= 1e-12, $"{distance}, log-likelihood {likelihood}, regularization {regularization}");
        }, iter: 300);
        TestContext.Current.TestOutputHelper?.WriteLine($"{compared} of {total} well posed, worst {worst:0.0e+0}");
        Assert.True(compared > 0.6 * total, $"only {compared} of {total} problems were well posed");
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void ResponsibilitiesAgreeWithTheTextbookAndSumToOne(string type)
    {
        double worst = 0, worstSum = 0;
        Blobs.Generator(type).Sample(problem =>
        {
            var expected = ReferenceEm.Responsibilities(problem.Rows, problem.Reference());
            var joint = ReferenceEm.LogJoint(problem.Rows, problem.Reference());
            var actual = new double[problem.N * problem.K];
            problem.Model().Responsibilities(new Points(problem.Data, problem.D), actual);
            for (var i = 0; i < problem.N; i++)
            {
                double sum = 0;
                for (var k = 0; k < problem.K; k++)
                {
                    var r = actual[i * problem.K + k];
                    sum += r;

                    // The exponent carries its own size as an absolute error: q of 1e7 is known to 1e-9 only, by either program.
                    var exponents = 1 + (expected[i][k] == 0 ? 0 : Math.Abs(joint[i][k]));
                    var error = Math.Abs(r - expected[i][k]) / exponents;
                    lock (this) worst = Math.Max(worst, error);
                    Assert.InRange(r, 0, 1);
                    Assert.True(error <= 1e-12, $"r[{i},{k}] is {r:R}, expected {expected[i][k]:R}");
                }
                lock (this) worstSum = Math.Max(worstSum, Math.Abs(sum - 1));
                Assert.True(Math.Abs(sum - 1) <= 1e-15 * problem.K, $"responsibilities of point {i} sum to {sum:R}");
            }
        }, iter: 200);
        TestContext.Current.TestOutputHelper?.WriteLine($"worst {worst:0.0e+0}, sums {worstSum:0.0e+0}");
    }

    private static double[] OnGrid(double[] values) => Array.ConvertAll(values, x => Math.Round(x * Grid) / Grid);

    // The textbook's M-step with component k's data and result measured from the current mean of k.
    private static ReferenceMixture AboutMeans(MixtureProblem problem, ReferenceMixture reference, double[][] responsibilities, double regularization)
    {
        var steps = reference.Means.Select(mean =>
        {
            var shifted = problem.Rows.Select(row => row.Select((x, j) => x - mean[j]).ToArray()).ToArray();
            return ReferenceEm.MStep(shifted, reference, responsibilities, regularization);
        }).ToArray();
        return reference with
        {
            Weights = steps[0].Weights,
            Means = [.. steps.Select((step, k) => step.Means[k])],
            Covariances = [.. steps.Select((step, k) => step.Covariances[k])],
        };
    }

    /// <summary>The smallest Cholesky pivot over its diagonal entry: 1 minus the largest squared multiple correlation; 0 for singular.</summary>
    private static double RelativePivot(double[][] matrix)
    {
        if (matrix.Where((row, i) => row[i] < 1e-4).Any()) return 0;
        try
        {
            var factor = ReferenceCholesky.Factor(matrix);
            return factor.Select((row, i) => row[i] * row[i] / matrix[i][i]).Min();
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }
}
