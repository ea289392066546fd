using System.Buffers;
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

    /// <summary>Counts the blocks of a number of points.</summary>
    public static long Blocks(long points, int dimension) => BlockShape.For<double>(points, dimension).Blocks;

    /// <summary>Scores the points [first, first + count) of a source.</summary>
    /// <param name="scorer">The mixture.</param>
    /// <param name="source">The points.</param>
    /// <param name="first">The first point; targets begin there.</param>
    /// <param name="count">The number of points; may be 0.</param>
    /// <param name="targets">Receive the scores.</param>
    /// <param name="threads">The most workers, at least 1.</param>
    /// <param name="cancellation">Ends the pass.</param>
    /// <exception cref="OperationCanceledException">The pass was canceled; the targets are undefined.</exception>
    public static void Run(
        BlockScorer scorer, PointSource<double> source, long first, long count, in ScoreTargets targets, int threads, CancellationToken cancellation)
    {
        if (count == 0) return;
        var points = (int)Math.Min(
            BlockShape.For<double>(count, scorer.Dimension).BlockPoints, BlockShape.Pad<double>((int)Math.Min(count, int.MaxValue / 2)));
        var work = (double)count * scorer.Dimension * scorer.Components;
        var workers = (int)Math.Clamp(work / WorkPerWorker, 1, Math.Min(threads, (count + points - 1) / points));
        if (workers == 1)
        {
            long next = 0;
            try
            {
                Work(scorer, source, first, count, points, targets, ref next, cancellation);
            }
            catch (BlockFailure e)
            {
                ExceptionDispatchInfo.Throw(e.InnerException!);
            }
            return;
        }
        using var team = new WorkTeam(workers);
        var job = new Job(scorer, source, first, count, points, targets, cancellation);
        team.Run(workers, job.Work);
        job.Failure?.Throw();
    }

    // Scores the blocks that this worker takes, one after the other.
    private static void Work(
        BlockScorer scorer, PointSource<double> source, long first, long count, int points, in ScoreTargets targets, ref long next,
        CancellationToken cancellation)
    {
        const int Alignment = 8;
        var length = checked((int)scorer.MemoryLength(points) + points * (scorer.Dimension + 1) + Alignment);
        var rented = ArrayPool<double>.Shared.Rent(length);
        try
        {
            fixed (double* memory = rented)
            {
                // Pooled arrays start at any address; a vector across two cache lines costs two reads.
                var aligned = (double*)(((nuint)memory + Alignment * sizeof(double) - 1) & ~(nuint)(Alignment * sizeof(double) - 1));
                var scratch = aligned + scorer.MemoryLength(points);
                var weights = scratch + (nint)points * scorer.Dimension;
                for (var block = Interlocked.Increment(ref next) - 1; block * points < count; block = Interlocked.Increment(ref next) - 1)
                {
                    cancellation.ThrowIfCancellationRequested();
                    try
                    {
                        Block(scorer, source, first, count, points, targets, block, aligned, scratch, weights);
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
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    private static void Block(
        BlockScorer scorer, PointSource<double> source, long first, long count, int points, in ScoreTargets targets, long block, double* memory,
        double* scratch, double* weights)
    {
        var start = block * points;
        var number = (int)Math.Min(points, count - start);
        var rows = source.Read(first + start, number, new Span<double>(scratch, number * scorer.Dimension));
        var total = targets.BlockTotals is null ? null : targets.BlockTotals + block;
        Span<double> given = [];
        if (total is not null && source.HasWeights)
        {
            given = new Span<double>(weights, number);
            source.ReadWeights(first + start, given);
            BlockPacker.CheckRows(rows, scorer.Dimension, given, source.FirstRow + first + start);
            number = BlockPacker.Compact(rows, scorer.Dimension, given, new Span<double>(scratch, rows.Length), out rows);
            given = given[..number];
            *total = 0;
            if (number == 0) return;
        }
        scorer.Score(rows, given, memory, points, targets.From(start, scorer.Components), total, source.FirstRow + first + start);
    }

    /// <summary>Holds a pass that several workers share.</summary>
    private sealed class Job(
        BlockScorer scorer, PointSource<double> source, long first, long count, int points, ScoreTargets targets, CancellationToken cancellation)
    {
        private readonly ScoreTargets _targets = targets;
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
                BatchScorer.Work(scorer, source, first, count, points, _targets, ref _next, cancellation);
            }
            catch (BlockFailure e)
            {
                lock (_gate)
                {
                    if (_failure is null || e.Block < _failure.Block) _failure = e;
                    Volatile.Write(ref _next, long.MaxValue / 2 / points);
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
