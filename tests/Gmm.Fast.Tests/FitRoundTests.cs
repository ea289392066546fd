using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks that a fit whose passes are jobs, joined by files alone, is the fit of one process, bit for bit.</summary>
public class FitRoundTests
{
    // 66 blocks in 32 shards.
    private const int N = 25_000;

    private static readonly MixtureProblem s_problem = Blobs.Build(seed: 41, n: N, d: 3, k: 3, separation: 2);

    public static TheoryData<string, StopKind, int> Kinds()
    {
        var kinds = new TheoryData<string, StopKind, int>();
        foreach (var (type, i) in Layout.CovarianceTypes.Select((type, i) => (type, i))) kinds.Add(type, Enum.GetValues<StopKind>()[i % 4], 1 + 2 * i);
        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void RoundsOfPartsAreTheFitOfOneProcess(string type, StopKind stop, int parts)
    {
        var problem = Blobs.Build(seed: 41, n: N, d: 3, k: 3, type, separation: 2);
        var options = Options() with
        {
            CovarianceType = problem.Model().CovarianceType,
            VarianceFloor = 1e-2,
            ColumnNames = ["a", "b", "c"],
            Stop = stop switch
            {
                StopKind.MeanChange => StopRule.MeanChange(1e-2),
                StopKind.TotalRise => StopRule.TotalRise(50),
                StopKind.Statistical => StopRule.Statistical(0.5),
                _ => StopRule.FixedCount,
            },
            MaxIterations = stop == StopKind.FixedCount ? 3 : 60,
        };
        SameAsFit(problem.Data, null, options, parts);
    }

    [Fact]
    public void FloatsWeightsAndManyPartsGiveTheSameBits()
    {
        double[] weights = [.. Enumerable.Range(0, N).Select(i => i % 4 * 0.7)];
        SameAsFit(s_problem.Data, weights, Options() with { MaxIterations = 2, Stop = StopRule.FixedCount }, 40);
        SameAsFit(Measures.To<float>(s_problem.Data), null, Options() with { MaxIterations = 2, Stop = StopRule.FixedCount }, 5);
    }

    // From means so far away that sums about them have no digits: a round is taken twice.
    [Fact]
    public void SumsThatLoseDigitsAreTakenAgain()
    {
        var model = new GaussianMixture(CovarianceType.Full, 3, [0.5, 0.5], [0, 0, 0, 1e4, 1e4, 1e4], [1e8, 0, 0, 0, 1e8, 0, 0, 0, 1e8, 1e8, 0, 0, 0, 1e8, 0, 0, 0, 1e8]);
        var options = Options() with { Components = 2, InitialModel = model, MaxIterations = 3, Stop = StopRule.FixedCount };
        Assert.True(SameAsFit(s_problem.Data, null, options, 4) > 0);
    }

    [Fact]
    public void AFitGoesOnInRounds()
    {
        var options = Options() with { MaxIterations = 5, Stop = StopRule.FixedCount, Regularization = 1e-4 };
        var expected = MixtureFit.Fit(new Points(s_problem.Data, 3), options);
        var part = MixtureFit.Fit(new Points(s_problem.Data, 3), options with { MaxIterations = 2 });
        var (fit, _) = Rounds(s_problem.Data, null, part, 3, 5);
        Measures.SameBits(expected, fit);
    }

    // Whoever has no numbers of rows still has a fixed order.
    [Fact]
    public void DataSetsOfTheirOwnAddInTheirOrder()
    {
        var start = FitRound.Load(Saved(s_problem.Model().Save));
        PartStatistics[] own = [.. Enumerable.Range(0, 3).Select(i => start.Expect(Rows(s_problem.Data, null, i * 7_001, 7_001), 0, 7_001))];
        var next = start.Maximize(own);
        var together = start.Maximize([start.Expect(Rows(s_problem.Data, null, 0, 21_003), 0, 21_003)]);
        Measures.SameBits(next.Model, start.Maximize(own).Model);
        Assert.Equal(together.Trace[0], next.Trace[0], 1e-12 * Math.Abs(together.Trace[0]));
        for (var i = 0; i < next.Model.Means.Length; i++) Assert.Equal(together.Model.Means[i], next.Model.Means[i], 1e-10);
    }

    [Fact]
    public void APartThatIsThereTwiceIsRefused()
    {
        var start = FitRound.Load(Saved(s_problem.Model().Save));
        var own = start.Expect(Rows(s_problem.Data, null, 0, 7_001), 0, 7_001);
        var other = start.Expect(Rows(s_problem.Data, null, 7_001, 7_001), 0, 7_001);
        var copy = PartStatistics.Load(Saved(own.Save));
        var message = "parts[0] and parts[2] are the same sums, of points 0 to 7000; each part once is required";
        Refused(message, () => start.Maximize([own, other, own], 0));
        Refused(message, () => start.Maximize([own, other, copy], 0));
        Refused(message.Replace("[2]", "[1]"), () => start.Maximize([own, own], 0));
        Refused("parts[1] is null; the sums of a part are required", () => start.Maximize([own, null!]));
        Refused("parts[0] is null; the sums of a part are required", () => start.Maximize([null!]));
        Refused("PointCount is -5; at least 0 is required", () => start.Expect(new NegativeSource(3), 0, 7_001));

        static void Refused(string refusal, Action action) => Assert.StartsWith(refusal, Assert.ThrowsAny<ArgumentException>(action).Message);
    }

    [Fact]
    public void ACollapseEndsWithTheModelBefore()
    {
        double[] data = [.. Enumerable.Range(0, 400).SelectMany(i => (double[])[i % 20, 2 * (i % 20)])];
        var start = FitRound.Load(Saved(new GaussianMixture(CovarianceType.Full, 2, [1], [9, 18], [40, 0, 0, 160]).Save));
        var end = start.Maximize([start.Expect(Rows(data, null, 0, 400, 2), 0, 400)]);
        Assert.Null(end.Result);
        var round = Read(Saved(start.Save), text => text.Replace("\"value\": 2E-12", "\"value\": 0"));
        end = round.Maximize([round.Expect(Rows(data, null, 0, 400, 2), 0, 400)]);
        Assert.Equal(FitStatus.Collapsed, end.Result!.Status);
        var fit = MixtureFit.Fit(new Points(data, 2), new FitOptions { Components = 1, InitialModel = start.Model, Regularization = 0 });
        Assert.Equal(FitStatus.Collapsed, fit.Status);
        Assert.Equal(fit.Failure, end.Result.Failure);
        Measures.SameBits(start.Model, end.Model);

        round.Vocabulary = new Vocabulary { Regularization = "--ridge" };
        end = round.Maximize([round.Expect(Rows(data, null, 0, 400, 2), 0, 400)]);
        Assert.Equal(fit.Failure!.Replace("Regularization > 0", "--ridge > 0", StringComparison.Ordinal), end.Result!.Failure);
    }

    // The second component is so far away that its responsibilities are 0: it stays where it was.
    [Fact]
    public void AComponentThatLosesItsPointsDoesWhatItDoesInOneFit()
    {
        double[] data = [.. Enumerable.Range(0, 400).SelectMany(i => (double[])[i % 20, i % 7])];
        var model = new GaussianMixture(CovarianceType.Full, 2, [0.5, 0.5], [9, 3, 1e6, 1e6], [30, 0, 0, 5, 1, 0, 0, 1]);
        FitOptions Options(int iterations) => new()
        {
            Components = 2,
            InitialModel = model,
            MaxIterations = iterations,
            Stop = StopRule.FixedCount,
            Skipping = Skipping.InOrder,
        };
        var round = FitRound.Load(Saved(MixtureFit.Fit(new Points(data, 2), Options(0)).Save));
        for (var i = 0; i < 2; i++) round = round.Maximize([round.Expect(Rows(data, null, 0, 400, 2), 0, 400)]);
        Measures.SameBits(MixtureFit.Fit(new Points(data, 2), Options(2)).Model, round.Model);
    }

    [Fact]
    public void WrongPartsAreRefused()
    {
        var start = FitRound.Load(Saved(s_problem.Model().Save));
        PartStatistics Part(int rank, int ranks)
        {
            var (first, count) = PointPart.Of<double>(N, 3, rank, ranks);
            return start.Expect(Rows(s_problem.Data, null, first, count), first, N);
        }
        var (left, right) = (Part(0, 2), Part(1, 2));
        Wrong([], "parts is empty; the sums of all points are required");
        Wrong([left], $"points {left.PointCount} to 24999 are in no part; all 25000 are required");
        Wrong([right], $"points 0 to {left.PointCount - 1} are in no part; all 25000 are required");
        Wrong([left, left, right], $"points 0 to {left.PointCount - 1} are in two parts; each in one is required");
        Wrong([left, start.Expect(Rows(s_problem.Data, null, 0, 9), 0, 9)], "one part is of 25000 points in all, another of 9; parts of one data set are required");
        var next = start.Maximize([left, right]);
        Assert.True(left.IsOf(start));
        Assert.False(left.IsOf(next));
        Assert.StartsWith("parts[0], of points 0 to ", Assert.Throws<ArgumentException>(() => next.Maximize([left, right])).Message);
        Assert.StartsWith(
            "the part holds points 1 to 99, which do not begin and end at shards; PointPart gives such parts",
            Assert.Throws<ArgumentException>(() => start.Expect(Rows(s_problem.Data, null, 1, 99), 1, N)).Message);
        Assert.StartsWith(
            "the part holds points 5 to 14 of 9; points from 0 to 8 are required",
            Assert.Throws<ArgumentException>(() => start.Expect(Rows(s_problem.Data, null, 0, 10), 5, 9)).Message);

        void Wrong(PartStatistics[] parts, string message) =>
            Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => start.Maximize(parts)).Message);
    }

    [Fact]
    public void DamagedFilesAreRefused()
    {
        var start = FitRound.Load(Saved(s_problem.Model().Save));
        var whole = Saved(start.Expect(Rows(s_problem.Data, null, 0, 500), 0, 500).Save).ToArray();
        for (var at = 0; at < whole.Length; at += 13)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 1;
            Assert.Throws<InvalidDataException>(() => PartStatistics.Load(new MemoryStream(damaged)));
            Assert.Throws<InvalidDataException>(() => PartStatistics.Load(new MemoryStream(whole[..at])));
        }
        Assert.Equal(500, PartStatistics.Load(new MemoryStream(whole)).PointCount);
    }

    [Theory]
    [InlineData("fit.acceleration is anderson; rounds are of steps of EM, so none is required")]
    [InlineData("fit.responsibilityCutoff is above 0; rounds have none")]
    [InlineData("fit.onCollapse is drop; a collapse ends rounds, so fail is required")]
    [InlineData("missingValues is not error; rounds are of complete points")]
    public void OtherFitsAreRefused(string message)
    {
        var options = Options() with { MaxIterations = 0 };
        options = message.Split(' ')[0] switch
        {
            "fit.acceleration" => options with { Acceleration = Acceleration.Anderson },
            "fit.responsibilityCutoff" => options with { ResponsibilityCutoff = 1e-6 },
            "fit.onCollapse" => options with { OnCollapse = CollapsePolicy.Drop },
            _ => options with { MissingValues = MissingValues.Marginalize },
        };
        var fit = MixtureFit.Fit(new Points(s_problem.Data, 3), options);
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => FitRound.Load(Saved(fit.Save))).Message);
    }

    private static FitOptions Options() => new()
    {
        Components = 3,
        Start = StartMethod.RandomPoints,
        Skipping = Skipping.InOrder,
        Duplicates = Duplicates.Keep,
        Progressive = Progressive.Off,
    };

    // Returns how many rounds were taken twice.
    private static int SameAsFit<T>(T[] data, double[]? weights, FitOptions options, int parts)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var all = Rows(data, weights, 0, data.Length / 3);
        var expected = MixtureFit.Fit(all, options);
        Assert.True(expected.Iterations > 1);
        var (fit, repeated) = Rounds(data, weights, MixtureFit.Fit(all, options with { MaxIterations = 0 }), parts, options.MaxIterations);
        Assert.Equal(System.Text.Encoding.UTF8.GetString(Saved(expected.Save).ToArray()), System.Text.Encoding.UTF8.GetString(Saved(fit.Save).ToArray()));
        return repeated;
    }

    // Everything goes through files, and parts arrive in another order.
    private static (FitResult Fit, int Repeated) Rounds<T>(T[] data, double[]? weights, FitResult start, int parts, int iterations)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var (round, repeated, random) = (FitRound.Load(Saved(start.Save)), 0, new Random(3));
        var rows = data.Length / 3;
        while (round.Result is null)
        {
            var present = round;
            PartStatistics[] sums = [.. Enumerable.Range(0, parts).Select(rank =>
            {
                var (first, count) = PointPart.Of<T>(rows, 3, rank, parts);
                return PartStatistics.Load(Saved(present.Expect(Rows(data, weights, first, count), first, rows, maxDegreeOfParallelism: 1 + rank % 2).Save));
            })];
            random.Shuffle(sums);
            var next = present.Maximize(sums, iterations);
            if (next.IsRepeated) repeated++;
            round = next.Result is null ? FitRound.Load(Saved(next.Save)) : next;
        }
        return (round.Result, repeated);
    }

    private static MemoryStream Saved(Action<Stream> save)
    {
        var stream = new MemoryStream();
        save(stream);
        stream.Position = 0;
        return stream;
    }

    private static FitRound Read(MemoryStream saved, Func<string, string> change)
    {
        var text = change(System.Text.Encoding.UTF8.GetString(saved.ToArray()));
        return FitRound.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    private static ArraySource<T> Rows<T>(T[] data, double[]? weights, long first, long count, int d = 3)
        where T : unmanaged => new(data, weights, first, count, d);

    private sealed class ArraySource<T>(T[] data, double[]? weights, long first, long count, int d) : PointSource<T>
        where T : unmanaged
    {
        public override long PointCount => count;

        public override int Dimension => d;

        public override bool HasWeights => weights is not null;

        public override ReadOnlySpan<T> Read(long from, int length, Span<T> scratch) => data.AsSpan((int)(first + from) * d, length * d);

        public override void ReadWeights(long from, Span<double> into) => weights.AsSpan((int)(first + from), into.Length).CopyTo(into);
    }
}
