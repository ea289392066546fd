using System.Globalization;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks that equal points, fitted as one with the sum of their weights, give the fit of all points.</summary>
public class DuplicatesTests
{
    private const int Count = 24_000;
    private const int Dimension = 2;
    private const int Steps = 3;

    public static TheoryData<string> Types => [.. Layout.CovarianceTypes];

    [Theory]
    [MemberData(nameof(Types))]
    public void TheFitIsThatOfAllPointsFromTheSameStart(string type)
    {
        var rows = Whole(seed: 41);
        var options = Options(type, rows);
        double[] weights = [.. Enumerable.Range(0, Count).Select(i => 0.5 * (i % 5))];
        foreach (var points in (Func<Points>[])[() => new Points(rows, Dimension), () => new Points(rows, Dimension).WithWeights(weights)])
        {
            var expected = MixtureFit.Fit(points(), options with { Duplicates = Duplicates.Keep });
            var folded = MixtureFit.Fit(points(), options);
            Assert.InRange(Distance.Of(expected.Model, folded.Model).Largest, 0, 1e-10);
            for (var t = 0; t < expected.Trace.Length; t++) Assert.InRange(Measures.Relative(expected.Trace[t], folded.Trace[t]), 0, 1e-12);
            Assert.Equal((expected.Points, expected.Iterations, expected.Status), (folded.Points, folded.Iterations, folded.Status));
            Assert.InRange(Measures.Relative(expected.TotalWeight, folded.TotalWeight), 0, 1e-13);
            Assert.Equal(expected.Bic, folded.Bic, 1e-10 * Math.Abs(expected.Bic));
            Assert.Equal(expected.Warnings.Select(warning => warning.Message), folded.Warnings.Select(warning => warning.Message));
            for (var k = 0; k < 3; k++)
                Assert.InRange(Measures.Relative(expected.Components[k].EffectiveCount, folded.Components[k].EffectiveCount), 0, 1e-9);
            var densities = new double[Count];
            folded.Model.LogDensities(points(), densities);
            foreach (var share in (double[])[0.001, 0.1, 0.5])
            {
                var limit = folded.Model.DensityQuantile(share) + 1e-9;
                var below = densities.Select((density, i) => density <= limit ? points().HasWeights ? weights[i] : 1 : 0).Sum();
                Assert.Equal(below / expected.TotalWeight, folded.Model.TailProbability(limit), 0.01);
            }
            Assert.Equal(expected.Points, expected.DistinctPoints);
            Assert.InRange(folded.DistinctPoints, 100, Count / 4);
        }
    }

    [Fact]
    public void FloatsAreFoldedToo()
    {
        var rows = Array.ConvertAll(Whole(seed: 42), number => (float)number);
        var options = Options("full", Whole(seed: 42)) with { Regularization = 1e-3 };
        var expected = MixtureFit.Fit(new Points(rows, Dimension), options with { Duplicates = Duplicates.Keep });
        var folded = MixtureFit.Fit(new Points(rows, Dimension), options);
        Assert.Equal(Different(rows), folded.DistinctPoints);
        Assert.Equal((double)Count, folded.TotalWeight);
        Assert.InRange(Measures.Relative(expected.TotalLogLikelihood, folded.TotalLogLikelihood), 0, 1e-5);
    }

    [Fact]
    public void ThreadsChangeNoBitAndASourceIsFittedAsItIs()
    {
        // Several segments of points, so that they are joined, with weights whose sums depend on the order.
        const int Many = 300_000;
        var random = new Random(43);
        double[] rows = [.. Enumerable.Range(0, Many * Dimension).Select(_ => (double)random.Next(12))];
        double[] weights = [.. Enumerable.Range(0, Many).Select(_ => random.NextDouble())];
        var options = new FitOptions { Components = 2, MaxIterations = 2, MaxDegreeOfParallelism = 1 };
        var expected = MixtureFit.Fit(new Points(rows, Dimension).WithWeights(weights), options);
        Assert.Equal(144, expected.DistinctPoints);
        Measures.SameBits(expected, MixtureFit.Fit(new Points(rows, Dimension).WithWeights(weights), options with { MaxDegreeOfParallelism = 3 }));
        var source = new BlockwiseSource(rows, Dimension, weights);
        Measures.SameBits(MixtureFit.Fit(new Points(rows, Dimension).WithWeights(weights), options with { Duplicates = Duplicates.Keep }), MixtureFit.Fit(source, options));
    }

