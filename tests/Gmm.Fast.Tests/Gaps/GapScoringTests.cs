using Gmm.Reference;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Gaps;

/// <summary>Checks scores of points with gaps.</summary>
public class GapScoringTests
{
    [Theory]
    [ClassData(typeof(EveryType))]
    public void ScoresAreThoseOfTheTwin(string type)
    {
        var problem = Blobs.Build(seed: 61, n: 700, d: 4, k: 3, type, separation: 2).WithGaps(0.3);
        problem.Data.AsSpan(0, 4).Fill(double.NaN);
        var model = problem.Model().WithMissingValues(MissingValues.Marginalize);
        var (densities, responsibilities, labels) = (new double[700], new double[2_100], new int[700]);
        model.Score(new Points(problem.Data, 4), new ScoreOutputs { LogDensities = densities, Responsibilities = responsibilities, Labels = labels });
        var reference = problem.Reference();
        for (var i = 0; i < 700; i++)
        {
            var expected = ReferenceGaps.Responsibilities(problem.Rows[i], reference);
            Assert.Equal(ReferenceEm.LogSumExp(ReferenceGaps.LogJoint(problem.Rows[i], reference)), densities[i], 1e-10);
            for (var k = 0; k < 3; k++) Assert.Equal(expected[k], responsibilities[3 * i + k], 1e-10);
            Assert.Equal(expected.Max(), expected[labels[i]], 1e-12);
        }
        Assert.Equal(densities.Sum(), model.TotalLogLikelihood(new Points(problem.Data, 4)), 1e-9);
        Assert.Equal(ReferenceGaps.LogLikelihood(problem.Rows, reference), model.TotalLogLikelihood(new Points(problem.Data, 4)), 1e-8);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void OnePointHasTheBitsOfThePointAmongMany(string type)
    {
        const int N = 20_000;
        var problem = Blobs.Build(seed: 62, N, d: 3, k: 3, type, separation: 1).WithGaps(0.3);
        var model = problem.Model().WithMissingValues(MissingValues.Marginalize);
        var (densities, labels) = (new double[N], new int[N]);
        double[] responsibilities = new double[3 * N], components = new double[3 * N], distances = new double[3 * N], one = new double[3];
        model.Score(new Points(problem.Data, 3), new ScoreOutputs
        {
            LogDensities = densities,
            Labels = labels,
            Responsibilities = responsibilities,
            ComponentLogDensities = components,
            MahalanobisDistances = distances,
            Weighted = true,
        });
        for (var i = 0; i < N; i += 7)
        {
            var point = problem.Data.AsSpan(3 * i, 3);
            Measures.SameBits([densities[i]], [model.LogDensity(point)], "log-density");
            Assert.Equal(labels[i], model.Label(point));
            model.Responsibilities(point, one);
            Measures.SameBits(responsibilities.AsSpan(3 * i, 3), one, "responsibilities");
            model.ComponentLogDensities(point, one, weighted: true);
            Measures.SameBits(components.AsSpan(3 * i, 3), one, "components");
            model.MahalanobisDistances(point, one);
            Measures.SameBits(distances.AsSpan(3 * i, 3), one, "distances");
        }
    }

    [Fact]
    public void ThreadsSourcesAndWholePointsChangeNoBit()
    {
        var problem = Blobs.Build(seed: 63, n: 50_000, d: 3, k: 2, separation: 1);
        var gaps = problem.WithGaps(0.2);
        var model = problem.Model().WithMissingValues(MissingValues.Marginalize);
        double[] first = new double[50_000], second = new double[50_000];
        model.LogDensities(new Points(gaps.Data, 3), first, 1);
        model.LogDensities(new Points(gaps.Data, 3), second, 4);
        Measures.SameBits(first, second);
        model.LogDensities(new Points(problem.Data, 3), first);
        problem.Model().LogDensities(new Points(problem.Data, 3), second);
        Measures.SameBits(first, second);
        Assert.Equal(problem.Model().TotalLogLikelihood(new Points(problem.Data, 3)), model.TotalLogLikelihood(new Points(problem.Data, 3)));
        Assert.Equal(model.TotalLogLikelihood(new Points(gaps.Data, 3), 1), model.TotalLogLikelihood(new Points(gaps.Data, 3), 3));
    }

    [Fact]
    public void TotalsAreWeighted()
    {
        var problem = Blobs.Build(seed: 64, n: 5_000, d: 3, k: 2, separation: 1).WithGaps(0.3);
        double[] weights = [.. Enumerable.Range(0, 5_000).Select(i => (double)(i % 4))];
        double[] repeated = [.. problem.Rows.SelectMany((row, i) => Enumerable.Repeat(row, i % 4)).SelectMany(row => row)];
        var model = problem.Model().WithMissingValues(MissingValues.Marginalize);
        Assert.Equal(
            model.TotalLogLikelihood(new Points(repeated, 3)), model.TotalLogLikelihood(new Points(problem.Data, 3).WithWeights(weights)), 1e-8);
    }

    [Fact]
    public void ATotalIsThatOfTheFit()
    {
        var problem = Blobs.Build(seed: 65, n: 3_000, d: 3, k: 2, separation: 1).WithGaps(0.3);
        var fit = problem.FitGaps(5);
        Assert.Equal(MissingValues.Marginalize, fit.Model.MissingValues);
        Assert.Equal(fit.TotalLogLikelihood, fit.Model.TotalLogLikelihood(new Points(problem.Data, 3)), 1e-9 * Math.Abs(fit.TotalLogLikelihood));
    }

    [Fact]
    public void APointWithoutAValueHasTheWeights()
    {
        var model = new GaussianMixture(CovarianceType.Diagonal, 2, [0.25, 0.75], [0, 0, 5, 5], [1, 1, 1, 1]).WithMissingValues(MissingValues.Marginalize);
        double[] point = [double.NaN, double.NaN], values = new double[2];
        Assert.Equal((1, 0), (model.Label(point), model.LogDensity(point)));
        model.Responsibilities(point, values);
        Assert.Equal([0.25, 0.75], values);
        model.MahalanobisDistances(point, values);
        Assert.Equal([0, 0], values);
        model.ComponentLogDensities(point, values, weighted: true);
        Assert.Equal(Math.Log(0.25), values[0], 1e-15);
    }

    [Fact]
    public void GapsAreRefusedUnlessAskedFor()
    {
        var model = new GaussianMixture(CovarianceType.Full, 2, [1], [0, 0], [1, 0, 0, 1]);
        Assert.StartsWith("point[1] is NaN; finite values are required", Assert.Throws<ArgumentException>(() => model.LogDensity([0, double.NaN])).Message);
        Assert.StartsWith("rows[1, 0] is NaN; finite values are required",
            Assert.Throws<ArgumentException>(() => model.TotalLogLikelihood(new Points([0, 1, double.NaN, 2], 2))).Message);
        var marginal = model.WithMissingValues(MissingValues.Marginalize);
        Assert.StartsWith("point[1] is Infinity; finite values, or NaN for missing ones, are required",
            Assert.Throws<ArgumentException>(() => marginal.LogDensity([double.NaN, double.PositiveInfinity])).Message);
        Assert.StartsWith("rows[2, 1] is -Infinity; finite values, or NaN for missing ones, are required", Assert.Throws<ArgumentException>(
            () => marginal.TotalLogLikelihood(new Points([0, 1, double.NaN, 2, 0, double.NegativeInfinity], 2))).Message);
        Assert.StartsWith("point has 1 values", Assert.Throws<ArgumentException>(() => marginal.LogDensity([double.NaN])).Message);
        Assert.Same(marginal, marginal.WithMissingValues(MissingValues.Marginalize));
        Assert.StartsWith("missingValues is 9", Assert.Throws<ArgumentOutOfRangeException>(() => model.WithMissingValues((MissingValues)9)).Message);
    }

    [Fact]
    public void WhatAFitGivesRemembersWhatNaNMeans()
    {
        var problem = Blobs.Build(seed: 66, n: 300, d: 3, k: 2, separation: 3).WithGaps(0.2);
        List<GaussianMixture> models = [];
        var options = problem.GapOptions(2, regularization: 1e-3) with { Progress = new Now(info => models.Add(info.Snapshot())) };
        var fit = MixtureFit.Fit(new Points(problem.Data, 3), options, TestContext.Current.CancellationToken);
        using var stream = new MemoryStream();
        fit.Save(stream);
        stream.Position = 0;
        var loaded = FitResult.Load(stream)!;
        GaussianMixture[] all =
            [fit.Model, .. models, loaded.Model, GaussianMixture.FromJson(fit.Model.ToJson()), fit.Model.Marginal([0, 2]), fit.Model.Reorder([1, 0])];
        Assert.All(all, model => Assert.Equal(MissingValues.Marginalize, model.MissingValues));
        Assert.Equal(MissingValues.Marginalize, FitOptions.Continue(loaded).MissingValues);
        Assert.DoesNotContain("missingValues", fit.Model.WithMissingValues(MissingValues.Error).ToJson(), StringComparison.Ordinal);
        var wrong = fit.Model.ToJson().Replace("\"marginalize\"", "\"guess\"", StringComparison.Ordinal);
        Assert.StartsWith("missingValues is 'guess'", Assert.Throws<InvalidDataException>(() => GaussianMixture.FromJson(wrong)).Message, StringComparison.Ordinal);
    }

    private sealed class Now(Action<IterationInfo> report) : IProgress<IterationInfo>
    {
        public void Report(IterationInfo value) => report(value);
    }
}
