using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks several processes that fit one model, as threads of this one.</summary>
public class RankTests
{
    private static readonly MixtureProblem s_problem = Blobs.Build(seed: 21, n: 20_000, d: 3, k: 3, separation: 2);

    public static TheoryData<string, int> Types()
    {
        var types = new TheoryData<string, int>();
        foreach (var type in Layout.CovarianceTypes)
        {
            foreach (var ranks in (int[])[1, 2, 4, 8]) types.Add(type, ranks);
        }
        return types;
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void RanksThatHoldWholeShardsGiveTheBitsOfOneProcess(string type, int ranks)
    {
        var problem = Blobs.Build(seed: 22, n: 20_000, d: 3, k: 3, type, separation: 2);
        var given = problem.Options(4, regularization: 1e-3);
        FitOptions[] kinds =
        [
            given, given with { InitialModel = null, Restarts = 2, VarianceFloor = 0.01 }, given with { InitialModel = null, Start = StartMethod.RandomPoints },
        ];
        foreach (var options in kinds)
        {
            var expected = MixtureFit.Fit(new Points(problem.Data, 3), options);
            foreach (var fit in Fit<double>(problem.Data, 3, ranks, options)) Measures.SameBits(expected, fit);
            var floats = Measures.To<float>(problem.Data);
            var single = MixtureFit.Fit(new Points(floats, 3), options);
            foreach (var fit in Fit<float>(floats, 3, ranks, options)) Measures.SameBits(single, fit);
        }
    }

    // Of 3,000 points there are 8 blocks, as many shards, of 100 one: most ranks are empty. 96 shards are no power of two.
    [Theory]
    [InlineData(3_000, 8)]
    [InlineData(100, 4)]
    [InlineData(160_000, 8)]
    [InlineData(20_000, 3)]
    [InlineData(20_000, 7)]
    public void AnyNumberOfRanksGivesTheBitsOfOneProcessWhereTheyBeginAtShards(int points, int ranks)
    {
        var problem = Blobs.Build(seed: 23, points, d: 2, k: 2, separation: 1);
        var options = new FitOptions { Components = 2, MaxIterations = 3, Progressive = Progressive.Off };
        var expected = MixtureFit.Fit(new Points(problem.Data, 2), options);
        foreach (var fit in Fit<double>(problem.Data, 2, ranks, options)) Measures.SameBits(expected, fit);
    }

    [Fact]
    public void PartsOfAnySizeGiveTheSameBitsInEveryRunAndRank()
    {
        int[] cuts = [0, 1_234, 1_235, 9_999, 20_000];
        var options = new FitOptions { Components = 3, MaxIterations = 5 };
        FitResult[] Run(int threads) => Ranks.Run(4, (rank, communicator) => MixtureFit.Fit(
            new Points(s_problem.Data.AsSpan((3 * cuts[rank])..(3 * cuts[rank + 1])), 3),
            options with { Communicator = communicator, MaxDegreeOfParallelism = threads }));

        var fits = Run(1);
        foreach (var fit in fits[1..].Concat(Run(3))) Measures.SameBits(fits[0], fit);
        var whole = MixtureFit.Fit(new Points(s_problem.Data, 3), options);
        Assert.InRange(Distance.Of(whole.Model, fits[0].Model).Largest, 0, 1e-12);
        Assert.Equal(20_000, fits[0].Points);
    }

    [Fact]
    public void WeightedPartsGiveTheBitsOfOneProcess()
    {
        double[] weights = [.. Enumerable.Range(0, 20_000).Select(i => i % 5 * 0.5)];
        var options = new FitOptions { Components = 3, MaxIterations = 4 };
        var expected = MixtureFit.Fit(new Points(s_problem.Data, 3).WithWeights(weights), options);
        foreach (var ranks in (int[])[2, 4])
        {
            var fits = Ranks.Run(ranks, (rank, communicator) =>
            {
                var (first, count) = PointPart.Of<double>(20_000, 3, rank, ranks);
                return MixtureFit.Fit(
                    new Points(s_problem.Data.AsSpan((int)first * 3, (int)count * 3), 3).WithWeights(weights.AsSpan((int)first, (int)count)),
                    options with { Communicator = communicator });
            });
            foreach (var fit in fits) Measures.SameBits(expected, fit);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void WeightedPartsMayBeEmpty(int empty)
    {
        double[] weights = [.. Enumerable.Range(0, 20_000).Select(i => 1 + i % 3)];
        var fits = Ranks.Run(3, (rank, communicator) => MixtureFit.Fit(
            (rank == empty ? new Points([], 3).WithWeights([]) : new Points(s_problem.Data, 3).WithWeights(weights)),
            new FitOptions { Components = 2, MaxIterations = 2, Communicator = communicator }));
        foreach (var fit in fits) Measures.SameBits(fits[0], fit);
    }

    [Fact]
    public void TheCenterComesFromTheFirstRankThatHasAPoint()
    {
        var data = s_problem.Data.Select(x => x + 1e6).ToArray();
        double[] weights = [.. Enumerable.Range(0, 20_000).Select(i => i < 10_000 ? 0.0 : 2)];
        var options = new FitOptions { Components = 2, Start = StartMethod.RandomPoints, MaxIterations = 2 };
        var expected = MixtureFit.Fit(new Points(data, 3).WithWeights(weights), options);
        var fits = Ranks.Run(4, (rank, communicator) =>
        {
            var (first, count) = PointPart.Of<double>(20_000, 3, rank, 4);
            return MixtureFit.Fit(
                new Points(data.AsSpan((int)first * 3, (int)count * 3), 3).WithWeights(weights.AsSpan((int)first, (int)count)),
                options with { Communicator = communicator });
        });
        foreach (var fit in fits) Measures.SameBits(expected, fit);
    }

    [Fact]
    public void ASourceThatCannotBeOpenedEndsAllWithTheRank() => AllEnd(
        (rank, options) => rank == 2 ? MixtureFit.Fit(new Missing(), options) : MixtureFit.Fit(new Points(s_problem.Data, 3), options),
        "rank 2: there is no such file");

    [Fact]
    public void AFailureOfTheLastReportEndsAllWithTheRank() => AllEnd(
        (rank, options) => MixtureFit.Fit(
            new Points(s_problem.Data[..6_000], 3),
            options with { Progress = rank == 1 ? new Throwing() : null, Stop = StopRule.FixedCount, MaxIterations = 1 }),
        "rank 1: nobody listens");

    [Fact]
    public void OtherModelsToStartFromEndAllWithTheRank()
    {
        var (model, other) = (s_problem.Model(), (s_problem with { Weights = [.. s_problem.Weights.Reverse()] }).Model());
        AllEnd(
            (rank, options) => MixtureFit.Fit(
                new Points(s_problem.Data, 3), options with { Components = 3, InitialModel = rank == 1 ? other : model }),
            "rank 1: has another initial model than rank 0; all ranks need the same");
        AllEnd(
            (rank, options) => MixtureFit.Fit(
                new Points(s_problem.Data, 3), options with { Components = 3, Starts = _ => rank == 2 ? other : model }),
            "rank 2: has another start than rank 0; all ranks need the same");
    }

    [Fact]
    public void ARankWithoutPointsIsNamedInAWarningOfAllRanks()
    {
        var fits = Ranks.Run(3, (rank, communicator) => MixtureFit.Fit(
            rank == 1 ? new Points([], 3) : new Points(s_problem.Data, 3), new FitOptions { Components = 2, MaxIterations = 2, Communicator = communicator }));
        foreach (var fit in fits)
        {
            Assert.Equal(fits[0].Status, fit.Status);
            Assert.Equal("rank 1 holds no points", Assert.Single(fit.Warnings, warning => warning.Kind == FitWarningKind.EmptyRank).Message);
        }
    }

    [Fact]
    public void NoPointsAnywhereAreRefusedByAllRanks() => AllEnd(
        (_, options) => MixtureFit.Fit(new Points([], 3), options), "no process has points; at least one point is required");

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void ARankThatHoldsANaNEndsAllWithTheRankAndThePlace(int bad) => AllEnd(
        (rank, options) =>
        {
            var part = s_problem.Data[..3_000];
            if (rank == bad) part[7] = double.NaN;
            return MixtureFit.Fit(new Points(part, 3), options);
        },
        $"rank {bad}: rows[2, 1] is NaN; finite values are required");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void ARankOfAnotherShapeEndsAllWithTheRank(int bad) => AllEnd(
        (rank, options) => MixtureFit.Fit(new Points(s_problem.Data[..2_400], rank == bad ? 4 : 3), options),
        bad == 0 ? "rank 1: has points of 3 dimensions; rank 0 has 4" : "rank 1: has points of 4 dimensions; rank 0 has 3");

    [Fact]
    public void ARankWithOtherOptionsEndsAllWithTheRank()
    {
        AllEnd(
            (rank, options) => MixtureFit.Fit(new Points(s_problem.Data[..2_400], 3), options with { Components = rank == 2 ? 5 : 2 }),
            "rank 2: has another number of components than rank 0; all ranks need the same");
        AllEnd(
            (rank, options) => MixtureFit.Fit(new Points(s_problem.Data[..2_400], 3), options with { Regularization = rank == 1 ? 5 : 2 }),
            "rank 1: has another regularization than rank 0; all ranks need the same");
        AllEnd(
            (rank, options) => MixtureFit.Fit(new Points(s_problem.Data[..2_400], 3), options with { Regularization = rank == 1 ? -5 : 2 }),
            "rank 1: Regularization is -5; a finite number of at least 0 is required");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(20)]
    public void ARankThatThrowsInItsSourceEndsAllWithTheRank(int reads) => AllEnd(
        (rank, options) => MixtureFit.Fit(
            new Source(s_problem.Data[..6_000], () => throw new IOException("the disk is gone")) { Reads = rank == 1 ? reads : int.MaxValue },
            options with { PackingBudget = 0 }),
        "rank 1: the disk is gone");

    [Fact]
    public void ACallersOwnFailureEndsAllWithTheRank()
    {
        AllEnd(
            (rank, options) => MixtureFit.Fit(
                new Points(s_problem.Data[..6_000], 3), options with { Progress = rank == 1 ? new Throwing() : null, Stop = StopRule.FixedCount }),
            "rank 1: nobody listens");
        AllEnd(
            (rank, options) => MixtureFit.Fit(
                new Points(s_problem.Data[..6_000], 3),
                options with { Starts = restart => rank == 1 ? throw new IOException("no model") : s_problem.Model(), Components = 3 }),
            "rank 1: no model");
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(3, false)]
    [InlineData(25, true)]
    [InlineData(40, true)]
    public void ARankThatIsCanceledEndsAllWithTheSameStatusAndModel(int reads, bool hasModel)
    {
        // 6,000 numbers are 6 blocks: the survey reads them, the start, then every pass of EM.
        var ends = Ranks.Try(3, (rank, communicator) =>
        {
            using var source = new CancellationTokenSource();
            var points = new Source(s_problem.Data[..6_000], source.Cancel) { Reads = rank == 1 ? reads : int.MaxValue };
            return MixtureFit.Fit(
                points, new FitOptions { Components = 2, Stop = StopRule.FixedCount, MaxIterations = 20, PackingBudget = 0, Communicator = communicator }, source.Token);
        });
        foreach (var (fit, failure) in ends)
        {
            if (!hasModel)
            {
                Assert.Equal("The fit was canceled by rank 1 before it had a model.", Assert.IsType<OperationCanceledException>(failure).Message);
                continue;
            }
            Assert.Null(failure);
            Assert.Equal((FitStatus.Cancelled, "rank 1 was canceled"), (fit!.Status, fit.Failure));
            Measures.SameBits(ends[0].Result!, fit);
        }
    }

    [Fact]
    public void ACommunicatorOfOneIsNoCommunicator()
    {
        var options = new FitOptions { Components = 2, MaxIterations = 2 };
        var expected = MixtureFit.Fit(new Points(s_problem.Data, 3), options);
        Measures.SameBits(expected, Ranks.Run(1, (_, communicator) => MixtureFit.Fit(new Points(s_problem.Data, 3), options with { Communicator = communicator }))[0]);
    }

    [Theory]
    [InlineData(1, 1, 8)]
    [InlineData(383, 3, 2)]
    [InlineData(20_000, 3, 4)]
    [InlineData(1_000_000, 3, 7)]
    public void PartsTileThePoints(long points, int dimension, int ranks)
    {
        long next = 0;
        for (var rank = 0; rank < ranks; rank++)
        {
            var (first, count) = PointPart.Of<double>(points, dimension, rank, ranks);
            Assert.Equal(next, first);
            Assert.InRange(count, 0, points);
            next += count;
        }
        Assert.Equal(points, next);
    }

    // All ranks fail alike, and the message names the rank. Ranks that wait for each other fail in Ranks.Try.
    private static void AllEnd(Func<int, FitOptions, FitResult> fit, string message)
    {
        var ends = Ranks.Try(3, (rank, communicator) => fit(rank, new FitOptions { Components = 2, MaxIterations = 50, Communicator = communicator }));
        foreach (var (_, failure) in ends)
        {
            Assert.NotNull(failure);
            Assert.StartsWith(message, failure.Message);
            Assert.Equal(ends[0].Failure!.GetType(), failure.GetType());
        }
    }

    private static FitResult[] Fit<T>(T[] data, int d, int ranks, FitOptions options)
        where T : unmanaged => Ranks.Run(ranks, (rank, communicator) =>
        {
            var (first, count) = PointPart.Of<T>(data.Length / d, d, rank, ranks);
            var part = data.AsSpan((int)first * d, (int)count * d);
            var own = options with { Communicator = communicator, MaxDegreeOfParallelism = 1 + rank % 3 };
            return typeof(T) == typeof(float)
                ? MixtureFit.Fit(new Points((float[])(object)part.ToArray(), d), own)
                : MixtureFit.Fit(new Points((double[])(object)part.ToArray(), d), own);
        });

    private sealed class Missing : PointSource<double>
    {
        public override long PointCount => throw new FileNotFoundException("there is no such file");

        public override int Dimension => 3;

        public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch) => throw new NotSupportedException();
    }

    private sealed class Throwing : IProgress<IterationInfo>
    {
        public void Report(IterationInfo value)
        {
            if (value.Iteration == 1) throw new InvalidOperationException("nobody listens");
        }
    }

    // Acts after a number of reads, on whatever thread reads.
    private sealed class Source(double[] rows, Action act) : PointSource<double>
    {
        private int _reads;

        public int Reads { get; init; }

        public override long PointCount => rows.Length / 3;

        public override int Dimension => 3;

        public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
        {
            if (Interlocked.Increment(ref _reads) == Reads + 1) act();
            return rows.AsSpan((int)first * 3, count * 3);
        }
    }
}