    [Fact]
    public void AWeightThatTheSurveyRefusesIsRefusedOfEqualPointsToo()
    {
        var rows = Array.ConvertAll(Whole(seed: 45), number => (float)number);
        double[] weights = [.. Enumerable.Range(0, Count).Select(i => i % 3 == 0 ? 1e-50 : 1)];
        var failure = Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points(rows, Dimension).WithWeights(weights), Options("full", Whole(seed: 45)) with { InitialModel = null }));
        Assert.Contains("beyond the range of Single", failure.Message);
    }

    [Fact]
    public void APointThatStandsForManyIsOneToStartFrom()
    {
        var few = Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Standing([1, 1, 0, 0]), new FitOptions { Components = 3 }));
        Assert.Contains("the data have 2 points of weight above 0", few.Message);
        var none = Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Standing([0, 0, 0, 0]), new FitOptions { Components = 2 }));
        Assert.StartsWith("all weights are 0", none.Message);
    }

    [Theory]
    [InlineData(StartMethod.SmallEm)]
    [InlineData(StartMethod.KMeansPlusPlus)]
    [InlineData(StartMethod.RandomPoints)]
    public void EveryStartEndsAsHighAsWithoutFolding(StartMethod start)
    {
        var rows = Whole(seed: 44);
        var options = new FitOptions { Components = 3, Start = start, Restarts = 4, Seed = 5 };
        var expected = MixtureFit.Fit(new Points(rows, Dimension), options with { Duplicates = Duplicates.Keep });
        var folded = MixtureFit.Fit(new Points(rows, Dimension), options);
        Assert.True(folded.DistinctPoints < Count / 4);
        Assert.InRange(folded.MeanLogLikelihood, expected.MeanLogLikelihood - 0.01, double.PositiveInfinity);
    }

    [Fact]
    public void ZerosOfBothSignsAreEqual()
    {
        var rows = Whole(seed: 45);
        var signed = (double[])rows.Clone();
        for (var i = 0; i < rows.Length; i += 3)
        {
            if (rows[i] == 0) signed[i] = -0.0;
        }
        Assert.NotEqual(rows.Count(double.IsNegative), signed.Count(double.IsNegative));
        var options = Options("full", rows);
        Assert.Equal(MixtureFit.Fit(new Points(rows, Dimension), options).DistinctPoints, MixtureFit.Fit(new Points(signed, Dimension), options).DistinctPoints);
    }

    [Fact]
    public void PointsOfWhichFewAreEqualKeepTheirBits()
    {
        var random = new Random(46);

        // Half of the points are one, and all others differ: folding would leave half.
        double[] rows = [.. Enumerable.Range(0, Count).SelectMany(i => i % 2 == 0 ? [0.0, 0.0] : (double[])[random.NextDouble(), random.NextDouble()])];
        var options = new FitOptions { Components = 2, MaxIterations = 3, Regularization = 1e-3 };
        var fit = MixtureFit.Fit(new Points(rows, Dimension), options);
        Assert.Equal(Count, fit.DistinctPoints);
        Measures.SameBits(MixtureFit.Fit(new Points(rows, Dimension), options with { Duplicates = Duplicates.Keep }), fit);
    }

    [Fact]
    public void WrongNumbersAreNamedAtTheirOwnPlace()
    {
        var rows = Whole(seed: 47);
        rows[2 * 20_001] = double.NaN;
        var options = new FitOptions { Components = 2 };
        var named = Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points(rows, Dimension), options));
        Assert.Contains("20001", named.Message, StringComparison.Ordinal);

        double[] weights = [.. Enumerable.Repeat(1.0, Count)];
        weights[20_002] = -1;
        rows[2 * 20_001] = 0;
        named = Assert.ThrowsAny<ArgumentException>(() => MixtureFit.Fit(new Points(rows, Dimension).WithWeights(weights), options));
        Assert.Contains("20002", named.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PointsWithGapsAreNotFoldedAndCompleteOnesAre()
    {
        var rows = Whole(seed: 48);
        var options = Options("full", rows) with { MissingValues = MissingValues.Marginalize };
        Assert.True(MixtureFit.Fit(new Points(rows, Dimension), options).DistinctPoints < Count / 4);
        rows[7] = double.NaN;
        var fit = MixtureFit.Fit(new Points(rows, Dimension), options);
        Assert.Equal((Count, 1), (fit.DistinctPoints, fit.Gaps!.IncompletePoints));
    }

    [Fact]
    public void AFitGoesOnFromAFileWithTheSameBits()
    {
        var rows = Whole(seed: 49);
        var options = Options("full", rows) with { DensityQuantiles = false };
        var whole = MixtureFit.Fit(new Points(rows, Dimension), options with { MaxIterations = 2 * Steps });
        var half = Reread(MixtureFit.Fit(new Points(rows, Dimension), options));
        Assert.True(half.DistinctPoints < Count / 4);
        Measures.SameBits(
            whole, MixtureFit.Fit(new Points(rows, Dimension), FitOptions.Continue(half) with { MaxIterations = Steps, Stop = StopRule.FixedCount }));

        var kept = Reread(MixtureFit.Fit(new Points(rows, Dimension), options with { Duplicates = Duplicates.Keep }));
        Assert.Equal(Duplicates.Keep, FitOptions.Continue(kept).Duplicates);
        var other = Assert.Throws<ArgumentException>(
            () => MixtureFit.Fit(new Points(rows[..(2 * 20_000)], Dimension), FitOptions.Continue(half)));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"was of {Count} points; these are 20000"), other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASelectionFoldsOnceForAllCandidates()
    {
        var rows = Whole(seed: 50);
        var options = new SelectionOptions { Components = [1, 2, 3], CovarianceTypes = [CovarianceType.Diagonal] };
        var folded = ModelSelection.Run(new Points(rows, Dimension), options);
        var kept = ModelSelection.Run(new Points(rows, Dimension), options with { Fit = options.Fit with { Duplicates = Duplicates.Keep } });
        foreach (var (one, other) in folded.Candidates.Zip(kept.Candidates))
        {
            Assert.True(one.Fit!.DistinctPoints < Count / 4);
            Assert.Equal(other.Fit!.Points, one.Fit.Points);
            Assert.InRange(one.Fit.MeanLogLikelihood, other.Fit.MeanLogLikelihood - 0.01, double.PositiveInfinity);
        }
    }

    [Fact]
    public void AnUnknownValueIsRefused() => Assert.Contains("Auto or Keep is required", Assert.Throws<ArgumentOutOfRangeException>(
        () => MixtureFit.Fit(new Points([1.0, 2], 1), new FitOptions { Components = 1, Duplicates = (Duplicates)7 })).Message, StringComparison.Ordinal);

    private static FitResult Reread(FitResult fit)
    {
        using var file = new MemoryStream();
        fit.Save(file);
        file.Position = 0;
        var read = FitResult.Load(file)!;
        Assert.Equal(fit.DistinctPoints, read.DistinctPoints);
        return read;
    }

    private static FitOptions Options(string type, double[] rows)
    {
        var options = new FitOptions
        {
            Components = 3,
            CovarianceType = Adapters.Type(type),
            Start = StartMethod.KMeansPlusPlus,
            Stop = StopRule.FixedCount,
            MaxIterations = 1,
            Duplicates = Duplicates.Keep,
        };
        return options with
        {
            InitialModel = MixtureFit.Fit(new Points(rows, Dimension), options).Model,
            MaxIterations = Steps,
            DensityQuantiles = true,
            Duplicates = Duplicates.Auto,
        };
    }

    private static long Different(float[] rows) => rows.Chunk(Dimension).Select(row => (row[0], row[1])).Distinct().Count();

    // Three clusters of whole numbers about 0.
    private static double[] Whole(int seed)
    {
        var problem = Blobs.Build(seed, Count, Dimension, k: 3, "full", separation: 4);
        return Array.ConvertAll(problem.Data, number => Math.Round(2 * number));
    }

    // Points 0, 1, 2, ... that stand for a hundred.
    private sealed class Standing(double[] weights) : PointSource<double>
    {
        public override long PointCount => weights.Length;

        public override int Dimension => 1;

        public override bool HasWeights => true;

        public override long RepresentedPoints => 100;

        public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
        {
            for (var i = 0; i < count; i++) scratch[i] = first + i;
            return scratch[..count];
        }

        public override void ReadWeights(long first, Span<double> into) => weights.AsSpan((int)first, into.Length).CopyTo(into);
    }

    private sealed class BlockwiseSource(double[] rows, int d, double[] weights) : PointSource<double>
    {
        public override long PointCount => weights.Length;

        public override int Dimension => d;

        public override bool HasWeights => true;

        public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
        {
            rows.AsSpan((int)first * d, count * d).CopyTo(scratch);
            return scratch[..(count * d)];
        }

        public override void ReadWeights(long first, Span<double> into) => weights.AsSpan((int)first, into.Length).CopyTo(into);
    }
}
