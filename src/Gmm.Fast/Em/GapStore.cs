using System.Numerics;
using Gmm.Fast.Blocks;

namespace Gmm.Fast.Em;

/// <summary>
/// Gives the points of a source with gaps as ranges, sorted by pattern. A range is a part of one shard, so ranges depend on N and D alone. The first
/// ranges that were read stay in memory, up to a budget; the others are read and sorted again in every pass.
/// </summary>
internal sealed class GapStore<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PointSource<T> _source;
    private readonly GapRange<T>?[][] _kept;
    private readonly long _blocksPerRange;
    private readonly bool _isWeighted;
    private long _budget;

    /// <summary>Makes a store of all points of a source.</summary>
    /// <param name="source">The points.</param>
    /// <param name="plan">Their place in the tree of shards.</param>
    /// <param name="budget">The most bytes of ranges that stay in memory.</param>
    public GapStore(PointSource<T> source, ShardPlan plan, long budget)
    {
        (_source, Plan, _budget, _isWeighted) = (source, plan, budget, source.HasWeights);
        _blocksPerRange = plan.Shape.PatternRun<T>(source.Dimension);
        _kept = new GapRange<T>?[plan.Shape.Shards][];
        for (var shard = 0; shard < _kept.Length; shard++)
            _kept[shard] = new GapRange<T>?[(plan.FirstBlock(shard + 1) - plan.FirstBlock(shard) + _blocksPerRange - 1) / _blocksPerRange];
    }

    /// <summary>The place of the points in the tree of shards.</summary>
    public ShardPlan Plan { get; }

    /// <summary>The patterns that several ranges have.</summary>
    public GapPatterns Patterns { get; } = new();

    /// <summary>N of this process.</summary>
    public long PointCount => _source.PointCount;

    /// <summary>D.</summary>
    public int Dimension => _source.Dimension;

    /// <summary>Makes the memory of one worker.</summary>
    public GapReader<T> CreateReader() => new(_source, _isWeighted, Plan.Shape.BlockPoints);

    /// <summary>Counts the ranges of a shard.</summary>
    public int Ranges(int shard) => _kept[shard].Length;

    /// <summary>Gives a range, read into the memory of a worker or kept.</summary>
    public GapRange<T> Load(int shard, int range, GapReader<T> reader) => _kept[shard][range] ?? Read(shard, range, reader, check: false, out _);

    /// <summary>Reads a range for the first time: checks it, notes its patterns, and keeps it within the budget.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="range">The range in it.</param>
    /// <param name="reader">The memory of a worker, which holds the rows of the range afterwards.</param>
    /// <param name="first">The first point of the range.</param>
    public GapRange<T> Meet(int shard, int range, GapReader<T> reader, out long first)
    {
        var met = Read(shard, range, reader, check: true, out first);
        Patterns.Add(met.Masks, met.Groups, GapMask.Words(Dimension));
        var bytes = met.Bytes;
        if (Interlocked.Add(ref _budget, -bytes) < 0) Interlocked.Add(ref _budget, bytes);
        else _kept[shard][range] = met.Copy(GapMask.Words(Dimension));
        return met;
    }

    private GapRange<T> Read(int shard, int range, GapReader<T> reader, bool check, out long first)
    {
        long block = Plan.FirstBlock(shard), blocks = Plan.FirstBlock(shard + 1) - block;
        first = (block + blocks * range / Ranges(shard)) * Plan.Shape.BlockPoints;
        var end = Math.Min(PointCount, (block + blocks * (range + 1) / Ranges(shard)) * Plan.Shape.BlockPoints);
        return reader.Read(first, (int)(end - first), check);
    }
}
