using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>Passes over all points of a data set, whatever their element type.</summary>
internal interface ISweep : IDisposable
{
    /// <summary>The sums of the last pass that was not cancelled.</summary>
    SufficientStatistics Statistics { get; }

    /// <summary>Of the points.</summary>
    Precision Precision { get; }

    /// <summary>
    /// Fills <see cref="Statistics"/> under the given parameters, with moments about their means, or about the new means where the first pass
    /// showed that centering would cost digits. False when cancelled: the statistics are then of no use.
    /// </summary>
    bool Run(MixtureParameters parameters);
}

/// <summary>
/// One pass over all blocks. Owns the order of addition: blocks go to shards by number, a worker takes whole shards, and shards are folded as a
/// fixed binary tree, so the sums have the same bits whatever the number of workers and whoever took which shard.
/// </summary>
internal sealed unsafe class Sweep<T> : ISweep
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Arithmetic (point-component-feature products) of 20 to 40 us: what a worker must have to do, or to wait for it costs more than it brings.
    private const double WorkPerWorker = 50_000;

    // Moments about a center far from the mean lose this factor's digits when centered; from here on they are taken again about the new mean.
    // Floats have few to lose.
    private static readonly double s_maxCancellation = typeof(T) == typeof(float) ? 30 : 1e3;

    // The first blocks, up to this size, stay packed between passes: more would count as memory, and packing is a few percent of the work. Where
    // there is one pass only, none do: writing them to fresh memory takes as long as half an iteration at D = 8.
    private const long PackedBytes = 48L << 20;

    private readonly IBlockSource<T> _source;
    private readonly IBlockPass<T> _step;
    private readonly BlockShape _shape;
    private readonly IStatisticsReducer? _reducer;
    private readonly CancellationToken _cancellation;
    private readonly AlignedBuffer<T>[] _memory;
    private readonly AlignedBuffer<T> _packed;
    private readonly long _packedBlocks;
    private readonly AlignedBuffer<T> _centers;
    private readonly StatisticsTree _tree;
    private readonly WorkTeam _team;
    private readonly int _workers;
    private readonly Action<int> _work;
    private KernelParameters<T>? _parameters;
    private bool _isPacked;
    private int _nextShard;

    /// <summary>
    /// A sweep over <paramref name="source"/> by <paramref name="team"/>; <paramref name="once"/> where one pass is all there will be: then no block
    /// stays packed.
    /// </summary>
    public Sweep(
        IBlockSource<T> source, IBlockPass<T> step, SufficientStatistics result, WorkTeam team, IStatisticsReducer? reducer,
        CancellationToken cancellation, bool once = false)
    {
        _source = source;
        _step = step;
        _reducer = reducer;
        _cancellation = cancellation;
        Statistics = result;
        _shape = BlockShape.For<T>(source.RowCount, source.ColumnCount);
        _team = team;
        var work = (double)source.RowCount * source.ColumnCount * result.Components;
        _workers = (int)Math.Clamp(work / WorkPerWorker, 1, Math.Min(team.Size, _shape.Shards));
        _work = Work;
        _memory = new AlignedBuffer<T>[_workers];
        for (var i = 0; i < _workers; i++) _memory[i] = new AlignedBuffer<T>(Workspace<T>.Length(_shape.BlockPoints, source.ColumnCount, result.Components));
        _packedBlocks = once ? 0 : Math.Min(_shape.Blocks, PackedBytes / sizeof(T) / BlockLength);
        _packed = new AlignedBuffer<T>(_packedBlocks * BlockLength);
        _centers = new AlignedBuffer<T>((long)result.Components * result.Dimension);
        _tree = new StatisticsTree(result, _shape.Shards, _workers);
    }

    /// <inheritdoc/>
    public SufficientStatistics Statistics { get; }

    /// <inheritdoc/>
    public Precision Precision => typeof(T) == typeof(float) ? Precision.Single : Precision.Double;

    private int BlockStride => Workspace<T>.StrideOf(_shape.BlockPoints);

    private long BlockLength => (long)BlockStride * _source.ColumnCount;

    /// <inheritdoc/>
    public bool Run(MixtureParameters parameters)
    {
        _parameters ??= new KernelParameters<T>(parameters);
        _parameters.Load(parameters);
        if (!Pass(parameters.Means)) return false;

        var cancels = false;
        var moments = CovarianceTypes.For(Statistics.CovarianceType);
        for (var k = 0; k < Statistics.Components; k++)
            cancels |= Statistics.EffectiveCount(k) > 0 && moments.Cancellation(Statistics, k) > s_maxCancellation;
        if (!cancels) return true;

        Maximization.Means(Statistics, Statistics.Centers);
        return Pass(Statistics.Centers);
    }

    public void Dispose()
    {
        foreach (var buffer in _memory) buffer.Dispose();
        _packed.Dispose();
        _centers.Dispose();
        _parameters?.Dispose();
    }

    // The centers are numbers of the element type, so that deviations from them are exact where it matters.
    private bool Pass(ReadOnlySpan<double> centers)
    {
        for (var i = 0; i < centers.Length; i++)
        {
            _centers.Pointer[i] = T.CreateTruncating(centers[i]);
            Statistics.Centers[i] = double.CreateTruncating(_centers.Pointer[i]);
        }
        _nextShard = 0;
        _tree.Reset();
        _team.Run(_workers, _work);
        if (_cancellation.IsCancellationRequested) return false;
        _isPacked = true;
        _reducer?.AllReduce(Statistics);

        // Out of the range of T is out of range, though the sum of doubles has room for it.
        if (typeof(T) == typeof(float) && !(Statistics.LogLikelihood > float.MinValue)) Statistics.LogLikelihood = double.MinValue;
        return true;
    }

    private void Work(int worker)
    {
        var workspace = new Workspace<T>(_memory[worker].Pointer, _shape.BlockPoints, _source.ColumnCount, Statistics.Components);
        for (var shard = Interlocked.Increment(ref _nextShard) - 1; shard < _shape.Shards; shard = Interlocked.Increment(ref _nextShard) - 1)
        {
            var statistics = _tree.Rent();
            var end = _shape.FirstBlock(shard + 1);
            for (var block = _shape.FirstBlock(shard); block < end; block++)
            {
                if (_cancellation.IsCancellationRequested) return;
                var next = _isPacked && block + 1 < Math.Min(end, _packedBlocks) ? new Prefetch<T>(_packed.Pointer + (block + 1) * BlockLength, BlockLength) : default;
                _step.Run(Block(block, workspace), _parameters!, workspace, _centers.Pointer, statistics, next);
            }
            _tree.Complete(shard, statistics);
        }
    }

    private PointBlock<T> Block(long block, in Workspace<T> workspace)
    {
        var first = block * _shape.BlockPoints;
        var count = (int)Math.Min(_shape.BlockPoints, _source.RowCount - first);
        var padded = BlockShape.Pad<T>(count);
        var kept = block < _packedBlocks;
        var target = kept ? _packed.Pointer + block * BlockLength : workspace.X;
        return kept && _isPacked
            ? new PointBlock<T>(target, BlockStride, _source.ColumnCount, count, padded)
            : BlockPacker.Pack(_source.GetRows(first, count, workspace.RowScratch), _source.ColumnCount, target, BlockStride, padded);
    }
}
