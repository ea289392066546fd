using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks scores of many points in one pass: any set of them, any number of threads, spans and sources.</summary>
public class BatchScoringTests
{
    private const int N = 12_345;

    public static TheoryData<string> Types => [.. Layout.CovarianceTypes];

    [Theory]
    [MemberData(nameof(Types))]
    public void EverySetOfOutputsAndEveryNumberOfThreadsGiveTheSameBits(string type)
    {
        var problem = Blobs.Build(seed: 71, N, d: 5, k: 4, type, separation: 2);
        var model = problem.Model();
        var expected = Scores.Of(model, problem.Data);
        for (var set = 0; set < 32; set++)
        {
            foreach (var threads in (int[])[1, 3, -1])
            {
                T[] Room<T>(int bit, int length) => (set >> bit & 1) == 1 ? new T[length] : [];
                var (labels, logs) = (Room<int>(0, N), Room<double>(1, N));
                var (shares, components, distances) = (Room<double>(2, 4 * N), Room<double>(3, 4 * N), Room<double>(4, 4 * N));
                model.Score(
                    new Points(problem.Data, 5),
                    new ScoreOutputs
                    {
                        Labels = labels,
                        LogDensities = logs,
                        Responsibilities = shares,
                        ComponentLogDensities = components,
                        MahalanobisDistances = distances,
                        Weighted = true,
                    },
                    threads);
                if (labels.Length > 0) Assert.Equal(expected.Labels, labels);
                if (logs.Length > 0) Measures.SameBits(expected.LogDensities, logs, "log-densities");
                if (shares.Length > 0) Measures.SameBits(expected.Responsibilities, shares, "responsibilities");
                if (components.Length > 0) Measures.SameBits(expected.Weighted, components, "components");
                if (distances.Length > 0) Measures.SameBits(expected.Distances, distances, "distances");
            }
        }
    }

