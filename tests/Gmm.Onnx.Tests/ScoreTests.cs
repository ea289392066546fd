using Gmm.Fast;
using Gmm.TestKit;

namespace Gmm.Onnx.Tests;

/// <summary>Compares the scores of exported models in ONNX Runtime with those of the engine.</summary>
public class ScoreTests
{
    private const double Doubles = 1e-12;
    private const double Floats = 1e-5;

    // Half the distance of neighboring floats of size 1, and what doubles differ by.
    private const double Rounding = 5.97e-8;

    public static MatrixTheoryData<string, (int N, int D, int K)> Shapes { get; } =
        new(Layout.CovarianceTypes, [(40, 1, 1), (40, 1, 3), (40, 3, 1), (1, 3, 2), (600, 5, 4), (40, 33, 9)]);

    public static TheoryData<string> Types { get; } = [.. Layout.CovarianceTypes];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void DoublesAreThoseOfTheEngine(string type, (int N, int D, int K) shape)
    {
        var problem = Problem.Of(type, shape.N, shape.D, shape.K, shift: 1000);
        AssertClose(PointScores.Of(problem.Model, problem.Points), Runtime.Score(problem.Model.ToOnnx(), problem.Points, shape.D), Doubles);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void FloatsAreThoseOfTheEngine(string type, (int N, int D, int K) shape)
    {
        // So far from the origin that a float of the mean leaves out much of a standard deviation.
        var problem = Problem.Of(type, shape.N, shape.D, shape.K, shift: 1e5);
        var expected = PointScores.Of(problem.Model, [.. problem.Floats.Select(x => (double)x)]);
        AssertClose(expected, Runtime.Score(problem.Model.ToOnnx(OnnxPrecision.Single), problem.Floats, shape.D), Floats);
        AssertClose(expected, Runtime.Score(problem.Model.ToOnnx(OnnxPrecision.Mixed), problem.Floats, shape.D), Rounding);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20_000)]
    public void OneModelTakesAnyNumberOfPoints(int count)
    {
        var (model, expected) = (Problem.Of("full", 1, 3, 2).Model, Problem.Of("full", Math.Max(1, count), 3, 2));
        double[] points = [.. expected.Points.Take(count * 3)];
        AssertClose(PointScores.Of(model, points), Runtime.Score(model.ToOnnx(), points, 3), Doubles);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void PointsFarAwayKeepTheirDigits(string type)
    {
        var problem = Problem.Of(type, 4, 3, 3);
        foreach (var distance in (double[])[1e3, 1e9, 1e100])
        {
            double[] points = [distance, 0, 0, -distance, distance, 1, 0, distance, -distance];
            var (expected, found) = (PointScores.Of(problem.Model, points), Runtime.Score(problem.Model.ToOnnx(), points, 3));
            Close(expected.LogDensities, found.LogDensities, Doubles);
            Close(expected.ComponentLogDensities, found.ComponentLogDensities, Doubles);
            foreach (var row in found.Responsibilities.Chunk(3)) Assert.Equal(1, row.Sum(), Doubles);
        }
    }

    [Fact]
    public void WhereAllDistancesOverflowTheComponentsWithAWeightShareThePoint()
    {
        var model = new GaussianMixture(CovarianceType.Spherical, 1, [0.5, 0, 0.5], [0, 1, 2], [1, 1, 2]);
        double[] points = [1e200, -1e200];
        var found = Runtime.Score(model.ToOnnx(), points, 1);
        Assert.Equal([0.5, 0, 0.5, 0.5, 0, 0.5], found.Responsibilities);
        Assert.All(found.LogDensities, density => Assert.Equal(double.NegativeInfinity, density));
        Assert.Equivalent(PointScores.Of(model, points), found, strict: true);
    }

    [Fact]
    public void AFloatThatOverflowsDoesTheSame()
    {
        var model = new GaussianMixture(CovarianceType.Spherical, 1, [0.5, 0.5], [0, 2], [1, 2]);
        var found = Runtime.Score<float>(model.ToOnnx(OnnxPrecision.Single), [1e30f], 1);
        Assert.Equal([0.5, 0.5], found.Responsibilities);
        Assert.Equal([double.NegativeInfinity], found.LogDensities);
        Assert.Equal(PointScores.Of(model, [1e30f]).Responsibilities, Runtime.Score<float>(model.ToOnnx(OnnxPrecision.Mixed), [1e30f], 1).Responsibilities);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(5e-324)]
    [InlineData(0)]
    public void ComponentsOfTinyWeights(double weight)
    {
        var model = new GaussianMixture(CovarianceType.Diagonal, 2, [1, weight], [0, 0, 50, 0], [1, 4, 1, 4]);
        double[] points = [0, 0, 50, 0, 25, 1];
        var expected = PointScores.Of(model, points);
        AssertClose(expected, Runtime.Score(model.ToOnnx(), points, 2), Doubles);
        AssertClose(expected, Runtime.Score<float>(model.ToOnnx(OnnxPrecision.Single), [0, 0, 50, 0, 25, 1], 2), Floats);
    }

    [Fact]
    public void ACoordinateThatIsNoNumberGivesScoresThatAreNone()
    {
        var model = Problem.Of("full", 1, 2, 2).Model;
        var found = Runtime.Score(model.ToOnnx(), [double.NaN, 0, 1, 0], 2);
        Assert.Equal([double.NaN, model.LogDensity([1, 0])], found.LogDensities, (a, b) => a.Equals(b) || Math.Abs(a - b) < Doubles);
        Assert.All(found.Responsibilities[..2], share => Assert.Equal(double.NaN, share));
    }

    private static void AssertClose(PointScores expected, PointScores found, double tolerance)
    {
        Close(expected.LogDensities, found.LogDensities, tolerance);
        Close(expected.ComponentLogDensities, found.ComponentLogDensities, tolerance);
        Close(expected.Responsibilities, found.Responsibilities, tolerance);
        var components = expected.Labels.Length == 0 ? 1 : expected.Responsibilities.Length / expected.Labels.Length;
        for (var i = 0; i < expected.Labels.Length; i++)
        {
            // Equal but for shares that rounding cannot tell apart.
            var shares = expected.Responsibilities.AsSpan(i * components, components);
            Assert.True(shares[(int)found.Labels[i]] >= shares[(int)expected.Labels[i]] - tolerance, $"label {found.Labels[i]} of point {i}");
        }
    }

    // Relative to numbers above 1: log-densities near 0 are differences of larger numbers.
    private static void Close(double[] expected, double[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(expected[i] == found[i] || Math.Abs(expected[i] - found[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])),
                $"{i}: {found[i]:r} for {expected[i]:r}");
        }
    }
}
