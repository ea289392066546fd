using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks the warnings of a fit.</summary>
public class FitWarningTests
{
    [Fact]
    public void AGoodFitHasNone()
    {
        var problem = Blobs.Build(seed: 5, n: 300, d: 2, k: 2);
        Assert.Empty(problem.Fit(20).Warnings);
    }

    [Theory]
    [InlineData("full")]
    [InlineData("tied")]
    [InlineData("tied-diag")]
    public void UnitsMakeNoWarning(string type)
    {
        var problem = Blobs.Build(seed: 5, n: 200, d: 2, k: 2, type, condition: 1);
        for (var i = 0; i < problem.Data.Length; i += 2) problem.Data[i] *= 1e7;
        var fit = MixtureFit.Fit(new Points(problem.Data, 2), new FitOptions { Components = 2, CovarianceType = Adapters.Type(type) });
        Assert.All(fit.Components, component => Assert.True(component.ConditionNumber > 1e12));
        Assert.Empty(fit.Warnings);
    }

    [Fact]
    public void WarningsAreKeptInTheFile()
    {
        var fit = Fit(Rows(60, (i, z) => [z(), 5, i % 3 == 0 ? 0 : 1]), 3, new FitOptions { Components = 2, ColumnNames = ["a", "b", "c"] });
        Assert.NotEmpty(fit.Warnings);
        using var stream = new MemoryStream();
        fit.Save(stream);
        stream.Position = 0;
        Assert.Equal(fit.Warnings, FitResult.Load(stream)!.Warnings);
    }

    [Fact]
    public void AComponentWithoutPointsAndOneOnRepeatedPointsAreNamed()
    {
        var start = new GaussianMixture(CovarianceType.Spherical, 1, [0.5, 0.25, 0.25], [0, 5, 1e6], [1, 1e-3, 1]);
        double[] data = [-1, 1, 0.5, -0.5, 5, 5, 5];
        var fit = MixtureFit.Fit(new Points(data, 1), new FitOptions { Components = 3, CovarianceType = CovarianceType.Spherical, InitialModel = start });
        Assert.Equal(
            [
                new FitWarning(FitWarningKind.Recovered, [2], [], "component 2 has lost all its points in iteration 1: it keeps the mean and covariance it had before"),
                new FitWarning(FitWarningKind.NoPoints, [2], [], "component 2 has lost its points: its effective count is 0; it describes nothing in these data"),
                new FitWarning(FitWarningKind.RepeatedValues, [1], [0],
                    "repeated values: component 1 sits on 3 equal points, dimension 0 = 5 (dimensions count from 0); the variance there is all regularization"),
            ],
            fit.Warnings);
    }

