using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;

namespace Gmm.Fast.Scoring;

/// <summary>
/// Scores the points of a source in one parallel pass that writes any set of outputs. Every score depends on its point alone, so no bit depends on
/// the number of threads; totals add blocks in their order. One worker allocates nothing.
/// </summary>
internal static unsafe class BatchScorer
{
    // The least work of a worker, in point-component-dimension products.
    private const double WorkPerWorker = 50_000;

    // Up to so many blocks a worker, all workers get as many of them; of more, one more or less does not count.
    private const int EvenBlocks = 8;

    // Blocks that are sorted by pattern together, as far as their rows fit the second-level cache.
    private const int BlocksWithGaps = 16;
    private const int BytesWithGaps = 1 << 20;

    // Numbers beyond which a worker's memory goes back to the machine after the pass: the pool would keep more than very wide data take.
    private const int MostPooled = 1 << 21;

    /// <summary>Counts the blocks of a number of points.</summary>
    public static long Blocks(long points, int dimension) => BlockShape.For<double>(points, dimension).Blocks;

    /// <summary>Scores the points [first, first + count) of a source.</summary>
    /// <param name="scorer">The mixture.</param>
    /// <param name="source">The points.</param>
    /// <param name="first">The first point; targets begin there.</param>
    /// <param name="count">The number of points; may be 0.</param>
    /// <param name="targets">Receive the scores.</param>
    /// <param name="threads">The most workers, at least 1.</param>
    /// <param name="marginals">Score points with gaps; null where these are refused.</param>
    /// <param name="cancellation">Ends the pass.</param>
    /// <exception cref="OperationCanceledException">The pass was canceled; the targets are undefined.</exception>
    public static void Run(
        BlockScorer scorer, PointSource<double> source, long first, long count, in ScoreTargets targets, int threads, MarginalScorers? marginals,
        CancellationToken cancellation)
    {
        if (count == 0) return;
        var (points, workers) = Divide(scorer, count, threads, hasTotals: targets.BlockTotals is not null);
        var task = new ScoreTask(scorer, source, first, count, points, targets, marginals);
        if (workers == 1)
        {
            long next = 0;
            try
            {
                Work(task, ref next, cancellation);
            }
            catch (BlockFailure e)
            {
                ExceptionDispatchInfo.Throw(e.InnerException!);
            }
        }
        else
        {
            using var team = new WorkTeam(workers);
            var job = new Job(task, cancellation);
            team.Run(workers, job.Work);
            job.Failure?.Throw();
        }
        EngineRecorder.Published?.Scored(count);
    }

    // Chooses the points of a block and the number of workers. Totals need the blocks of Blocks; other scores are those of their points in any.
    private static (int Points, int Workers) Divide(BlockScorer scorer, long count, int threads, bool hasTotals)
    {
        var points = Math.Min(BlockShape.For<double>(count, scorer.Dimension).BlockPoints, Padded(count));
        var most = Math.Clamp((double)count * scorer.Dimension * scorer.Components / WorkPerWorker, 1, threads);
        var workers = (int)Math.Min(most, Parts(count, hasTotals ? points : Padded(1)));
        if (workers == 1 || hasTotals) return (points, workers);
        var blocksPerWorker = Parts(Parts(count, points), workers);
        return blocksPerWorker > EvenBlocks ? (points, workers) : (Padded(Parts(count, blocksPerWorker * workers)), workers);

        static long Parts(long count, long size) => (count + size - 1) / size;
        static int Padded(long count) => BlockShape.Pad<double>((int)Math.Min(count, int.MaxValue / 2));
    }

    // Scores the blocks that this worker takes, one after the other; with gaps, several of them together.
    private static void Work(in ScoreTask task, ref long next, CancellationToken cancellation)
    {
        const int Alignment = 8;
        var (scorer, points) = (task.Scorer, task.Points);
        var length = checked((int)scorer.MemoryLength(points) + points * (scorer.Dimension + 1) + Alignment);
        using var own = length > MostPooled ? new AlignedBuffer<double>(length) : null;
        var rented = own is null ? ArrayPool<double>.Shared.Rent(length) : [];
        var unit = task.Marginals is null ? 1 : Math.Clamp(BytesWithGaps / ((long)points * scorer.Dimension * sizeof(double)), 1, BlocksWithGaps);
        GapScorer? gaps = null;
        try
        {
            fixed (double* memory = rented)
            {
                // Pooled arrays start at any address; a vector across two cache lines costs two reads.
                var aligned = own is not null ? own.Pointer
                    : (double*)(((nuint)memory + Alignment * sizeof(double) - 1) & ~(nuint)(Alignment * sizeof(double) - 1));
                var scratch = aligned + scorer.MemoryLength(points);
                var weights = scratch + (nint)points * scorer.Dimension;
                for (var block = Take(ref next, unit); block * points < task.Count; block = Take(ref next, unit))
                {
                    cancellation.ThrowIfCancellationRequested();
                    try
                    {
                        if (task.Marginals is not null && HasGaps(task, block, unit, scratch)) WithGaps(task, gaps ??= task.NewGapScorer(), block, unit, aligned);
                        else for (var one = block; one < block + unit && one * points < task.Count; one++) Block(task, one, aligned, scratch, weights);
                    }
                    catch (Exception e)
                    {
                        throw new BlockFailure(block, e);
                    }
                }
            }
        }
        finally
        {
            if (own is null) ArrayPool<double>.Shared.Return(rented);
        }
    }

