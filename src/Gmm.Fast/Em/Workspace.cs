using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Families;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>The memory that one worker needs for one block of points, laid out over memory that the caller owns.</summary>
internal readonly unsafe struct Workspace<T>
    where T : unmanaged, IMultiplyOperators<T, T, T>
{
    private readonly T* _rowScratch;
    private readonly int _columns;

    /// <param name="memory">Room for <see cref="Length"/> numbers.</param>
    /// <param name="points">Points per block, a multiple of the padding.</param>
    /// <param name="columns">D.</param>
    /// <param name="components">K.</param>
    public Workspace(T* memory, int points, int columns, int components)
    {
        _columns = columns;
        Stride = StrideOf(points);
        X = memory;
        Scratch = X + (nint)Stride * columns;
        Joint = Scratch + (nint)Stride * KernelScratch.Columns(columns);
        LogDensities = Joint + (nint)Stride * components;
        Scales = LogDensities + Stride;
        Tile = (double*)(Scales + Stride);
        _rowScratch = (T*)(Tile + LaneSum.TileLength);
        Points = points;
    }

    /// <summary>Points per block.</summary>
    public int Points { get; }

    /// <summary>Numbers between two columns: one vector more than points, so that columns start in different sets of the first-level cache.</summary>
    public int Stride { get; }

    /// <summary>[D x Stride]: the packed block.</summary>
    public T* X { get; }

    /// <summary>[ScratchColumns x Stride].</summary>
    public T* Scratch { get; }

    /// <summary>[K x Stride]: distances, then shares.</summary>
    public T* Joint { get; }

    /// <summary>[Stride]: the largest log of weight times density of a point, then its log-density.</summary>
    public T* LogDensities { get; }

    /// <summary>[Stride]: sums of shares, then their reciprocals: a share times this is a responsibility.</summary>
    public T* Scales { get; }

    /// <summary>[LaneSum.TileLength]: partial sums of a few numbers.</summary>
    public double* Tile { get; }

    /// <summary>[Points x D]: for sources that have no row-major memory of their own.</summary>
    public Span<T> RowScratch => new(_rowScratch, checked(Points * _columns));

    /// <summary>Numbers needed: the block, the scratch, the shares and their scales, the log-densities, the tile, the rows.</summary>
    public static long Length(int points, int columns, int components) =>
        StrideOf(points) * (2L * columns + KernelScratch.Columns(columns) + components + 2) + LaneSum.TileLength * (sizeof(double) / sizeof(T));

    /// <summary>Packs rows [count x D] into <see cref="X"/>, padded to whole tiles.</summary>
    public PointBlock<T> Pack(ReadOnlySpan<T> rows) => BlockPacker.Pack(rows, _columns, X, Stride, BlockShape.Pad<T>(rows.Length / _columns));

    public static int StrideOf(int points) => points + LaneSum.PartialsOf<T>();
}
