using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>Lays out the memory of one worker for one block of points, over memory that the caller owns.</summary>
internal readonly unsafe struct Workspace<T>
    where T : unmanaged, IMultiplyOperators<T, T, T>
{
    private readonly T* _rows;
    private readonly double* _weightScratch;
    private readonly int _columns;

    /// <summary>Makes a layout.</summary>
    /// <param name="memory">[<see cref="Length"/>].</param>
    /// <param name="points">Points per block, a multiple of the padding.</param>
    /// <param name="columns">D.</param>
    /// <param name="components">K.</param>
    public Workspace(T* memory, int points, int columns, int components)
    {
        _columns = columns;
        Points = points;
        Stride = BlockShape.StrideOf<T>(points);
        X = memory;
        Scratch = X + (nint)Stride * columns;
        Joint = Scratch + (nint)Stride * KernelScratch.Columns(columns);
        LogDensities = Joint + (nint)Stride * components;
        Scales = LogDensities + Stride;
        Tile = (double*)(Scales + Stride);
        _rows = (T*)(Tile + LaneSum.TileLength);
        Weights = _rows + (nint)points * columns;
        Constants = Weights + Stride;
        _weightScratch = (double*)(Constants + Rounded(components));
        Extra = (T*)(_weightScratch + points);
    }

    /// <summary>Points of a full block.</summary>
    public int Points { get; }

    /// <summary>Numbers between two columns.</summary>
    public int Stride { get; }

    /// <summary>[D x Stride]: the packed block.</summary>
    public T* X { get; }

    /// <summary>[<see cref="KernelScratch.Columns"/> x Stride].</summary>
    public T* Scratch { get; }

    /// <summary>[K x Stride]: distances, then shares.</summary>
    public T* Joint { get; }

    /// <summary>[Stride]: the largest log of weight times density of a point, then its log-density.</summary>
    public T* LogDensities { get; }

    /// <summary>[Stride]: sums of shares, then the factors from shares to responsibilities.</summary>
    public T* Scales { get; }

    /// <summary>[Stride]: the weights of the points of a block that does not stay packed.</summary>
    public T* Weights { get; }

    /// <summary>[K]: the constants of the active components, if those are not all.</summary>
    public T* Constants { get; }

    /// <summary>[<see cref="LaneSum.TileLength"/>]: partial sums.</summary>
    public double* Tile { get; }

    /// <summary>What a sweep was asked to add for its pass.</summary>
    public T* Extra { get; }

    /// <summary>The memory into which a block is read.</summary>
    public BlockRoom<T> Room => new(X, _rows, Weights, _weightScratch);

    /// <summary>Counts the numbers of the block, the scratch, the shares, three more numbers per point, the tile, the weights and the rows.</summary>
    public static long Length(int points, int columns, int components) =>
        BlockShape.StrideOf<T>(points) * (2L * columns + KernelScratch.Columns(columns) + components + 3) + Rounded(components)
        + (LaneSum.TileLength + points) * (sizeof(double) / sizeof(T));

    /// <summary>Packs <paramref name="rows"/> [count x D] into <see cref="X"/>, padded to whole tiles.</summary>
    public PointBlock<T> Pack(ReadOnlySpan<T> rows) => BlockPacker.Pack(rows, _columns, X, Stride, BlockShape.Pad<T>(rows.Length / _columns));

    // Rounds up, so that what follows is aligned to doubles.
    private static int Rounded(int components) => (components + LaneSum.PartialsOf<T>() - 1) / LaneSum.PartialsOf<T>() * LaneSum.PartialsOf<T>();
}