    private static long Take(ref long next, long unit) => Interlocked.Add(ref next, unit) - unit;

    private static bool HasGaps(in ScoreTask task, long block, long unit, double* scratch)
    {
        for (var one = block; one < block + unit && one * task.Points < task.Count; one++)
        {
            var number = (int)Math.Min(task.Points, task.Count - one * task.Points);
            var room = new Span<double>(scratch, number * task.Scorer.Dimension);
            if (!TensorPrimitives.IsFiniteAll(task.Source.Read(task.First + one * task.Points, number, room))) return true;
        }
        return false;
    }

    private static void WithGaps(in ScoreTask task, GapScorer gaps, long block, long unit, double* memory)
    {
        var start = block * task.Points;
        var number = (int)Math.Min(unit * task.Points, task.Count - start);
        double* total = null;
        if (task.Targets.BlockTotals is not null)
        {
            total = task.Targets.BlockTotals + block;
            new Span<double>(total, (number + task.Points - 1) / task.Points).Clear();
        }
        gaps.Score(task.First + start, number, task.Targets.From(start, task.Scorer.Components), total, memory);
    }

    private static void Block(in ScoreTask task, long block, double* memory, double* scratch, double* weights)
    {
        var (scorer, source, targets) = (task.Scorer, task.Source, task.Targets);
        var start = block * task.Points;
        var number = (int)Math.Min(task.Points, task.Count - start);
        var rows = source.Read(task.First + start, number, new Span<double>(scratch, number * scorer.Dimension));
        var total = targets.BlockTotals is null ? null : targets.BlockTotals + block;
        Span<double> given = [];
        if (total is not null && source.HasWeights)
        {
            given = new Span<double>(weights, number);
            source.ReadWeights(task.First + start, given);
            BlockPacker.CheckRows(rows, scorer.Dimension, given, source.FirstRow + task.First + start);
            number = BlockPacker.Compact(rows, scorer.Dimension, given, new Span<double>(scratch, rows.Length), out rows);
            given = given[..number];
            *total = 0;
            if (number == 0) return;
        }
        scorer.Score(rows, given, memory, task.Points, targets.From(start, scorer.Components), total, source.FirstRow + task.First + start);
    }

    /// <summary>Holds the arguments of a pass.</summary>
    private readonly record struct ScoreTask(
        BlockScorer Scorer, PointSource<double> Source, long First, long Count, int Points, ScoreTargets Targets, MarginalScorers? Marginals)
    {
        public GapScorer NewGapScorer() =>
            new(Scorer.Mixture, Scorer, Marginals!, Source, Targets.BlockTotals is not null && Source.HasWeights, Points);
    }

    /// <summary>Holds a pass that several workers share.</summary>
    private sealed class Job(ScoreTask task, CancellationToken cancellation)
    {
        private readonly Lock _gate = new();
        private BlockFailure? _failure;
        private OperationCanceledException? _canceled;
        private long _next;

        // Of several failures, that of the first block: all blocks before it were taken too.
        public ExceptionDispatchInfo? Failure =>
            _failure is { } failure ? ExceptionDispatchInfo.Capture(failure.InnerException!)
            : _canceled is { } canceled ? ExceptionDispatchInfo.Capture(canceled) : null;

        public void Work(int worker)
        {
            try
            {
                BatchScorer.Work(task, ref _next, cancellation);
            }
            catch (BlockFailure e)
            {
                lock (_gate)
                {
                    if (_failure is null || e.Block < _failure.Block) _failure = e;
                    Volatile.Write(ref _next, long.MaxValue / 2 / task.Points);
                }
            }
            catch (OperationCanceledException e)
            {
                _canceled = e;
            }
        }
    }

    private sealed class BlockFailure(long block, Exception cause) : Exception(cause.Message, cause)
    {
        public long Block => block;
    }
}
