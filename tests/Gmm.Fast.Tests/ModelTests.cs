using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks the model as a value: construction, refusals, expansions, free parameters and criteria.</summary>
public class ModelTests
{
    public static TheoryData<string, string> Refusals => new()
    {
        { "dimension 0", "dimension is 0; at least 1 is required" },
        { "no weights", "weights is empty; one weight per component is required" },
        { "means short", "means has 3 values; 2 x 2 = 4 are required" },
        { "full short", "covariances has 4 values; 2 x 2 x 2 = 8 are required" },
        { "tied long", "covariances has 8 values; 2 x 2 = 4 are required" },
        { "diag short", "covariances has 2 values; 2 x 2 = 4 are required" },
        { "spherical long", "covariances has 4 values; 2 x 1 = 2 are required" },
        { "tied diagonal long", "covariances has 4 values; 2 x 1 = 2 are required" },
        { "tied spherical long", "covariances has 2 values; 1 x 1 = 1 are required" },
        { "weight NaN", "weights[1] is NaN; finite values are required" },
        { "mean infinite", "means[2] is Infinity; finite values are required" },
        { "covariance infinite", "covariances[1] is -Infinity; finite values are required" },
        { "weight negative", "weights[1] is -0.5; at least 0 is required" },
        { "weights sum", "weights sum to 1.1; 1 is required" },
        { "asymmetric", "covariances: component 1 is not symmetric: [1, 0] is 0.3, [0, 1] is 0.2" },
        { "indefinite", "covariances: component 1 is not positive definite, pivot 1 is -3; a positive one is required" },
        { "zero variance", "covariances: component 0 is not positive definite, pivot 1 is 0; a positive one is required" },
        { "negative variance", "covariances: component 1 is not positive definite, pivot 0 is -1; a positive one is required" },
        { "names", "columnNames has 1 names; 2, one per dimension, are required" },
        { "null name", "columnNames[1] is null; a name is required" },
        { "beyond an array", "1 components of 50000 dimensions need 2500400000 numbers; at most 2147483591 fit an array" },
        { "type", "covarianceType is 9; Full, Tied, Diagonal, Spherical, TiedDiagonal or TiedSpherical is required" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void ParametersThatAreNoMixtureAreRefusedWithTheReason(string what, string message)
    {
        double[] half = [0.5, 0.5], means = [0, 0, 1, 1], identity = [1, 0, 0, 1];
        Func<GaussianMixture> build = what switch
        {
            "dimension 0" => () => new(CovarianceType.Full, 0, half, means, identity),
            "no weights" => () => new(CovarianceType.Full, 2, [], means, identity),
            "means short" => () => new(CovarianceType.Tied, 2, half, [1, 2, 3], identity),
            "full short" => () => new(CovarianceType.Full, 2, half, means, identity),
            "tied long" => () => new(CovarianceType.Tied, 2, half, means, [.. identity, .. identity]),
            "diag short" => () => new(CovarianceType.Diagonal, 2, half, means, [1, 1]),
            "spherical long" => () => new(CovarianceType.Spherical, 2, half, means, identity),
            "tied diagonal long" => () => new(CovarianceType.TiedDiagonal, 2, half, means, identity),
            "tied spherical long" => () => new(CovarianceType.TiedSpherical, 2, half, means, half),
            "weight NaN" => () => new(CovarianceType.Tied, 2, [0.5, double.NaN], means, identity),
            "mean infinite" => () => new(CovarianceType.Tied, 2, half, [0, 0, double.PositiveInfinity, 0], identity),
            "covariance infinite" => () => new(CovarianceType.Tied, 2, half, means, [1, double.NegativeInfinity, 0, 1]),
            "weight negative" => () => new(CovarianceType.Tied, 2, [1.5, -0.5], means, identity),
            "weights sum" => () => new(CovarianceType.Tied, 2, [0.5, 0.6], means, identity),
            "asymmetric" => () => new(CovarianceType.Full, 2, half, means, [.. identity, 1, 0.2, 0.3, 1]),
            "indefinite" => () => new(CovarianceType.Full, 2, half, means, [.. identity, 1, 2, 2, 1]),
            "zero variance" => () => new(CovarianceType.Diagonal, 2, half, means, [1, 0, 1, 1]),
            "negative variance" => () => new(CovarianceType.Spherical, 2, half, means, [1, -1]),
            "null name" => () => new(CovarianceType.Tied, 2, half, means, identity, ["x", null!]),
            "beyond an array" => () => new(CovarianceType.Full, 50_000, [1], [], []),
            "names" => () => new(CovarianceType.Tied, 2, half, means, identity, ["x"]),
            _ => () => new((CovarianceType)9, 2, half, means, identity),
        };
        var refusal = Assert.ThrowsAny<ArgumentException>(build);
        Assert.StartsWith(message, refusal.Message);
        Assert.NotNull(refusal.ParamName);
    }

    [Fact]
    public void ScoringRefusesWrongShapesAndNumbersThatAreNotFinite()
    {
        var model = new GaussianMixture(CovarianceType.Tied, 2, [0.5, 0.5], [0, 0, 1, 1], [1, 0, 0, 1]);
        var rows = new double[6];
        Refused("point has 3 values; 2 are required", () => model.LogDensity(new double[3]));
        Refused("responsibilities has 3 values; 1 x 2 = 2 are required", () => model.Responsibilities(new double[2], new double[3]));
        Refused("responsibilities has 4 values; 3 x 2 = 6 are required", () => model.Responsibilities(new Points(rows, 2), new double[4]));
        Refused("labels has 2 values; 3 x 1 = 3 are required", () => model.Labels(new Points(rows, 2), new int[2]));
        Refused("logDensities has 4 values; 3 x 1 = 3 are required", () => model.LogDensities(new Points(rows, 2), new double[4]));
        Refused("logDensities has 4 values; 3 x 2 = 6 are required", () => model.ComponentLogDensities(new Points(rows, 2), new double[4]));
        Refused("distances has 4 values; 3 x 2 = 6 are required", () => model.MahalanobisDistances(new Points(rows, 2), new double[4]));
        Refused("points has 3 dimensions; 2 are required", () => model.Labels(new Points(rows, 3), new int[2]));
        Refused("k is 2; 0 to 1 is required", () => model.Mean(2));
        Refused("k is -1; 0 to 1 is required", () => model.Covariance(-1, new double[4]));
        Refused("matrix has 3 values; 2 x 2 = 4 are required", () => model.Covariance(0, new double[3]));
        Refused("points is 0; a finite number above 0 is required", () => model.Bic(0, 0));
        Refused("rows has 3 values; a multiple of 2, the dimension, is required", () => model.Sample(0, new double[3]));
        Refused("labels has 1 values; 3 x 1 = 3 are required", () => model.Sample(0, new double[6], new int[1]));
        var bad = new double[1000];
        bad[777] = double.NaN;
        Refused("rows[388, 1] is NaN; finite values are required", () => model.TotalLogLikelihood(new Points(bad, 2)));

        static void Refused(string message, Action action) => Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(action).Message);
    }

    [Theory]
    [InlineData("full", 3, 2, 2 + 6 + 9)]
    [InlineData("full", 1, 1, 0 + 1 + 1)]
    [InlineData("full", 4, 5, 3 + 20 + 60)]
    [InlineData("tied", 3, 2, 2 + 6 + 3)]
    [InlineData("tied", 4, 5, 3 + 20 + 15)]
    [InlineData("diag", 3, 2, 2 + 6 + 6)]
    [InlineData("diag", 4, 5, 3 + 20 + 20)]
    [InlineData("spherical", 3, 2, 2 + 6 + 3)]
    [InlineData("spherical", 4, 5, 3 + 20 + 4)]
    [InlineData("tied-diag", 3, 2, 2 + 6 + 2)]
    [InlineData("tied-diag", 4, 5, 3 + 20 + 5)]
    [InlineData("tied-spherical", 3, 2, 2 + 6 + 1)]
    [InlineData("tied-spherical", 4, 5, 3 + 20 + 1)]
    public void FreeParametersAndCriteria(string type, int k, int d, int parameters)
    {
        var problem = Blobs.Build(seed: 1, n: 50, d, k, type, separation: 1);
        var model = problem.Model();
        Assert.Equal(parameters, model.FreeParameters);
        Assert.Equal(parameters * Math.Log(50) + 2 * 123.5, model.Bic(-123.5, 50), 1e-12);
        Assert.Equal(2 * parameters + 2 * 123.5, model.Aic(-123.5), 1e-12);

        var fit = problem.Fit(regularization: 0.1);
        Assert.Equal(parameters * Math.Log(50) - 2 * fit.TotalLogLikelihood, fit.Bic, 1e-10);
        Assert.Equal(2 * parameters - 2 * fit.TotalLogLikelihood, fit.Aic, 1e-10);
        Assert.Equal(fit.Trace[^1] / 50, fit.MeanLogLikelihood);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void ParametersAreKeptAsGivenAndExpanded(string type)
    {
        var problem = Blobs.Build(seed: 8, n: 1, d: 4, k: 3, type);
        var names = new[] { "a", "b", "c", "d" };
        var model = new GaussianMixture(Adapters.Type(type), 4, problem.Weights, problem.Means, problem.Covariances, names);
        names[0] = "changed";
        Measures.SameBits(problem.Weights, model.Weights);
        Measures.SameBits(problem.Means, model.Means);
        Measures.SameBits(problem.Covariances, model.Covariances);
        Assert.Equal(["a", "b", "c", "d"], model.ColumnNames!);
        Assert.Equal((Adapters.Type(type), 3, 4), (model.CovarianceType, model.ComponentCount, model.Dimension));
        for (var k = 0; k < 3; k++)
        {
            Measures.SameBits(problem.Means.AsSpan(4 * k, 4), model.Mean(k));
            Measures.SameBits(Layout.Flat(problem.ExpandedCovariances[k]), model.Expand(k));
        }
    }

    [Fact]
    public void ChangingTheCallersArraysDoesNotChangeTheModel()
    {
        var problem = Blobs.Build(seed: 8, n: 5, d: 2, k: 2);
        var model = problem.Model();
        var before = model.TotalLogLikelihood(new Points(problem.Data, 2));
        problem.Weights.AsSpan().Clear();
        problem.Means.AsSpan().Clear();
        problem.Covariances.AsSpan().Clear();
        Assert.Equal(before, model.TotalLogLikelihood(new Points(problem.Data, 2)));
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void PrecisionFactorsWhitenTheirCovariances(string type)
    {
        foreach (var d in (int[])[1, 2, 5, 24, 150])
        {
            var problem = Blobs.Build(seed: d, n: 1, d, k: 2, type);
            var model = problem.Model();
            var (factor, half) = (new double[d * d], new double[d * d]);
            for (var k = 0; k < 2; k++)
            {
                model.PrecisionFactor(k, factor);
                var matrix = model.Expand(k);
                Multiply(factor, matrix, half, transposed: false);
                Multiply(half, factor, matrix, transposed: true);
                for (var i = 0; i < d * d; i++)
                {
                    Assert.Equal(i % (d + 1) == 0 ? 1 : 0, matrix[i], 1e-12);
                    Assert.True(i % d <= i / d ? i % (d + 1) > 0 || factor[i] > 0 : factor[i] == 0);
                }
            }
        }

        static void Multiply(double[] a, double[] b, double[] product, bool transposed)
        {
            var d = (int)Math.Sqrt(a.Length);
            for (var i = 0; i < d; i++)
            {
                for (var j = 0; j < d; j++)
                {
                    product[i * d + j] = 0;
                    for (var m = 0; m < d; m++) product[i * d + j] += a[i * d + m] * (transposed ? b[j * d + m] : b[m * d + j]);
                }
            }
        }
    }

    [Fact]
    public void APrecisionFactorOfNoComponentIsRefused()
    {
        var model = Blobs.Build(seed: 1, n: 1, d: 2, k: 2).Model();
        Assert.Equal("factor has 3 values; 2 x 2 = 4 are required (Parameter 'factor')", Assert.Throws<ArgumentException>(() => model.PrecisionFactor(0, new double[3])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.PrecisionFactor(2, new double[4]));
    }
}