    [Fact]
    public void APointThatAnOutlierDragsAlongIsNone()
    {
        // A full covariance of three columns can hold the outlier and some ordinary points; their mean is no place of an outlier.
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            double[] rows = [.. Enumerable.Range(0, 600).Select(_ => random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5), 50, 0, 0];
            var fit = MixtureFit.Fit(new Points(rows, 3), new FitOptions { Components = 2, Seed = seed });
            foreach (var warning in fit.Warnings.Where(warning => warning.Kind == FitWarningKind.Outlier))
                Assert.Equal(50, fit.Model.Mean(Assert.Single(warning.Components))[Assert.Single(warning.Columns)], 0.1);
        }
    }

    [Theory]
    [InlineData(CovarianceType.Tied)]
    [InlineData(CovarianceType.TiedDiagonal)]
    [InlineData(CovarianceType.TiedSpherical)]
    public void AnOutlierBesideASharedCovarianceIsFoundAndNamed(CovarianceType type)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            double[] rows = [.. Enumerable.Range(0, 400).Select(_ => random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5), 50, 0];
            var fit = MixtureFit.Fit(new Points(rows, 2), new FitOptions { Components = 2, CovarianceType = type });
            var warning = Assert.Single(fit.Warnings);
            Assert.Equal(FitWarningKind.Outlier, warning.Kind);
            Assert.StartsWith($"component {Assert.Single(warning.Components)} is an outlier: it holds 1 point with dimension 0 = 50", warning.Message);
        }
    }

    [Fact]
    public void ARowFarFromAllOthersMakesNoRelationOfItsColumns()
    {
        var rows = Rows(200, (i, z) => [z(), z()]);
        (rows[20], rows[21]) = (1e6, 1e6);
        var warning = One(rows, 2, new FitOptions { Components = 2 });
        Assert.Equal(FitWarningKind.Outlier, warning.Kind);
    }

    [Theory]
    [InlineData(CovarianceType.Full)]
    [InlineData(CovarianceType.Tied)]
    [InlineData(CovarianceType.Spherical)]
    public void EqualComponentsAreNamed(CovarianceType type)
    {
        // EM leaves components that begin equal as they are, whatever their weights.
        var data = Rows(200, (i, z) => [z() + 6 * (i % 2), z()]);
        double[] one = type == CovarianceType.Spherical ? [1] : [1, 0, 0, 1];
        double[] covariances = type == CovarianceType.Tied ? one : [.. one, .. one, .. one];
        var start = new GaussianMixture(type, 2, [0.25, 0.5, 0.25], [0, 0, 6, 0, 0, 0], covariances);
        var fit = MixtureFit.Fit(new Points(data, 2), new FitOptions { Components = 3, CovarianceType = type, InitialModel = start });
        var warning = Assert.Single(fit.Warnings);
        Assert.Equal(FitWarningKind.EqualComponents, warning.Kind);
        Assert.Equal([0, 2], warning.Components);
        Assert.Equal(
            "components 0 and 2 are equal: no step of EM tells equal components apart, so they stand for one; use fewer components, or another start",
            warning.Message);
    }

    [Fact]
    public void ComponentsThatCrossAreNotEqual()
    {
        // The mirror images of every point are points, so that the two bars of the cross have the same mean and the same variances.
        var half = Rows(100, (i, z) => [z(), z()]);
        double[] data = [.. Enumerable.Range(0, 100).SelectMany(i =>
        {
            var (x, y) = (half[2 * i] + 0.1 * half[2 * i + 1], half[2 * i] - 0.1 * half[2 * i + 1]);
            return new[] { x, y, -x, -y, x, -y, -x, y };
        })];
        var start = new GaussianMixture(CovarianceType.Full, 2, [0.5, 0.5], [0, 0, 0, 0], [1, 0.5, 0.5, 1, 1, -0.5, -0.5, 1]);
        var fit = MixtureFit.Fit(new Points(data, 2), new FitOptions { Components = 2, InitialModel = start });
        Assert.Equal(fit.Model.Mean(0).ToArray(), fit.Model.Mean(1).ToArray(), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(fit.Model.Covariance(0, 0, 0), fit.Model.Covariance(1, 0, 0), 1e-9);
        Assert.Empty(fit.Warnings);
    }

    [Fact]
    public void AConstantColumnIsNamedOnceWhateverTheComponents()
    {
        var warning = One(Rows(120, (i, z) => [z() + 5 * (i % 3), 37.5]), 2, new FitOptions { Components = 3, ColumnNames = ["a", "s12"] });
        Assert.Equal((FitWarningKind.ConstantColumn, "dimension 's12' is constant, 37.5 in every point: it tells nothing apart; leave it out"), (warning.Kind, warning.Message));
        Assert.Empty(warning.Components);
        Assert.Equal([1], warning.Columns);
    }

    [Theory]
    [InlineData("full")]
    [InlineData("tied")]
    public void AColumnThatFollowsFromOthersIsWrittenAsAFormula(string type)
    {
        // Dummies of three sites, a copy in another unit, a sum, an offset; the last of each is the one that follows.
        double[] rows = Rows(300, (i, z) =>
        {
            var (a, b) = (z() + 4 * (i % 2), z());
            return [a, b, i % 3 == 0 ? 1 : 0, i % 3 == 1 ? 1 : 0, i % 3 == 2 ? 1 : 0];
        });
        string[] names = ["a", "b", "siteA", "siteB", "siteC"];
        Assert.Equal("siteC = 1 - siteA - siteB", Formula(rows, names, type));
        Assert.Equal("inch = 0.3937 cm", Formula(Rows(200, (i, z) => [z() + 4 * (i % 2), z()], (row, at) => [.. row, row[0] / 2.54]), ["cm", "b", "inch"], type));
        Assert.Equal("total = a + b", Formula(Rows(200, (i, z) => [z() + 4 * (i % 2), z()], (row, at) => [.. row, row[0] + row[1]]), ["a", "b", "total"], type));
        Assert.Equal("f = 32 + 1.8 c", Formula(Rows(200, (i, z) => [z() + 4 * (i % 2), z()], (row, at) => [.. row, 1.8 * row[0] + 32]), ["c", "b", "f"], type));
        Assert.Equal("t = -1e+12 a", Formula(Rows(200, (i, z) => [z() + 4 * (i % 2), z()], (row, at) => [.. row, -1e12 * row[0]]), ["a", "b", "t"], type));

        // Given with four decimals.
        Assert.Matches("^total = a \\+ b to within [23](\\.\\d)?e-05$", Formula(
            Rows(200, (i, z) => [z() + 4 * (i % 2), z()], (row, at) => [.. row, Math.Round(row[0] + row[1], 4)]), ["a", "b", "total"], type));

        static string Formula(double[] rows, string[] names, string type)
        {
            const string Start = "columns follow from others in every point: ";
            var warning = One(rows, names.Length, new FitOptions { Components = 2, CovarianceType = Adapters.Type(type), ColumnNames = names });
            Assert.Equal(FitWarningKind.DeterminedColumn, warning.Kind);
            Assert.Equal([names.Length - 1], warning.Columns);
            Assert.StartsWith(Start, warning.Message);
            return warning.Message[Start.Length..warning.Message.IndexOf("; ", StringComparison.Ordinal)];
        }
    }

    [Fact]
    public void WhatHoldsWithinAComponentOnlyIsSaidOfIt()
    {
        var start = new GaussianMixture(CovarianceType.Full, 2, [0.5, 0.5], [0, 0, 0, 100], [1, 0, 0, 9, 1, 0, 0, 9]);
        var rows = Rows(200, (i, z) => [z()], (row, at) => [row[0], at % 2 == 0 ? 2 * row[0] : 100 - 3 * row[0]]);
        var warning = One(rows, 2, new FitOptions { Components = 2, InitialModel = start, ColumnNames = ["x", "y"] });
        Assert.Equal([0, 1], warning.Components);
        Assert.StartsWith("columns follow from others within a component: y = 2 x in component 0 and y = 100 - 3 x in component 1; ", warning.Message);
    }

    [Fact]
    public void ValuesThatRepeatInAComponentAreNamed()
    {
        // Two thirds have no rain at all.
        var rows = Rows(300, (i, z) => [z() + 5 * (i % 3 == 0 ? 1 : 0), i % 3 == 0 ? 10 + z() : 0]);
        var warning = One(rows, 2, new FitOptions { Components = 2, ColumnNames = ["x", "rain"] });
        Assert.Equal(FitWarningKind.RepeatedValues, warning.Kind);
        var k = Assert.Single(warning.Components);
        Assert.Equal($"repeated values: component {k} has rain = 0 in all its 200 points; the variance there is all regularization", warning.Message);
    }

    [Theory]
    [InlineData("full", "components 0 and 1 have 5 and 5 points, and a full covariance of 8 dimensions needs at least 9: only regularization gives them a variance in every direction")]
    [InlineData("tied", "10 points are too few for 2 means and the shared covariance: only regularization gives it a variance in every direction")]
    [InlineData("diag", null)]
    public void FewPointsAreCounted(string type, string? message)
    {
        var rows = Rows(10, (i, z) => [.. Enumerable.Range(0, type == "tied" ? 9 : 8).Select(_ => z() + 20 * (i % 2))]);
        var fit = Fit(rows, rows.Length / 10, new FitOptions { Components = 2, CovarianceType = Adapters.Type(type) });
        Assert.Equal(message is null ? [] : [message], fit.Warnings.Select(warning => warning.Message));
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void AnOutlierWithAComponentOfItsOwnIsOne(string type)
    {
        var rows = Rows(100, (i, z) => i == 17 ? [1e6, z()] : [z(), z()]);
        var start = new GaussianMixture(
            Adapters.Type(type), 2, [0.9, 0.1], [0, 0, 1e6, 0], Layout.Compact(type, [[[1, 0], [0, 1]], [[1, 0], [0, 1]]]));
        var warnings = Fit(rows, 2, new FitOptions { Components = 2, CovarianceType = Adapters.Type(type), InitialModel = start, ColumnNames = ["income", "age"] }).Warnings;
        Assert.StartsWith("component 1 is an outlier: it holds 1 point with income = 1e+06, ", Assert.Single(warnings).Message);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void RegularizationThatIsMuchOfAVarianceIsSaidWithColumnsAndComponents(string type)
    {
        // Degrees: a millionth of a squared one is much beside a variance of a ten millionth.
        var rows = Rows(200, (i, z) => [47 + 3e-4 * z() + 0.1 * (i % 2), 8 + 3e-4 * z()]);
        var fit = Fit(rows, 2, new FitOptions { Components = 2, CovarianceType = Adapters.Type(type), Regularization = 1e-6, ColumnNames = ["lat", "lon"] });
        var warning = Assert.Single(fit.Warnings);
        Assert.Equal(FitWarningKind.HeldByRegularization, warning.Kind);
        Assert.Equal(Layout.IsShared(type) ? [] : [0, 1], warning.Components);
        var columns = Layout.IsSpherical(type) ? "the variance" : "the variance of lat and lon";
        var whose = Layout.IsShared(type) ? "in the shared covariance" : "in components 0 and 1";
        Assert.Matches($@"^regularization makes up [89]\d(\.\d)?( to 9\d(\.\d)?)? % of {columns} {whose}: standard deviations come out too large; use a smaller Regularization", warning.Message);
        Assert.Empty(Fit(rows, 2, new FitOptions { Components = 2, CovarianceType = Adapters.Type(type) }).Warnings);
    }

    [Fact]
    public void AProgramGivesItsOwnWords()
    {
        var words = new Vocabulary { Column = "column", NamelessPrefix = "x", FirstColumn = 1, Regularization = "--reg" };
        var rows = Rows(60, (i, z) => [z(), 4, z()]);
        var options = new FitOptions { Components = 1, Vocabulary = words };
        Assert.Equal("column x2 is constant, 4 in every point: it tells nothing apart; leave it out", One(rows, 3, options).Message);
        Assert.StartsWith(
            "the covariance of the data is singular: column x2 is 4 in every point; leave out such columns, or use --reg > 0",
            Assert.Throws<ArgumentException>(() => Fit(rows, 3, options with { Regularization = 0 })).Message);
        var start = new GaussianMixture(CovarianceType.Full, 3, [1], [0, 4, 0], [1, 0, 0, 0, 1, 0, 0, 0, 1]);
        Assert.Equal(
            "the covariance of component 0 is not positive definite in iteration 1: pivot 1 is 0 (column x2 is 4 in all its points); use --reg > 0, "
                + "a simpler covariance type or fewer components",
            Fit(rows, 3, options with { Regularization = 0, InitialModel = start }).Failure);
    }

    private static FitWarning One(double[] rows, int d, FitOptions options) => Assert.Single(Fit(rows, d, options).Warnings);

    private static FitResult Fit(double[] rows, int d, FitOptions options) => MixtureFit.Fit(new Points(rows, d), options);

    // From the number of a row and a source of normal numbers to its values; more are made of those.
    private static double[] Rows(int count, Func<int, Func<double>, double[]> row, Func<double[], int, double[]>? more = null)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).SelectMany(i => row(i, () => SpdMatrix.StandardNormal(random)) is var values && more is null ? values : more(values, i))];
    }
}
