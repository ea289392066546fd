using System.Diagnostics;
using System.Numerics;
using Gmm.Fast.Internals;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Blocks;

/// <summary>
/// Reads the points of a source as blocks. The first blocks, up to a budget of memory, stay packed between passes. One worker at a time reads a
/// block, and passes follow each other, so nothing is locked.
/// </summary>
internal sealed unsafe class BlockStore<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Bytes of a block beyond which its rows are packed a few at a time, as many as fill vectors.
    private const long WideBytes = 4 << 20;
    private const int StripRows = 16;

    private PointSource<T> _source;
    private readonly AlignedBuffer<T> _packed;
    private readonly BlockState[] _states;
    private readonly long _blockLength;
    private readonly bool _isWeighted;

    /// <summary>Makes a store of all points of a source.</summary>
    /// <param name="source">The points.</param>
    /// <param name="shape">The division of points into blocks.</param>
    /// <param name="budget">The most bytes of packed blocks; the first block always stays.</param>
    /// <param name="isWeighted">Whether the weights of the source are read.</param>
    public BlockStore(PointSource<T> source, BlockShape shape, long budget, bool isWeighted)
    {
        _source = source;
        _isWeighted = isWeighted;
        Shape = shape;
        Stride = BlockShape.StrideOf<T>(shape.BlockPoints);
        _blockLength = (long)Stride * (source.Dimension + (isWeighted ? 1 : 0));
        PackedBlocks = (int)Math.Min(shape.Blocks, Math.Max(1, budget / sizeof(T) / _blockLength));
        _packed = new AlignedBuffer<T>(PackedBlocks * _blockLength);
        _states = new BlockState[PackedBlocks];
    }

    /// <summary>The division of points into blocks and of blocks into shards.</summary>
    public BlockShape Shape { get; }

    /// <summary>N of this process.</summary>
    public long PointCount => _source.PointCount;

    /// <summary>D.</summary>
    public int Dimension => _source.Dimension;

    /// <summary>Numbers between two columns of a block.</summary>
    public int Stride { get; }

    /// <summary>The number of first blocks that stay packed.</summary>
    public int PackedBlocks { get; }

    /// <summary>Tells whether the points are those of <paramref name="source"/>.</summary>
    public bool Holds(PointSource<T> source) => ReferenceEquals(_source, source);

    /// <summary>Reads one point, unchecked.</summary>
    /// <param name="point">The number of the point.</param>
    /// <param name="scratch">[D], may receive it.</param>
    public ReadOnlySpan<T> Point(long point, Span<T> scratch) => _source.Read(point, 1, scratch);

    /// <summary>Forgets the points and takes others of the same dimension, in blocks of the same shape, with or without weights as before.</summary>
    public void Replace(PointSource<T> source)
    {
        Debug.Assert(source.Dimension == Dimension && source.HasWeights == _isWeighted, "the memory has another layout");
        Debug.Assert(BlockShape.For<T>(source.PointCount, source.Dimension) == Shape, "the blocks have another shape");
        _source = source;
        _states.AsSpan().Clear();
    }

    /// <summary>
    /// Reads one block, or finds it packed. Points of weight 0 are left out, and a block whose points all have weight 1 has no weights.
    /// </summary>
    /// <param name="block">The number of the block.</param>
    /// <param name="room">The memory of one worker.</param>
    /// <param name="check">Whether numbers and weights are checked.</param>
    public PointBlock<T> Load(long block, in BlockRoom<T> room, bool check = false)
    {
        var kept = block < PackedBlocks;
        var target = kept ? _packed.Pointer + block * _blockLength : room.X;
        var weights = !_isWeighted ? null : kept ? target + (nint)Stride * Dimension : room.Weights;
        if (kept && _states[block].IsPacked) return Block(target, _states[block].Count, _states[block].IsWeighted ? weights : null, block);

        var first = block * Shape.BlockPoints;
        var count = (int)Math.Min(Shape.BlockPoints, PointCount - first);
        if (kept && !_isWeighted && !_source.IsInMemory && (long)count * Dimension * sizeof(T) > WideBytes)
        {
            PackByStrips(first, count, target, room, check);
            _states[block] = new BlockState(true, false, count);
            return Block(target, count, null, block);
        }
        var rows = _source.Read(first, count, new Span<T>(room.Rows, count * Dimension));
        var isWeighted = _isWeighted && ReadWeights(first, room, ref count, ref rows, weights, check);
        if (check && !_isWeighted) Check.FiniteRows("rows", rows, Dimension, _source.FirstRow + first);
        if (kept) _states[block] = new BlockState(true, isWeighted, count);
        if (count > 0) BlockPacker.Pack(rows, Dimension, target, Stride, BlockShape.Pad<T>(count));
        return Block(target, count, isWeighted ? weights : null, block);
    }

    /// <summary>Gives the memory of the next block if it is packed and below <paramref name="end"/>, otherwise none.</summary>
    public Prefetch<T> Ahead(long block, long end) =>
        block + 1 < Math.Min(end, PackedBlocks) && _states[block + 1].IsPacked
            ? new Prefetch<T>(_packed.Pointer + (block + 1) * _blockLength, _blockLength)
            : default;

    public void Dispose() => _packed.Dispose();

    private PointBlock<T> Block(T* target, int count, T* weights, long number) =>
        new(target, Stride, Dimension, count, BlockShape.Pad<T>(count), weights, number);

    // Reads and packs a few rows of a wide block at a time, so that its rows are never in memory as a whole beside it.
    private void PackByStrips(long first, int count, T* target, in BlockRoom<T> room, bool check)
    {
        for (var done = 0; done < count; done += StripRows)
        {
            var strip = Math.Min(StripRows, count - done);
            var rows = _source.Read(first + done, strip, new Span<T>(room.Rows, strip * Dimension));
            if (check) Check.FiniteRows("rows", rows, Dimension, _source.FirstRow + first + done);
            BlockPacker.Pack(rows, Dimension, target + done, Stride, done + strip < count ? strip : BlockShape.Pad<T>(count) - done);
        }
    }

    // Leaves out points of weight 0 before their numbers are read. Returns false if all others have weight 1.
    private bool ReadWeights(long first, in BlockRoom<T> room, ref int count, ref ReadOnlySpan<T> rows, T* weights, bool check)
    {
        var given = new Span<double>(room.WeightScratch, count);
        given.Fill(double.NaN);
        _source.ReadWeights(first, given);
        if (check) BlockPacker.CheckRows(rows, Dimension, given, _source.FirstRow + first);
        var all = rows;
        count = BlockPacker.Compact(all, Dimension, given, new Span<T>(room.Rows, all.Length), out rows);
        if (!given[..count].ContainsAnyExcept(1)) return false;
        for (var i = 0; i < count; i++) weights[i] = BlockPacker.Narrow<T>(given[i]);
        new Span<T>(weights + count, BlockShape.Pad<T>(count) - count).Clear();
        return true;
    }

    private readonly record struct BlockState(bool IsPacked, bool IsWeighted, int Count);
}
