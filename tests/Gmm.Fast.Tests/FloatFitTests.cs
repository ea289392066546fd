using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>
/// Compares fits of float data with fits of the same numbers as doubles. The unit is 2^-24, half the distance of two floats at 1. A point's exponent
/// has an error of about D units of either sign, and its deviations have one of a unit. Means over many points cancel most of them, so the parameters
/// differ by a few units of their own scale for any D. The log-likelihood of a point, about -1.5 D here, differs by units times D.
/// </summary>
public class FloatFitTests
{
    private const double Unit = 1.0 / (1 << 24);

    public static TheoryData<string, int> Shapes()
    {
        var shapes = new TheoryData<string, int>();
        foreach (var type in Layout.CovarianceTypes)
        {
            foreach (var d in (int[])[1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 33]) shapes.Add(type, d);
        }
        return shapes;
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void WeightsSumToOneSoThatModelsCanBeReadAgain(string type)
    {
        foreach (var (n, d, k) in ((int, int, int)[])[(1000, 1, 2), (1000, 3, 2), (2500, 2, 5), (20_000, 2, 2)])
        {
            var problem = Blobs.Build(seed: n + d, n, d, k, separation: 1);
            var options = new FitOptions { Components = k, CovarianceType = Adapters.Type(type), MaxIterations = 7, Stop = StopRule.FixedCount };
            var model = MixtureFit.Fit(new Points(Measures.To<float>(problem.Data), d), options).Model;
            Assert.Equal(1, model.Weights.ToArray().Sum(), 1e-14);
            Assert.Equal(model.ToJson(), GaussianMixture.FromJson(model.ToJson()).ToJson());
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ParametersAgreeWithThoseOfDoublesToAFewUnits(string type, int d)
    {
        var problem = Blobs.Build(seed: 200 + d, n: 2500, d, k: 3, type, separation: 1).RoundedTo<float>();
        var data = Measures.To<float>(problem.Data);
        foreach (var iterations in (int[])[1, 4])
        {
            var (expected, actual) = (problem.Fit(iterations), MixtureFit.Fit(new Points(data, d), problem.Options(iterations)));
            Assert.Equal(expected.Status, actual.Status);
            Assert.InRange(Distance.Of(expected.Model, actual.Model).Largest, 0, 16 * Unit);
            for (var t = 0; t <= iterations; t++) Assert.InRange(Math.Abs(expected.Trace[t] - actual.Trace[t]), 0, 4 * Unit * d * problem.N);
        }
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void AStartWithoutAModelIsThatOfDoubles(string type)
    {
        var problem = Blobs.Build(seed: 41, n: 3000, d: 3, k: 3, type, separation: 3).RoundedTo<float>();
        var data = Measures.To<float>(problem.Data);
        foreach (var start in Enum.GetValues<StartMethod>())
        {
            var options = problem.Options(iterations: 0) with { InitialModel = null, Start = start, Seed = 5 };
            Measures.SameBits(MixtureFit.Fit(new Points(problem.Data, 3), options).Model, MixtureFit.Fit(new Points(data, 3), options).Model);
        }
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void DataFarFromZeroComeOutRight(string type)
    {
        // Numbers at 10,000 are multiples of 2^-10. The kernels see means that are rounded to them, by up to 2^-11 of a standard deviation, but
        // moments are taken about those rounded means: what is left is the effect on the responsibilities, which the sum mostly cancels.
        var problem = Blobs.Build(seed: 31, n: 5000, d: 3, k: 2, type, separation: 2, condition: 3, shift: 1e4).RoundedTo<float>();
        var data = Measures.To<float>(problem.Data);
        foreach (var iterations in (int[])[1, 10])
        {
            var (expected, actual) = (problem.Fit(iterations), MixtureFit.Fit(new Points(data, 3), problem.Options(iterations)));
            Assert.InRange(Distance.Of(expected.Model, actual.Model).Largest, 0, 1e-5);
            Assert.InRange(Math.Abs(expected.TotalLogLikelihood - actual.TotalLogLikelihood), 0, 1e-5 * problem.N);
        }

        // One component has no responsibilities to get wrong.
        problem = Blobs.Build(seed: 32, n: 5000, d: 3, k: 1, type, separation: 0, shift: 1e4).RoundedTo<float>();
        var one = MixtureFit.Fit(new Points(Measures.To<float>(problem.Data), 3), problem.Options(2));
        Assert.InRange(Distance.Of(problem.Fit(2).Model, one.Model).Largest, 0, 8 * Unit);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void AFarStartCostsNoMoreThanThreeDigits(string type)
    {
        // Beyond a ratio of 1000 of the moments about center and mean, they are taken again; just below it, they are as they are.
        var problem = Blobs.Build(seed: 33, n: 3000, d: 2, k: 1, type, separation: 0, condition: 1).RoundedTo<float>();
        var data = Measures.To<float>(problem.Data);
        foreach (var distance in (double[])[3, 10, 20, 100, 1e4, 1e6])
        {
            var start = problem with { Means = [distance, distance] };
            var error = Distance.Of(start.Fit(1).Model, MixtureFit.Fit(new Points(data, 2), start.Options(1)).Model).Largest;
            Assert.InRange(error, 0, 1000 * 16 * Unit);
        }
    }

    [Theory]
    [InlineData("full", 0.5)]
    [InlineData("full", 0.1)]
    [InlineData("tied", 0.1)]
    [InlineData("tied", -1e-5)]
    [InlineData("diag", -1e-5)]
    [InlineData("diag", 300.7)]
    [InlineData("tied-diag", -1e-5)]
    [InlineData("tied-diag", 300.7)]
    public void AConstantColumnHasNoVariance(string type, double constant)
    {
        var problem = Blobs.Build(seed: 3, n: 50, d: 2, k: 2, type);
        for (var i = 0; i < 50; i++) problem.Data[2 * i + 1] = constant;
        var data = Measures.To<float>(problem.Data);
        var fit = MixtureFit.Fit(new Points(data, 2), problem.Options(5));
        Assert.Equal((FitStatus.Collapsed, 0), (fit.Status, fit.Iterations));
        Assert.Contains("in iteration 1: pivot 1 is 0", fit.Failure);
        Assert.Equal(FitStatus.MaxIterations, MixtureFit.Fit(new Points(data, 2), problem.Options(5, regularization: 1e-6)).Status);
    }

    [Theory]
    [InlineData(1e10f, 2e10f, 3e10f)]
    [InlineData(1e10f)]
    public void PointsOutOfReachOfTheInitialModelAreRefused(params float[] points)
    {
        // Squared distances are infinite as floats, not as doubles.
        var initial = new GaussianMixture(CovarianceType.Spherical, 1, [1], [0], [1e-30]);
        var options = new FitOptions { Components = 1, CovarianceType = CovarianceType.Spherical, InitialModel = initial };
        var refusal = Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points(points, 1), options));
        Assert.StartsWith("the log-likelihood of the initial parameters is out of range", refusal.Message);
    }
}
