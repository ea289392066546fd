using CsCheck;
using Gmm.Reference;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Gaps;

/// <summary>Checks whole fits of points with gaps.</summary>
public class GapFitTests
{
    [Theory]
    [ClassData(typeof(EveryType))]
    public void TheLogLikelihoodNeverFalls(string type) =>
        Gen.Select(Gen.Int[60, 500], Gen.Int[2, 6], Gen.Int[1, 4], Gen.Double[0, 4], Gen.Double[0.02, 0.6], Gen.Int[0, 1 << 20]).Sample(
            (n, d, k, separation, missing, seed) =>
            {
                var problem = Blobs.Build(seed, n, d, k, type, separation).WithGaps(missing, seed);
                var fit = problem.FitGaps(25);
                for (var t = 1; t < fit.Trace.Length; t++)
                    Assert.True(fit.Trace[t] >= fit.Trace[t - 1] - 1e-10 * Math.Abs(fit.Trace[t]), $"{problem}: {fit.Trace[t]} after {fit.Trace[t - 1]}");
            },
            iter: 40, threads: 1);

    [Theory]
    [ClassData(typeof(EveryType))]
    public void CompletePointsGiveTheBitsOfThePathWithoutGaps(string type)
    {
        var problem = Blobs.Build(seed: 41, n: 5_000, d: 3, k: 3, type, separation: 2);
        double[] weights = [.. Enumerable.Range(0, problem.N).Select(i => (double)(i % 3))];
        foreach (var options in Kinds(problem, 4))
        {
            var with = options with { MissingValues = MissingValues.Marginalize };
            var fit = MixtureFit.Fit(new Points(problem.Data, 3), with);
            Measures.SameBits(MixtureFit.Fit(new Points(problem.Data, 3), options), fit);
            Assert.Null(fit.Gaps);
            Measures.SameBits(MixtureFit.Fit(new Points(problem.Data, 3).WithWeights(weights), options), MixtureFit.Fit(new Points(problem.Data, 3).WithWeights(weights), with));
        }
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void NeitherThreadsNorBudgetNorReadingChangeABit(string type)
    {
        var problem = Blobs.Build(seed: 42, n: 30_000, d: 4, k: 3, type, separation: 2).WithGaps(0.15);
        foreach (var options in Kinds(problem, 3))
        {
            var with = options with { MissingValues = MissingValues.Marginalize, MaxDegreeOfParallelism = 1 };
            var expected = MixtureFit.Fit(new Points(problem.Data, 4), with);
            Measures.SameBits(expected, MixtureFit.Fit(new Points(problem.Data, 4), with with { MaxDegreeOfParallelism = 3 }));
            Measures.SameBits(expected, MixtureFit.Fit(new Points(problem.Data, 4), with with { PackingBudget = 0, MaxDegreeOfParallelism = 2 }));
            Measures.SameBits(expected, MixtureFit.Fit(new Copying<double>(problem.Data, 4), with with { PackingBudget = 300_000 }));
            var floats = Measures.To<float>(problem.Data);
            Measures.SameBits(MixtureFit.Fit(new Points(floats, 4), with), MixtureFit.Fit(new Copying<float>(floats, 4), with with { PackingBudget = 0, MaxDegreeOfParallelism = 2 }));
        }
    }

    [Theory]
    [InlineData("full", 3)]
    [InlineData("tied", 4)]
    [InlineData("diag", 2)]
    [InlineData("spherical", 5)]
    public void RanksThatHoldWholeShardsGiveTheBitsOfOneProcess(string type, int ranks)
    {
        // 261 blocks, so that points with gaps have fewer shards than complete ones.
        var whole = Blobs.Build(seed: 43, n: 100_000, d: 3, k: 3, type, separation: 2);
        foreach (var (problem, kind) in new[] { whole.WithGaps(0.2), whole }.SelectMany(problem => Kinds(problem, 3).Select(kind => (problem, kind))))
        {
            var options = kind with { MissingValues = MissingValues.Marginalize };
            var expected = MixtureFit.Fit(new Points(problem.Data, 3), options);
            var fits = Ranks.Run(ranks, (rank, communicator) =>
            {
                var (first, count) = PointPart.Of<double>(problem.N, 3, rank, ranks, MissingValues.Marginalize);
                return MixtureFit.Fit(
                    new Points(problem.Data.AsSpan((int)first * 3, (int)count * 3), 3), options with { Communicator = communicator });
            });
            foreach (var fit in fits)
            {
                Measures.SameBits(expected, fit);
                Assert.Equal(expected.Points, fit.Points);
                Assert.Equal(expected.Gaps?.MissingValues, fit.Gaps?.MissingValues);
                Assert.Equal(expected.Gaps?.EmptyPoints, fit.Gaps?.EmptyPoints);
            }
        }
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void FloatsGiveTheModelOfDoublesToTheirDigits(string type)
    {
        var problem = Blobs.Build(seed: 44, n: 4_000, d: 3, k: 2, type, separation: 3).WithGaps(0.2);
        var options = problem.GapOptions(5, regularization: 1e-3);
        var wide = MixtureFit.Fit(new Points(problem.Data, 3), options);
        Assert.InRange(Distance.Of(wide.Model, MixtureFit.Fit(new Points(Measures.To<float>(problem.Data), 3), options).Model).Largest, 0, 1e-4);
    }

    [Theory]
    [InlineData("full", StartMethod.KMeansPlusPlus)]
    [InlineData("tied", StartMethod.KMeansPlusPlus)]
    [InlineData("diag", StartMethod.KMeansPlusPlus)]
    [InlineData("spherical", StartMethod.KMeansPlusPlus)]
    [InlineData("full", StartMethod.RandomPoints)]
    public void StartsFindComponentsFromWhatIsPresent(string type, StartMethod start)
    {
        var problem = Blobs.Build(seed: 45, n: 6_000, d: 4, k: 3, type, separation: 8);
        var options = new FitOptions
        {
            Components = 3,
            CovarianceType = problem.Options().CovarianceType,
            MissingValues = MissingValues.Marginalize,
            Start = start,
            Restarts = 8,
            MaxIterations = 300,
        };
        var truth = problem.Model();
        var fit = MixtureFit.Fit(new Points(problem.WithGaps(0.25).Data, 4), options);
        Assert.True(fit.Converged);
        for (var k = 0; k < 3; k++)
        {
            var nearest = Enumerable.Range(0, 3).Min(l => Enumerable.Range(0, 4).Max(j => Math.Abs(truth.Mean(k)[j] - fit.Model.Mean(l)[j])));
            Assert.InRange(nearest, 0, 0.5);
        }
    }

    [Fact]
    public void PointsWithoutAValueAreLeftOutAndCounted()
    {
        var problem = Blobs.Build(seed: 46, n: 900, d: 2, k: 2, separation: 3).WithGaps(0.1);
        var data = problem.Data.ToArray();
        foreach (var i in (int[])[3, 400, 899]) data.AsSpan(2 * i, 2).Fill(double.NaN);
        double[] there = [.. data.Chunk(2).Where(row => row.Any(x => !double.IsNaN(x))).SelectMany(row => row)];
        foreach (var options in Kinds(problem, 5))
        {
            var with = options with { MissingValues = MissingValues.Marginalize };
            var fit = MixtureFit.Fit(new Points(data, 2), with);
            Assert.Equal(900 - there.Length / 2, fit.Gaps!.EmptyPoints);
            Assert.Equal((there.Length / 2, there.Length / 2.0), (fit.Points, fit.TotalWeight));
            Assert.Contains(fit.Warnings, warning => warning.Kind == FitWarningKind.EmptyPoints);
            if (options.InitialModel is null) continue;
            var expected = MixtureFit.Fit(new Points(there, 2), with);
            Assert.InRange(Distance.Of(expected.Model, fit.Model).Largest, 0, 1e-10);
        }
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void OneDimensionHasEmptyPointsOnly(string type)
    {
        var problem = Blobs.Build(seed: 53, n: 500, d: 1, k: 2, type, separation: 5).WithGaps(0.3);
        double[] there = [.. problem.Data.Where(x => !double.IsNaN(x))];
        var (fit, expected) = (problem.FitGaps(5), (problem with { Data = there, N = there.Length }).Fit(5));
        Assert.Equal((there.Length, 0, 500 - there.Length), (fit.Points, fit.Gaps!.IncompletePoints, fit.Gaps.EmptyPoints));
        Assert.InRange(Distance.Of(expected.Model, fit.Model).Largest, 0, 1e-11);
    }

    [Fact]
    public void ARankMayHaveNoPointsAndAnotherNoValueInAColumn()
    {
        var problem = Blobs.Build(seed: 54, n: 900, d: 2, k: 2, separation: 3).WithGaps(0.2);
        for (var i = 600; i < 900; i++) problem.Data[2 * i] = double.NaN;
        int[] cuts = [0, 0, 600, 900];
        var fits = Ranks.Run(3, (rank, communicator) => MixtureFit.Fit(
            new Points(problem.Data.AsSpan((2 * cuts[rank])..(2 * cuts[rank + 1])), 2), problem.GapOptions(4) with { Communicator = communicator }));
        var whole = problem.FitGaps(4);
        foreach (var fit in fits)
        {
            Measures.SameBits(fits[0], fit);
            Assert.InRange(Distance.Of(whole.Model, fit.Model).Largest, 0, 1e-11);
            Assert.Equal(whole.Gaps!.MissingValues, fit.Gaps!.MissingValues);
        }
    }

    [Fact]
    public void WhatCannotBeFittedIsNamed()
    {
        var options = new FitOptions { Components = 1, MissingValues = MissingValues.Marginalize };
        double nan = double.NaN;
        Assert.StartsWith("dimension 1, counted from 0, has no value in any point; leave it out",
            Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points([1, nan, 2, nan], 2), options)).Message);
        Assert.StartsWith("dimension 'b' has no value in any point",
            Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points([1, nan, 2, nan], 2), options with { ColumnNames = ["a", "b"] })).Message);
        Assert.StartsWith("no point of weight above 0 has a value",
            Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points([nan, nan, nan, nan], 2), options)).Message);
        Assert.StartsWith("rows[1, 0] is Infinity; finite values, or NaN for missing ones, are required",
            Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points([1, nan, double.PositiveInfinity, 3], 2), options)).Message);
        Assert.StartsWith("rows[0, 1] is NaN; finite values are required",
            Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points([1, nan, 2, 3], 2), new FitOptions { Components = 1 })).Message);
        Assert.StartsWith("weights[1] is -1",
            Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points([1, nan, 2, 3], 2).WithWeights([1, -1]), options)).Message);
        Assert.StartsWith("the covariance of the data is singular: dimension 1, counted from 0, is 7 in every point",
            Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points([1, 7, 2, nan, 3, 7, nan, 7, 5, 7], 2), options with { Regularization = 0 })).Message);
        Assert.StartsWith("MissingValues is 7", Assert.Throws<ArgumentOutOfRangeException>(
            () => MixtureFit.Fit(new Points([1.0, 2], 1), options with { MissingValues = (MissingValues)7 })).Message);
    }

    [Fact]
    public void WhatIsMissingIsToldBeforeTheFit()
    {
        var problem = Blobs.Build(seed: 47, n: 2_000, d: 3, k: 2, separation: 3);
        var data = problem.Data.ToArray();
        for (var i = 0; i < 2_000; i++) data[3 * i + (i % 2 == 0 ? 0 : 2)] = double.NaN;
        var events = new List<object>();
        var options = problem.GapOptions(2) with { GapsFound = new Sink<GapSummary>(events), Progress = new Sink<IterationInfo>(events) };
        var fit = MixtureFit.Fit(new Points(data, 3), options);
        Assert.Same(events[0], fit.Gaps);
        Assert.Equal((2_000, 2_000, 0, 2), (fit.Gaps!.MissingValues, fit.Gaps.IncompletePoints, fit.Gaps.EmptyPoints, fit.Gaps.Patterns));
        Assert.Equal([(0, 2)], fit.Gaps.PairsNeverTogether);
        Assert.InRange(fit.Gaps.PatternWork, 0.1, 1);
        Assert.Contains(fit.Warnings, warning => warning is
        {
            Kind: FitWarningKind.NotIdentified,
            Columns: [0, 2],
            Message: "dimension 0 and dimension 2 never have values in the same point (dimensions count from 0): covariances there come from the start, not from the data",
        });
    }

    [Fact]
    public void AColumnWithoutValuesInAComponentIsNamed()
    {
        var problem = Blobs.Build(seed: 52, n: 400, d: 2, k: 2, separation: 0);
        var data = problem.Data.ToArray();
        for (var i = 0; i < 400; i++)
        {
            if (i % 2 == 0) data[2 * i + 1] = double.NaN;
            else data[2 * i] += 100;
        }
        double[] means = [.. problem.Means];
        means[2] += 100;
        var fit = (problem with { Data = data, Means = means }).FitGaps(10);
        var warning = Assert.Single(fit.Warnings, warning => warning.Kind == FitWarningKind.NotIdentified);
        Assert.Equal(0, Assert.Single(warning.Components));
        Assert.Equal(1, Assert.Single(warning.Columns));
        Assert.Equal("less than one point has a value of dimension 1 in component 0 (dimensions count from 0): means and variances there come from the start, not from the data",
            warning.Message);
        Assert.Equal(means[1], fit.Model.Mean(0)[1], 20.0);
        Assert.DoesNotContain((problem.WithGaps(0.2)).FitGaps(10).Warnings, warning => warning.Kind == FitWarningKind.NotIdentified);
    }

    [Fact]
    public void PatternsOfTheirOwnAreExactToo()
    {
        // 70 dimensions: masks of two words, and every point a pattern of its own.
        var problem = Blobs.Build(seed: 48, n: 300, d: 70, k: 2, separation: 1).WithGaps(0.3);
        var fit = problem.FitGaps(1, regularization: 0.1);
        Assert.Equal(300, fit.Gaps!.Patterns);
        Assert.True(fit.Gaps.PatternWork > 100);
        var twin = ReferenceGaps.Step(problem.Rows, problem.Reference(), 0.1);
        Assert.InRange(Distance.Of(twin.Weights, twin.Means, twin.Covariances, fit.Model).Largest, 0, 1e-9);
    }

    [Fact]
    public void NearlySingularMarginalsDoNotEndAFit()
    {
        // The second column repeats the first to 1e-7, so every order of factorization loses most digits.
        var random = new Random(5);
        var data = new double[3 * 400];
        for (var i = 0; i < 400; i++)
        {
            var x = random.NextDouble();
            (data[3 * i], data[3 * i + 1], data[3 * i + 2]) = (x, x + 1e-7 * random.NextDouble(), random.NextDouble());
            if (i % 4 > 0) data[3 * i + i % 4 - 1] = double.NaN;
        }
        var fit = MixtureFit.Fit(
            new Points(data, 3), new FitOptions { Components = 1, MissingValues = MissingValues.Marginalize, Regularization = 0, MaxIterations = 30, Stop = StopRule.FixedCount });
        Assert.Equal(FitStatus.MaxIterations, fit.Status);
        Assert.True(fit.Model.Variance(0, 0) is > 0.05 and < 0.12 && fit.Model.Variance(0, 1) is > 0.05 and < 0.12);
    }

    [Theory]
    [InlineData(CollapsePolicy.Keep)]
    [InlineData(CollapsePolicy.Reseed)]
    [InlineData(CollapsePolicy.Drop)]
    public void CollapsesAreMendedAsWithoutGaps(CollapsePolicy policy)
    {
        var problem = Blobs.Build(seed: 49, n: 600, d: 2, k: 2, separation: 4).WithGaps(0.1);
        var data = problem.Data.ToArray();
        for (var i = 0; i < 40; i++) (data[2 * i], data[2 * i + 1]) = (50, 50);
        var start = new GaussianMixture(
            CovarianceType.Full, 2, [0.1, 0.45, 0.45], [50, 50, .. problem.Means], [1e-6, 0, 0, 1e-6, .. problem.Covariances]);
        var fit = MixtureFit.Fit(new Points(data, 2), new FitOptions
        {
            Components = 3,
            InitialModel = start,
            MissingValues = MissingValues.Marginalize,
            OnCollapse = policy,
            Regularization = 0,
            MaxIterations = 40,
        });
        Assert.Contains(fit.Recoveries, recovery => recovery.Action == policy);
        Assert.Equal(policy == CollapsePolicy.Drop ? 2 : 3, fit.Model.ComponentCount);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void AFloorHoldsAndTheLogLikelihoodRises(string type)
    {
        var problem = Blobs.Build(seed: 50, n: 800, d: 3, k: 4, type, separation: 2).WithGaps(0.3);
        var options = new FitOptions
        {
            Components = 4,
            CovarianceType = problem.Options().CovarianceType,
            MissingValues = MissingValues.Marginalize,
            VarianceFloor = 0.2,
            Regularization = 0,
            MaxIterations = 20,
        };
        var fit = MixtureFit.Fit(new Points(problem.Data, 3), options);

        // The start may be below the floor.
        for (var t = 2; t < fit.Trace.Length; t++) Assert.True(fit.Trace[t] >= fit.Trace[t - 1] - 1e-9 * Math.Abs(fit.Trace[t]));
        var pooled = MixtureFit.Fit(new Points(problem.Data, 3), options with
        {
            Components = 1,
            VarianceFloor = 0,
            MaxIterations = 500,
            Stop = StopRule.MeanChange(1e-9),
            CovarianceType = Layout.HasOffDiagonal(type) ? CovarianceType.Full : CovarianceType.Diagonal,
        });
        for (var k = 0; k < 4; k++)
        {
            var mean = Enumerable.Range(0, 3).Average(j => pooled.Model.Variance(0, j));
            for (var j = 0; j < 3; j++)
            {
                var least = fit.Model.CovarianceType is CovarianceType.Spherical or CovarianceType.TiedSpherical ? mean : pooled.Model.Variance(0, j);
                Assert.True(fit.Model.Variance(k, j) >= 0.2 * 0.98 * least);
            }
        }
    }

    [Fact]
    public void CancellationEndsAFitInAnyPass()
    {
        var problem = Blobs.Build(seed: 51, n: 3_000, d: 3, k: 2, separation: 2).WithGaps(0.2);
        using var before = new CancellationTokenSource();
        before.Cancel();
        var options = new FitOptions { Components = 2, MissingValues = MissingValues.Marginalize };
        Assert.Throws<OperationCanceledException>(() => MixtureFit.Fit(new Points(problem.Data, 3), options, before.Token));
        using var during = new CancellationTokenSource();
        var fit = MixtureFit.Fit(new Points(problem.Data, 3), options with { Progress = new Canceler(during, 3), Stop = StopRule.FixedCount }, during.Token);
        Assert.Equal((FitStatus.Cancelled, 3), (fit.Status, fit.Iterations));
    }

    private static FitOptions[] Kinds(MixtureProblem problem, int iterations)
    {
        var given = problem.Options(iterations, regularization: 1e-3);
        return
        [
            given, given with { InitialModel = null, Restarts = 2, VarianceFloor = 0.01 }, given with { InitialModel = null, Start = StartMethod.RandomPoints },
        ];
    }

    private sealed class Sink<T>(List<object> events) : IProgress<T>
    {
        public void Report(T value) => events.Add(value!);
    }

    private sealed class Canceler(CancellationTokenSource source, int iteration) : IProgress<IterationInfo>
    {
        public void Report(IterationInfo value)
        {
            if (value.Iteration == iteration) source.Cancel();
        }
    }

    /// <summary>Gives points in the scratch of the reader, as files do.</summary>
    private sealed class Copying<T>(T[] rows, int dimension) : PointSource<T>
        where T : unmanaged
    {
        public override long PointCount => rows.Length / dimension;

        public override int Dimension => dimension;

        public override ReadOnlySpan<T> Read(long first, int count, Span<T> scratch)
        {
            rows.AsSpan((int)first * dimension, count * dimension).CopyTo(scratch);
            return scratch[..(count * dimension)];
        }
    }
}
