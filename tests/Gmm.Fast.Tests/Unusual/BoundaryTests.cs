namespace Gmm.Fast.Tests.Unusual;

/// <summary>Checks the places where labels change against labels of many points.</summary>
public class BoundaryTests
{
    public static TheoryData<double[], double[], double[]> Mixtures => new()
    {
        { [0.5, 0.5], [0, 4], [1, 1] },
        { [0.9, 0.1], [0, 4], [1, 1] },
        { [0.5, 0.5], [0, 0], [1, 25] },
        { [0.2, 0.3, 0.5], [0, 1, -1], [0.01, 4, 30] },
        { [0.999999, 0.000001], [0, 0.1], [1, 1] },
        { [0.4, 0.6], [1e9, 1e9 + 3], [1, 2] },
        { [0.3, 0.3, 0.4], [0, 0, 5], [1, 1, 2] },
        { [0.5, 0, 0.5], [0, 2, 4], [1, 1, 1] },
        { [0.25, 0.25, 0.25, 0.25], [0, 3, 6, 9], [1, 1, 1, 1] },
        { [0.01, 0.99], [0, 0], [1, 1.0000001] },
        { [1], [3], [2] },
    };

    [Theory]
    [MemberData(nameof(Mixtures))]
    public void LabelsChangeThereAndNowhereElse(double[] weights, double[] means, double[] variances)
    {
        foreach (var type in (CovarianceType[])[CovarianceType.Full, CovarianceType.Diagonal, CovarianceType.Spherical])
        {
            var model = new GaussianMixture(type, 1, weights, means, variances);
            var boundaries = model.Boundaries();
            var deviation = Math.Sqrt(variances.Min());
            for (var i = 0; i < boundaries.Count; i++)
            {
                var (position, below, above) = boundaries[i];
                var step = 1e-6 * Math.Max(deviation, Math.Abs(position) * 1e-9);
                Assert.Equal((below, above), (model.Label([position - step]), model.Label([position + step])));
                if (i > 0) Assert.True(position > boundaries[i - 1].Position && below == boundaries[i - 1].Above);
            }
            var (first, last) = (means.Min() - 60 * Math.Sqrt(variances.Max()), means.Max() + 60 * Math.Sqrt(variances.Max()));
            for (var i = 0; i <= 20_000; i++)
            {
                var x = first + (last - first) * i / 20_000;
                if (boundaries.Any(boundary => Math.Abs(boundary.Position - x) < 1e-5 * deviation)) continue;
                var region = boundaries.Count(boundary => boundary.Position < x);
                Assert.Equal(Winner(model, region), model.Label([x]));
            }
        }
    }

    [Fact]
    public void AWideComponentSurroundsANarrowOne()
    {
        var model = new GaussianMixture(CovarianceType.Spherical, 1, [0.5, 0.5], [0, 0], [1, 25]);
        var boundaries = model.Boundaries();
        Assert.Equal([(1, 0), (0, 1)], boundaries.Select(boundary => (boundary.Below, boundary.Above)));

        // x^2 (1 - 1/25) / 2 = ln 5.
        var place = Math.Sqrt(2 * Math.Log(5) / (1 - 1.0 / 25));
        Assert.Equal(-place, boundaries[0].Position, 1e-14);
        Assert.Equal(place, boundaries[1].Position, 1e-14);
    }

    [Fact]
    public void TwoEqualComponentsHaveNone() =>
        Assert.Empty(new GaussianMixture(CovarianceType.Spherical, 1, [0.5, 0.5], [2, 2], [3, 3]).Boundaries());

    [Fact]
    public void MoreDimensionsHaveNoPlacesOnALine() => Assert.Equal(
        "the model has 2 dimensions; boundaries are places on a line, so 1 is required",
        Assert.Throws<InvalidOperationException>(() => new GaussianMixture(CovarianceType.Spherical, 2, [1], [0, 0], [1]).Boundaries()).Message);

    [Fact]
    public void ManyRandomComponentsAgreeWithTheirLabels()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var k = 2 + random.Next(12);
            double[] weights = [.. Enumerable.Range(0, k).Select(_ => 0.05 + random.NextDouble())];
            var total = weights.Sum();
            var model = new GaussianMixture(
                CovarianceType.Diagonal, 1, [.. weights.Select(weight => weight / total)], [.. Enumerable.Range(0, k).Select(_ => 10 * random.NextDouble())],
                [.. Enumerable.Range(0, k).Select(_ => Math.Exp(4 * random.NextDouble() - 3))]);
            var boundaries = model.Boundaries();
            for (var i = 0; i < 2_000; i++)
            {
                var x = -20 + 50 * random.NextDouble();
                if (boundaries.Any(boundary => Math.Abs(boundary.Position - x) < 1e-7)) continue;
                var region = boundaries.Count(boundary => boundary.Position < x);
                Assert.Equal(Winner(model, region), model.Label([x]));
            }
        }
    }

    private static int Winner(GaussianMixture model, int region)
    {
        var boundaries = model.Boundaries();
        if (boundaries.Count == 0) return model.Label([model.Means[0]]);
        return region == 0 ? boundaries[0].Below : boundaries[region - 1].Above;
    }
}
