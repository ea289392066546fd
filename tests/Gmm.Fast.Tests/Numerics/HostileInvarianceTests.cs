using Gmm.TestKit;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>Checks, to the last bit, the invariants of fits of hostile problems.</summary>
public class HostileInvarianceTests
{
    private const double U = 1.0 / (1L << 53);

    [Fact]
    public void UnitsThatArePowersOfTwoChangeUnitsOnly()
    {
        int same = 0, total = 0;
        HostileCases.ForEach(1000, HostileProblems.Draw, problem =>
        {
            var (start, d) = (problem.Start, problem.Start.D);
            var random = new Random(problem.Seed);
            var common = random.Next(-20, 21);
            var free = !Layout.IsSpherical(start.CovarianceType) && problem.Regularization == 0;
            var exponents = Enumerable.Range(0, d).Select(_ => free ? random.Next(-20, 21) : common).ToArray();
            if (start.Data.Any(x => Math.Abs(x) is > 0 and < 1e-290)) return;
            var scaled = Scaled(start, exponents);

            double[] distances = new double[start.N * start.K], scaledDistances = new double[start.N * start.K];
            start.Model().MahalanobisDistances(new Points(start.Data, d), distances);
            scaled.Model().MahalanobisDistances(new Points(scaled.Data, d), scaledDistances);
            Measures.SameBits(distances, scaledDistances, "distances");

            // ln 2 in a log-normalizer rounds, so responsibilities may differ; where they do not, nothing else does.
            total++;
            if (!Responsibilities(start).AsSpan().SequenceEqual(Responsibilities(scaled))) return;
            same++;
            var (plain, other) = (start.Fit(1, problem.Regularization), scaled.Fit(1, Math.ScaleB(problem.Regularization, 2 * common)));
            Assert.Equal(plain.Status, other.Status);
            var expected = start with { Weights = [.. plain.Model.Weights], Means = [.. plain.Model.Means], Covariances = [.. plain.Model.Covariances] };
            expected = Scaled(expected, exponents);
            Measures.SameBits(expected.Weights, other.Model.Weights, "weights");
            Measures.SameBits(expected.Means, other.Model.Means, "means");
            Measures.SameBits(expected.Covariances, other.Model.Covariances, "covariances");
        });
        HostileCases.Write($"distances of {total}, steps of {same} are the same");
        if (HostileCases.AreUsual) Assert.InRange(same, total / 2, total);
    }

    [Fact]
    public void FirstAndSecondComponentMayChangePlaces() => HostileCases.ForEach(1000, HostileProblems.Draw, problem =>
    {
        // A sum begins with these two, whichever is first: the only exchange that no addition sees.
        var start = problem.Start;
        if (start.K == 1) return;
        var (plain, other) = (start.Fit(3, problem.Regularization), Exchanged(start).Fit(3, problem.Regularization));
        Assert.Equal(plain.Status, other.Status);
        Measures.SameBits(plain.Trace, other.Trace, "trace");
        var model = plain.Model;
        var expected = Exchanged(start with { Weights = [.. model.Weights], Means = [.. model.Means], Covariances = [.. model.Covariances] });
        Measures.SameBits(expected.Model(), other.Model);
    });

    [Fact]
    public void ComponentsThatAreTheSameStayTheSame() => HostileCases.ForEach(1000, HostileProblems.Draw, problem =>
    {
        var (start, d) = (problem.Start, problem.Start.D);
        double[] Twice(double[] values, int each) => [.. values, .. values[..each]];
        var half = Twice(start.Weights, 1);
        half[0] = half[^1] = half[0] / 2;
        var each = Layout.CompactLength(start.CovarianceType, 2, d) - Layout.CompactLength(start.CovarianceType, 1, d);
        var twins = start with { K = start.K + 1, Weights = half, Means = Twice(start.Means, d), Covariances = Twice(start.Covariances, each) };
        var model = twins.Fit(3, problem.Regularization).Model;
        Measures.SameBits([model.Weights[0]], [model.Weights[start.K]], "weight");
        Measures.SameBits(model.Mean(0), model.Mean(start.K), "mean");
        Measures.SameBits(model.Expand(0), model.Expand(start.K), "covariance");
    });

    [Fact]
    public void TwoThreadsGiveTheBitsOfOne()
    {
        // Enough copies of the points for several shards, and for a second thread to be woken.
        const int Work = 120_000;
        HostileCases.ForEach(30, HostileProblems.Draw, problem =>
        {
            var start = problem.Start;
            var times = 1 + Math.Max(Work / (start.N * start.D * start.K), 2000 / start.N);
            var many = start with { N = times * start.N, Data = [.. Enumerable.Repeat(start.Data, times).SelectMany(x => x)] };
            Measures.SameBits(many.Fit(2, problem.Regularization), many.Fit(2, problem.Regularization, threads: 2));
        });
    }

    [Fact]
    public void ParametersAreFiniteAndWeightsSumToOne() => HostileCases.ForEach(1000, HostileProblems.Draw, problem =>
    {
        var fit = problem.Start.Fit(20, problem.Regularization);
        foreach (var likelihood in fit.Trace) Assert.True(double.IsFinite(likelihood), $"log-likelihood {likelihood:R}");
        foreach (var number in (double[])[.. fit.Model.Means, .. fit.Model.Covariances]) Assert.True(double.IsFinite(number), $"{number:R}");
        foreach (var weight in fit.Model.Weights) Assert.InRange(weight, 0, 1);

        // Counts of N responsibilities in 8 partial sums, each row of K summing to 1 but for its own rounding.
        var sum = fit.Model.Weights.ToArray().Sum();
        Assert.InRange(Math.Abs(sum - 1), 0, (problem.Start.N / 8.0 + 8 + 3 * problem.Start.K) * U);
    });

    private static double[] Responsibilities(MixtureProblem start)
    {
        var responsibilities = new double[start.N * start.K];
        start.Model().Responsibilities(new Points(start.Data, start.D), responsibilities);
        return responsibilities;
    }

    private static MixtureProblem Exchanged(MixtureProblem problem)
    {
        double[] Exchange(double[] values, int each) => [.. values[each..(2 * each)], .. values[..each], .. values[(2 * each)..]];
        var each = problem.Covariances.Length / problem.K;
        return problem with
        {
            Weights = Exchange(problem.Weights, 1),
            Means = Exchange(problem.Means, problem.D),
            Covariances = Layout.IsShared(problem.CovarianceType) ? problem.Covariances : Exchange(problem.Covariances, each),
        };
    }

    private static MixtureProblem Scaled(MixtureProblem problem, int[] exponents)
    {
        var d = problem.D;
        double[] Columns(double[] rows) => [.. rows.Select((x, i) => Math.ScaleB(x, exponents[i % d]))];
        return problem with
        {
            Data = Columns(problem.Data),
            Means = Columns(problem.Means),
            Covariances = [.. problem.Covariances.Select((x, i) => Math.ScaleB(x, problem.CovarianceType switch
            {
                "full" or "tied" => exponents[i / d % d] + exponents[i % d],
                "diag" or "tied-diag" => 2 * exponents[i % d],
                "spherical" or "tied-spherical" => 2 * exponents[0],
                _ => throw Layout.Unknown(problem.CovarianceType),
            }))],
        };
    }
}
