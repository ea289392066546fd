using System.Globalization;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Starts;

/// <summary>Checks the default start: that it depends on no unit, that it finds known optima, and that difficult data do not stop it.</summary>
public class SmallEmTests
{
    private const int Seeds = 5;

    public static TheoryData<string, int, CovarianceType, double> KnownOptima => new()
    {
        // Two bands in columns of spread 100 and 1, 8 deviations apart in the narrow one.
        { "bands", 2, CovarianceType.Full, -8137.877 },
        { "bands", 2, CovarianceType.Diagonal, -8138.630 },

        // Two groups that differ in a column whose spread is a hundred-thousandth of the other one's.
        { "cells", 2, CovarianceType.Full, -9412.226 },
        { "wine", 3, CovarianceType.Diagonal, -3294.27 },
        { "wine", 3, CovarianceType.Full, -2825.2 },
    };

    [Theory]
    [MemberData(nameof(KnownOptima))]
    public void KnownOptimaAreFoundFromEverySeed(string name, int components, CovarianceType type, double optimum)
    {
        var (rows, dimension) = Table(name);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var fit = MixtureFit.Fit(new Points(rows, dimension), new FitOptions
            {
                Components = components,
                CovarianceType = type,
                Seed = seed,
                Regularization = 1e-9,
                Stop = StopRule.MeanChange(1e-6),
                MaxIterations = 500,
            });
            Assert.True(fit.TotalLogLikelihood >= optimum - 0.02, $"seed {seed}: {fit.TotalLogLikelihood}");
            Assert.All(fit.Components, part => Assert.True(part.EffectiveCount > 2 * dimension));
        }
    }

    // Counts, two values, and clusters that regularization holds: components on them are not supported, but equal components, which EM leaves as they are, are
    // no better.
    [Theory]
    [InlineData("0 1", "10 10", 2, 0)]
    [InlineData("0 10", "3 4", 2, 0)]
    [InlineData("0 1 2 3 4", "37 37 18 6 2", 3, 0)]
    [InlineData("0 1 2 3 4", "37 37 18 6 2", 4, 0)]
    [InlineData("0 1", "50 50", 2, 1e-9)]
    [InlineData("0 1", "50 50", 2, 1e-7)]
    public void ComponentsAreNotTheSame(string values, string counts, int components, double spread)
    {
        var random = new Random(1);
        double[] rows = [.. values.Split(' ').Zip(counts.Split(' ')).SelectMany(pair =>
            Enumerable.Range(0, int.Parse(pair.Second, CultureInfo.InvariantCulture))
                .Select(_ => double.Parse(pair.First, CultureInfo.InvariantCulture) + spread * Normal(random)))];
        for (var seed = 0; seed < Seeds; seed++)
        {
            var fit = MixtureFit.Fit(new Points(rows, 1), new FitOptions { Components = components, Seed = seed });
            var model = fit.Model;
            for (var k = 0; k < components; k++)
            {
                for (var other = 0; other < k; other++)
                    Assert.True(Math.Abs(model.Mean(k)[0] - model.Mean(other)[0]) > 1e-3 * Math.Sqrt(Math.Max(model.Variance(k, 0), model.Variance(other, 0))), $"seed {seed}");
            }
            Assert.Contains(fit.Warnings, warning => warning.Kind is FitWarningKind.RepeatedValues or FitWarningKind.HeldByRegularization);
        }
    }

    // Clusters of different forms and sizes: partitions and k-means, alone, halve some and miss others.
    [Fact]
    public void ManyClustersThatAreApartAreAllFound()
    {
        const int Clusters = 48, Dimension = 8, Points = 50_000;
        var random = new Random(11);
        var (centers, spreads) = (new double[Clusters * Dimension], new double[Clusters * Dimension]);
        for (var i = 0; i < centers.Length; i++) (centers[i], spreads[i]) = (6 * Normal(random), Math.Pow(10, random.NextDouble() - 0.5));
        var rows = new double[Points * Dimension];
        var labels = new int[Points];
        for (var p = 0; p < Points; p++)
        {
            var k = labels[p] = (int)(Clusters * Math.Pow(random.NextDouble(), 1.5));
            for (var j = 0; j < Dimension; j++) rows[p * Dimension + j] = centers[k * Dimension + j] + spreads[k * Dimension + j] * Normal(random);
        }
        for (var seed = 0; seed < Seeds; seed++)
        {
            var fit = MixtureFit.Fit(new Points(rows, Dimension), new FitOptions { Components = Clusters, Seed = seed });
            var found = new int[Points];
            fit.Model.Labels(new Points(rows, Dimension), found);
            var mostCommon = labels.Zip(found).GroupBy(pair => pair.First).Select(cluster => cluster.CountBy(pair => pair.Second).MaxBy(count => count.Value).Key);
            Assert.Equal(Clusters, mostCommon.Distinct().Count());
        }
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void UnitsOfTheColumnsDecideNothing(string type)
    {
        var isSpherical = type is "spherical" or "tied-spherical";
        double[] factors = isSpherical ? [1e5, 1e5, 1e5, 1e5] : [1e-6, 1e6, 37, 1e-2];
        foreach (var separation in (double[])[1, 4])
        {
            var problem = Blobs.Build(seed: 31, n: 500, d: 4, k: 3, type, separation);
            var scaled = problem.Data.Select((x, i) => x * factors[i % 4]).ToArray();
            var (plain, other) = (Fit(problem.Data, 4, type), Fit(scaled, 4, type));
            Assert.Equal(plain.TotalLogLikelihood, other.TotalLogLikelihood + 500 * factors.Sum(Math.Log), 1e-5);
            for (var i = 0; i < 12; i++) Assert.Equal(plain.Model.Means[i], other.Model.Means[i] / factors[i % 4], 1e-5);
            for (var k = 0; k < 3; k++) Assert.Equal(plain.Model.Weights[k], other.Model.Weights[k], 1e-6);
        }
    }

    [Theory]
    [InlineData("full")]
    [InlineData("tied")]
    public void AnyInvertibleMapDecidesNothing(string type)
    {
        double[,] map = { { 2, 0.3, -40 }, { 0, 1e-3, 5 }, { 1, 2e-3, 7 } };
        var problem = Blobs.Build(seed: 32, n: 400, d: 3, k: 4, type, separation: 2);
        var mapped = Map(problem.Data, map);
        var (plain, other) = (Fit(problem.Data, 3, type), Fit(mapped, 3, type));
        Assert.Equal(plain.TotalLogLikelihood, other.TotalLogLikelihood + 400 * Math.Log(Math.Abs(Determinant(map))), 1e-4);
        for (var k = 0; k < plain.Model.ComponentCount; k++)
        {
            Assert.Equal(plain.Model.Weights[k], other.Model.Weights[k], 1e-6);
            var mean = Map(plain.Model.Mean(k).ToArray(), map);
            for (var j = 0; j < 3; j++) Assert.Equal(mean[j], other.Model.Mean(k)[j], 1e-4);
        }
    }

    [Theory]
    [InlineData("spherical")]
    [InlineData("tied-spherical")]
    public void RotationsDecideNothing(string type)
    {
        var (c, s) = (Math.Cos(0.7), Math.Sin(0.7));
        double[,] map = { { c, -s, 0 }, { s, c, 0 }, { 0, 0, 1 } };
        var problem = Blobs.Build(seed: 33, n: 400, d: 3, k: 4, type, separation: 2);
        Assert.Equal(Fit(problem.Data, 3, type).TotalLogLikelihood, Fit(Map(problem.Data, map), 3, type).TotalLogLikelihood, 1e-5);
    }

    // A constant column, and one that others determine: the others are clustered as without it.
    [Fact]
    public void ColumnsWithoutInformationDecideNothing()
    {
        var (rows, _) = Table("bands");
        var more = Enumerable.Range(0, rows.Length / 2).SelectMany(i => (double[])[rows[2 * i], 5, rows[2 * i + 1], rows[2 * i] - 3 * rows[2 * i + 1]]);
        var fit = MixtureFit.Fit(new Points([.. more], 4), new FitOptions { Components = 2 });
        Assert.All(fit.Model.Weights.ToArray(), weight => Assert.Equal(0.5, weight, 0.01));
        Assert.Equal(8, Math.Abs(fit.Model.Mean(0)[2] - fit.Model.Mean(1)[2]), 0.5);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void FewerPointsThanDimensionsAreNoObstacle(string type)
    {
        var problem = Blobs.Build(seed: 34, n: 8, d: 12, k: 3, type);
        var fit = MixtureFit.Fit(new Points(problem.Data, 12), new FitOptions { Components = 3, CovarianceType = Adapters.Type(type), Regularization = 1e-3 });
        Assert.All(fit.Trace.ToArray(), value => Assert.True(double.IsFinite(value)));
    }

    // Weights that are whole numbers mean as many equal points; weights of any sum, the same mixture.
    [Fact]
    public void WeightsOfAnyScaleGiveTheSameStart()
    {
        var problem = Blobs.Build(seed: 35, n: 600, d: 3, k: 4, separation: 3);
        var random = new Random(5);
        double[] weights = [.. Enumerable.Range(0, 600).Select(_ => 0.5 + random.NextDouble())];
        var options = new FitOptions { Components = 4, Regularization = 0, Stop = StopRule.MeanChange(1e-8), MaxIterations = 500 };
        var fits = new[] { 1, 1e-9, 1e9 }.Select(scale => MixtureFit.Fit(
            new Points(problem.Data, 3).WithWeights([.. weights.Select(w => w * scale)]), options)).ToArray();
        foreach (var fit in fits) Assert.Equal(fits[0].MeanLogLikelihood, fit.MeanLogLikelihood, 1e-6);
    }

    // Two states of many sensors: apart in every column, and in whitened coordinates in one direction of twenty.
    [Theory]
    [InlineData("full", 200)]
    [InlineData("tied", 200)]
    [InlineData("full", 30)]
    public void GroupsThatDifferInAllOfManyColumnsAreFound(string type, int count)
    {
        const int D = 20;
        var random = new Random(8);
        var problem = new double[count * D];
        for (var i = 0; i < problem.Length; i++) problem[i] = Normal(random) * (1 + i % D) + (i / D % 2 == 0 ? 0 : 3 * (1 + i % D));
        for (var seed = 0; seed < Seeds; seed++)
        {
            var fit = MixtureFit.Fit(new Points(problem, D), new FitOptions { Components = 2, CovarianceType = Adapters.Type(type), Seed = seed });
            Assert.All(fit.Model.Weights.ToArray(), weight => Assert.Equal(0.5, weight, 1e-3));
            Assert.Equal(3, Math.Abs(fit.Model.Mean(0)[0] - fit.Model.Mean(1)[0]), 0.6);
        }
    }

    // A split of 0 from 1 in a column of them has no bound on its likelihood but regularization, and is no group.
    [Theory]
    [InlineData("full")]
    [InlineData("tied")]
    [InlineData("diag")]
    public void ColumnsOfZerosAndOnesAreNotSplitInsteadOfGroups(string type)
    {
        var random = new Random(9);
        double[] rows = [.. Enumerable.Range(0, 240).SelectMany(i => (double[])[
            Normal(random) + (i % 2 * 5), Normal(random) + (i % 2 * 5), i % 3 == 0 ? 1 : 0, i % 3 == 1 ? 1 : 0])];
        for (var seed = 0; seed < Seeds; seed++)
        {
            var fit = MixtureFit.Fit(new Points(rows, 4), new FitOptions { Components = 2, CovarianceType = Adapters.Type(type), Seed = seed });
            Assert.All(fit.Model.Weights.ToArray(), weight => Assert.Equal(0.5, weight, 0.03));
            Assert.Equal(5, Math.Abs(fit.Model.Mean(0)[0] - fit.Model.Mean(1)[0]), 0.5);
        }
    }

    // A component that falls on 30 equal values of one column would have the largest likelihood of all.
    [Fact]
    public void RepeatedValuesDoNotDrawAComponent()
    {
        var random = new Random(3);
        double[] rows = [.. Enumerable.Range(0, 300).SelectMany(i => (double[])[Normal(random) + (i % 2 * 6), i % 10 == 0 ? 0.25 : Normal(random)])];
        for (var seed = 0; seed < Seeds; seed++)
        {
            var fit = MixtureFit.Fit(new Points(rows, 2), new FitOptions { Components = 2, Seed = seed });
            Assert.All(fit.Model.Weights.ToArray(), weight => Assert.Equal(0.5, weight, 0.05));
        }
    }

    // Fits whose covariances no constraint can join to units: each is of the same kind, so only the start decides.
    private static FitResult Fit(double[] rows, int dimension, string type) => MixtureFit.Fit(new Points(rows, dimension), new FitOptions
    {
        Components = rows.Length / dimension == 500 ? 3 : 4,
        CovarianceType = Adapters.Type(type),
        Regularization = 0,
        Stop = StopRule.MeanChange(1e-10),
        MaxIterations = 3000,
    });

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static (double[] Rows, int Dimension) Table(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Gmm.Fast.Tests", "Starts", $"{name}.csv"))[1..];
        var rows = lines.Select(line => Array.ConvertAll(line.Split(','), cell => double.Parse(cell, CultureInfo.InvariantCulture))).ToArray();
        return ([.. rows.SelectMany(row => row)], rows[0].Length);
    }

    private static double[] Map(double[] rows, double[,] map)
    {
        var mapped = new double[rows.Length];
        for (var at = 0; at < rows.Length; at += 3)
        {
            for (var i = 0; i < 3; i++) mapped[at + i] = map[i, 0] * rows[at] + map[i, 1] * rows[at + 1] + map[i, 2] * rows[at + 2];
        }
        return mapped;
    }

    private static double Determinant(double[,] m) =>
        m[0, 0] * (m[1, 1] * m[2, 2] - m[1, 2] * m[2, 1]) - m[0, 1] * (m[1, 0] * m[2, 2] - m[1, 2] * m[2, 0])
        + m[0, 2] * (m[1, 0] * m[2, 1] - m[1, 1] * m[2, 0]);
}
