using Gmm.Reference;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks that centering loses no digits, with data far from zero and starts far from the data.</summary>
public class OffsetTests
{
    // Data and starts are multiples of this; adding 2^27 to numbers below 2^6 is then exact.
    private const double Grid = 1 << 20;

    [Theory]
    [InlineData("full", 1 << 27)]
    [InlineData("tied", 1 << 27)]
    [InlineData("diag", 1 << 27)]
    [InlineData("spherical", 1 << 27)]
    [InlineData("tied-diag", 1 << 27)]
    [InlineData("tied-spherical", 1 << 27)]
    [InlineData("full", -(1 << 10))]
    [InlineData("diag", 1 << 20)]
    public void AnOffsetOfAHundredMillionChangesNothingButTheMeans(string type, double offset)
    {
        var centered = Snap(Blobs.Build(seed: 21, n: 700, d: 3, k: 3, type, separation: 2, condition: 5));
        var shifted = centered with { Data = Add(centered.Data, offset), Means = Add(centered.Means, offset) };

        // One step: x - mean is the same number in both.
        var (near, far) = (centered.Fit(1), shifted.Fit(1));
        Measures.SameBits([near.Trace[0]], [far.Trace[0]]);
        Measures.SameBits(near.Model.Weights, far.Model.Weights);
        Measures.SameBits(near.Model.Covariances, far.Model.Covariances);

        // Means of the second are rounded to multiples of 2^-26; after that the iterations see slightly different means.
        (near, far) = (centered.Fit(20), shifted.Fit(20));
        var unit = Math.BitIncrement(Math.Abs(offset)) - Math.Abs(offset);
        for (var i = 0; i < near.Model.Means.Length; i++) Assert.Equal(near.Model.Means[i], far.Model.Means[i] - offset, 100 * unit);
        for (var i = 0; i < near.Model.Covariances.Length; i++) Assert.Equal(near.Model.Covariances[i], far.Model.Covariances[i], 100 * unit);
        Assert.Equal(near.TotalLogLikelihood, far.TotalLogLikelihood, 700 * 10 * unit);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void AStartWithoutAModelIsAsGoodFarFromZero(string type)
    {
        var centered = Snap(Blobs.Build(seed: 22, n: 800, d: 2, k: 3, "spherical", separation: 6)) with { CovarianceType = type };
        foreach (var start in Enum.GetValues<StartMethod>())
        {
            var options = new FitOptions { Components = 3, CovarianceType = Adapters.Type(type), Start = start, MaxIterations = 0 };
            var near = MixtureFit.Fit(new Points(centered.Data, 2), options).Model;
            var far = MixtureFit.Fit(new Points(Add(centered.Data, 1 << 27), 2), options).Model;
            for (var i = 0; i < near.Means.Length; i++) Assert.Equal(near.Means[i], far.Means[i] - (1 << 27), 1e-7);
            for (var i = 0; i < near.Covariances.Length; i++) Assert.Equal(near.Covariances[i], far.Covariances[i], 1e-6);
        }
    }

    public static TheoryData<string, double> FarStarts()
    {
        var cases = new TheoryData<string, double>();
        foreach (var type in Layout.CovarianceTypes)
        {
            foreach (var distance in (double[])[0, 10, 30, 100, 1e3, 1e4, 1e5, 1e6]) cases.Add(type, distance);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(FarStarts))]
    public void TheFirstStepFromAFarStartIsAsExactAsTwoPasses(string type, double distance)
    {
        // Means of the start lie the given number of standard deviations from the data, all in one direction, a little apart. The textbook
        // takes its moments about the new mean, in a second pass. With responsibilities given by exponents of up to distance^2 both programs
        // must round alike; so the start's components share one covariance c I with c = distance^2, which keeps exponents near 1.
        var problem = Snap(Blobs.Build(seed: 23, n: 400, d: 3, k: 1, type, separation: 0, condition: 5));
        var variance = Math.Max(1, distance * distance);
        var unit = Enumerable.Range(0, 3).Select(i => Enumerable.Range(0, 3).Select(j => i == j ? variance : 0).ToArray()).ToArray();
        var start = problem with
        {
            K = 2,
            Weights = [0.5, 0.5],
            Means = [distance, distance, distance, distance + Math.Max(1, Math.Round(distance / 8)), distance, distance],
            Covariances = Layout.Compact(type, [unit, unit]),
        };
        var expected = ReferenceEm.Step(start.Rows, start.Reference());
        var actual = start.Fit(1).Model;
        var error = Distance.Of(expected.Weights, expected.Means, expected.Covariances, actual);
        TestContext.Current.TestOutputHelper?.WriteLine($"{error}");
        Assert.InRange(error.Largest, 0, 1e-10);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void AComponentWithoutPointsTakesNoVarianceFromTheOthersHoweverFarItsMeanIs(string type)
    {
        // At 1e20 a deviation rounds to 1e4; but nobody has one there.
        var problem = Blobs.Build(seed: 24, n: 100, d: 2, k: 2, type, separation: 1);
        var far = problem with
        {
            K = 3,
            Weights = [.. problem.Weights, 0],
            Means = [.. problem.Means, 1e20, 1e20],
            Covariances = Layout.Compact(type, [.. problem.ExpandedCovariances, problem.ExpandedCovariances[0]]),
        };
        var (expected, actual) = (problem.Fit(1), far.Fit(1));
        Assert.Equal((FitStatus.MaxIterations, 1e20), (actual.Status, actual.Model.Mean(2)[0]));
        for (var k = 0; k < 2; k++) Assert.Equal(expected.Model.Expand(k), actual.Model.Expand(k));
    }

    private static MixtureProblem Snap(MixtureProblem problem) => problem with
    {
        Data = Array.ConvertAll(problem.Data, x => Math.Round(x * Grid) / Grid),
        Means = Array.ConvertAll(problem.Means, x => Math.Round(x * Grid) / Grid),
    };

    private static double[] Add(double[] values, double offset) => Array.ConvertAll(values, x =>
    {
        Assert.Equal(x, x + offset - offset);
        return x + offset;
    });
}
