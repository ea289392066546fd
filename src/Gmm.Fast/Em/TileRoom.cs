using Gmm.Fast.Blocks;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>Lays out the memory of one worker beside its <see cref="Workspace{T}"/> for a <see cref="TileStep{TLanes, TVector, T, TForm, TMoments}"/>.</summary>
internal readonly unsafe struct TileRoom<T>
    where T : unmanaged
{
    /// <summary>Makes a layout.</summary>
    /// <param name="memory">[<see cref="Length"/>], aligned to doubles.</param>
    /// <param name="points">Points per block, whole tiles.</param>
    /// <param name="columns">D.</param>
    /// <param name="components">K.</param>
    public TileRoom(T* memory, int points, int columns, int components)
    {
        int tile = BlockShape.TileOf<T>(), stride = BlockShape.StrideOf<T>(points), tiles = points / tile;
        TileStride = tile + BlockShape.GapOf<T>();
        X = memory;
        Distances = X + (nint)TileStride * columns;
        Floors = Distances + (nint)TileStride * components;
        Limits = Floors + TileStride;
        Columns = Limits + TileStride;
        Shares = Columns + (nint)stride * columns;
        Scales = Shares + stride;
        Scratch = (float*)(Scales + stride);
        First = (int*)(Scratch + components);
        Second = First + components;
        Heads = Second + components;
        Tails = Heads + components;
        EntryComponents = Tails + components;
        EntryTiles = EntryComponents + (nint)components * tiles;
        Next = EntryTiles + (nint)components * tiles;
    }

    /// <summary>Numbers between two columns of a tile.</summary>
    public int TileStride { get; }

    /// <summary>[D x TileStride]: the points of a tile.</summary>
    public T* X { get; }

    /// <summary>[K x TileStride]: distances as they are computed.</summary>
    public T* Distances { get; }

    /// <summary>[TileStride]: logs below which a component has no share of a point.</summary>
    public T* Floors { get; }

    /// <summary>[TileStride]: distances beyond which a component has no share of a point.</summary>
    public T* Limits { get; }

    /// <summary>[D x Stride]: the columns of the points of which one component has a share.</summary>
    public T* Columns { get; }

    /// <summary>[Stride]: their shares.</summary>
    public T* Shares { get; }

    /// <summary>[Stride]: their scales.</summary>
    public T* Scales { get; }

    /// <summary>[K].</summary>
    public float* Scratch { get; }

    /// <summary>[K]: the components that had a share of the tile.</summary>
    public int* First { get; }

    /// <summary>[K]: other components that may have one.</summary>
    public int* Second { get; }

    /// <summary>[K]: the first entry of each component.</summary>
    public int* Heads { get; }

    /// <summary>[K]: the last entry of each component.</summary>
    public int* Tails { get; }

    /// <summary>[entries]: the component whose shares of a tile an entry holds.</summary>
    public int* EntryComponents { get; }

    /// <summary>[entries]: the tile of an entry.</summary>
    public int* EntryTiles { get; }

    /// <summary>[entries]: the next entry of the same component, -1 for none.</summary>
    public int* Next { get; }

    /// <summary>Counts the numbers of a room.</summary>
    public static long Length(int points, int columns, int components)
    {
        int tile = BlockShape.TileOf<T>(), stride = BlockShape.StrideOf<T>(points), tiles = points / tile;
        var numbers = (tile + BlockShape.GapOf<T>()) * (columns + components + 2L) + stride * (columns + 2L);
        var bytes = sizeof(float) * (long)components + sizeof(int) * (4L * components + 3L * components * tiles);
        return numbers + (bytes + sizeof(T) - 1) / sizeof(T) + LaneSum.PartialsOf<T>();
    }
}