    [Fact]
    public void FewBlocksAreSharedWithoutAChangeOfABit()
    {
        // Work for several threads in less than a block, in some, and in as many as go on as they are.
        var problem = Blobs.Build(seed: 76, N, d: 20, k: 20, separation: 2);
        var model = problem.Model();
        foreach (var count in (int[])[40, 250, 385, 1_024, 2_000, N])
        {
            var rows = problem.Data.AsSpan(0, 20 * count).ToArray();
            double[] expected = new double[count], actual = new double[count];
            model.LogDensities(new Points(rows, 20), expected, maxDegreeOfParallelism: 1);
            var total = model.TotalLogLikelihood(new Points(rows, 20), maxDegreeOfParallelism: 1);
            foreach (var threads in (int[])[2, 3, 7, 64])
            {
                model.LogDensities(new Points(rows, 20), actual, threads);
                Measures.SameBits(expected, actual, $"{count} points, {threads} threads");
                Measures.SameBits([total], [model.TotalLogLikelihood(new Points(rows, 20), threads)], "total");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void ASourceIsScoredInOrderWithTheBitsOfASpan(string type)
    {
        var problem = Blobs.Build(seed: 72, N, d: 3, k: 3, type, separation: 2);
        var model = problem.Model();
        var expected = Scores.Of(model, problem.Data);
        var floats = Measures.To<float>(problem.Data);
        var expectedOfFloats = Scores.Of(model, [.. floats.Select(x => (double)x)]);
        foreach (var threads in (int[])[1, 2, 5])
        {
            Same(expected, Read(receiver => model.Score(new Source<double>(problem.Data, 3), All, receiver, weighted: true, threads)));
            Same(expectedOfFloats, Read(receiver => model.Score(new Source<float>(floats, 3), All, receiver, weighted: true, threads)));
            Measures.SameBits(
                [model.TotalLogLikelihood(new Points(problem.Data, 3))], [model.TotalLogLikelihood(new Source<double>(problem.Data, 3), threads)], "total");
        }

        static void Same(Scores expected, Scores actual)
        {
            Assert.Equal(expected.Labels, actual.Labels);
            Measures.SameBits(expected.LogDensities, actual.LogDensities, "log-densities");
            Measures.SameBits(expected.Responsibilities, actual.Responsibilities, "responsibilities");
            Measures.SameBits(expected.Weighted, actual.Weighted, "components");
            Measures.SameBits(expected.Distances, actual.Distances, "distances");
        }
    }

    [Fact]
    public void FloatsInMemoryAreScoredAsDoubles()
    {
        var problem = Blobs.Build(seed: 73, 3_000, d: 3, k: 3);
        var floats = Measures.To<float>(problem.Data);
        Scores.Of(problem.Model(), [.. floats.Select(x => (double)x)]).SameBits(Scores.Of(problem.Model(), new Points(floats, 3)));
    }

    [Fact]
    public void TheFirstNumberThatIsNotFiniteIsNamedWhateverTheThreads()
    {
        var problem = Blobs.Build(seed: 74, N, d: 3, k: 3);
        foreach (var row in (int[])[9_000, 4_000, 4_001, 12_000]) problem.Data[3 * row + 1] = double.NaN;
        var labels = new int[N];
        for (var run = 0; run < 50; run++)
        {
            foreach (var threads in (int[])[1, 4])
            {
                var failure = Assert.Throws<ArgumentException>(() => problem.Model().Labels(new Points(problem.Data, 3), labels, threads));
                Assert.StartsWith("rows[4000, 1] is NaN; finite values are required", failure.Message);
            }
        }
    }

    [Fact]
    public void ACanceledPassEnds()
    {
        var problem = Blobs.Build(seed: 75, N, d: 3, k: 3);
        using var cancellation = new CancellationTokenSource();
        var read = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => problem.Model().Score(
            new Source<double>(problem.Data, 3) { OnRead = () => { if (++read == 5) cancellation.Cancel(); } }, Fast.Scores.Labels, _ => { }, cancellation: cancellation.Token,
            maxDegreeOfParallelism: 1));
        Assert.Equal(5, read);
    }

    [Fact]
    public void WrongLengthsAreRefused()
    {
        var problem = Blobs.Build(seed: 76, 10, d: 3, k: 2);
        var model = problem.Model();
        Refused("Labels has 9 values; 10 x 1 = 10 are required", () => model.Score(new Points(problem.Data, 3), new ScoreOutputs { Labels = new int[9] }));
        Refused("Responsibilities has 10 values; 10 x 2 = 20 are required",
            () => model.Score(new Points(problem.Data, 3), new ScoreOutputs { Responsibilities = new double[10] }));
        Refused("points has 5 dimensions; 3 are required", () => model.Score(new Points(problem.Data, 5), new ScoreOutputs { Labels = new int[6] }));
        Refused("maxDegreeOfParallelism is 0; at least 1, or -1 for all processors, is required",
            () => model.Labels(new Points(problem.Data, 3), new int[10], maxDegreeOfParallelism: 0));

        static void Refused(string message, Action action) => Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(action).Message);
    }

    private static Fast.Scores All =>
        Fast.Scores.Labels | Fast.Scores.LogDensities | Fast.Scores.Responsibilities | Fast.Scores.ComponentLogDensities | Fast.Scores.MahalanobisDistances;

    private static Scores Read(Action<ScoreReceiver> score)
    {
        var (labels, logs, shares) = (new List<int>(), new List<double>(), new List<double>());
        var (components, distances) = (new List<double>(), new List<double>());
        score(block =>
        {
            Assert.Equal(labels.Count, block.First);
            Assert.Equal(block.Count, block.Labels.Length);
            labels.AddRange(block.Labels);
            logs.AddRange(block.LogDensities);
            shares.AddRange(block.Responsibilities);
            components.AddRange(block.ComponentLogDensities);
            distances.AddRange(block.MahalanobisDistances);
        });
        return new Scores([.. labels], [.. logs], [.. shares], [.. components], [], [.. distances]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TotalsOfWindowsHaveTheBitsOfOne(bool hasGaps)
    {
        // 33 blocks: windows of one, two, four and sixteen, the last ones longer.
        var problem = Blobs.Build(seed: 77, N, d: 3, k: 4, separation: 2);
        var rows = problem.Data.ToArray();
        for (var i = 0; hasGaps && i < rows.Length; i += 97) rows[i] = double.NaN;
        var model = problem.Model().WithMissingValues(hasGaps ? MissingValues.Marginalize : MissingValues.Error);
        var expected = model.TotalLogLikelihood(new Points(rows, 3));
        foreach (var blocks in hasGaps ? (int[])[16, 1_000] : [1, 2, 4, 16, 32, 33, 1_000])
        {
            foreach (var threads in (int[])[1, 3])
                Measures.SameBits([expected], [model.TotalLogLikelihood(new Source<double>(rows, 3), blocks, threads, CancellationToken.None)], $"{blocks} blocks");
        }
    }

    [Fact]
    public void TheTotalOfAnyNumberOfPointsTakesLittleMemory()
    {
        var model = Blobs.Build(seed: 1, n: 1, d: 2, k: 2).Model();
        using var canceling = new CancellationTokenSource();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var endless = new Endless(canceling);
        Assert.ThrowsAny<OperationCanceledException>(() => model.TotalLogLikelihood(endless, maxDegreeOfParallelism: 1, canceling.Token));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Fact]
    public void ANegativeNumberOfPointsIsRefused()
    {
        var model = Blobs.Build(seed: 1, n: 1, d: 2, k: 2).Model();
        var source = new NegativeSource(2);
        Refused(() => model.TotalLogLikelihood(source));
        Refused(() => model.Score(source, Gmm.Fast.Scores.LogDensities, _ => { }));
        Refused(() => model.WithDensityQuantiles(source));
        using var stepper = new EmStepper(model);
        Refused(() => stepper.Expect(source, stepper.CreateStatistics()));

        static void Refused(Action action) =>
            Assert.StartsWith("PointCount is -5; at least 0 is required", Assert.Throws<ArgumentOutOfRangeException>(action).Message);
    }

    private sealed class Endless(CancellationTokenSource canceling) : PointSource<double>
    {
        public override long PointCount => 1_000_000_000_000;

        public override int Dimension => 2;

        public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
        {
            if (first > 100_000) canceling.Cancel();
            scratch[..(2 * count)].Clear();
            return scratch[..(2 * count)];
        }
    }

    private sealed class Source<T>(T[] rows, int d) : PointSource<T>
        where T : unmanaged
    {
        public Action? OnRead { get; init; }

        public override long PointCount => rows.Length / d;

        public override int Dimension => d;

        public override ReadOnlySpan<T> Read(long first, int count, Span<T> scratch)
        {
            OnRead?.Invoke();
            rows.AsSpan((int)first * d, count * d).CopyTo(scratch);
            return scratch[..(count * d)];
        }
    }
}
