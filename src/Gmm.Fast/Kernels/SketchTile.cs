using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>Compares the sketches of the points of one tile with those of centers, in floats.</summary>
internal unsafe interface ISketchTile
{
    /// <summary>Writes the squared distance of every sketch of a tile from that of each center.</summary>
    /// <param name="tile">The sketches of the points.</param>
    /// <param name="active">The K centers.</param>
    /// <param name="centers">[K x Columns], their sketches.</param>
    /// <param name="distances">[K x stride of the tile], receives the distances.</param>
    void Distances(in PointBlock<float> tile, in ActiveComponents active, float* centers, float* distances);

    /// <summary>Writes the number of the smallest distance of each point, the first of equals.</summary>
    /// <param name="distances">[K x stride].</param>
    /// <param name="stride">Numbers between two centers.</param>
    /// <param name="count">K, below 2^24.</param>
    /// <param name="nearest">[points of a tile], receives numbers from 0.</param>
    void Nearest(float* distances, nint stride, int count, float* nearest);

    /// <summary>Lists the centers with a distance below the limit of its point. Returns their number.</summary>
    /// <param name="distances">[K x stride].</param>
    /// <param name="stride">Numbers between two centers.</param>
    /// <param name="count">K.</param>
    /// <param name="limits">[points of a tile].</param>
    /// <param name="list">[K], receives the centers, ascending.</param>
    int Within(float* distances, nint stride, int count, float* limits, int* list);
}

/// <inheritdoc cref="ISketchTile"/>
/// <typeparam name="TLanes">Width.</typeparam>
/// <typeparam name="TVector">Vector of that width.</typeparam>
internal sealed unsafe class SketchTile<TLanes, TVector> : ISketchTile
    where TLanes : struct, ILanes<TVector, float>
    where TVector : struct
{
    public void Distances(in PointBlock<float> tile, in ActiveComponents active, float* centers, float* distances) =>
        ScaledDeviations<TLanes, TVector, float>.Distances(tile, active, centers, factors: null, factorLength: 0, distances);

    public void Nearest(float* distances, nint stride, int count, float* nearest) =>
        SmallestOf<QuadLanes<TLanes, TVector, float>, Quad<TVector>>(distances, stride, count, nearest);

    public int Within(float* distances, nint stride, int count, float* limits, int* list) => ListBelow(distances, stride, count, limits, list);

    // Comparisons depend on each other, so four vectors go together. A distance of NaN is below none.
    [MethodImpl(Compiled.Once)]
    private static void SmallestOf<TQuads, TQuad>(float* distances, nint stride, int count, float* nearest)
        where TQuads : struct, ILaneArithmetic<TQuad, float>
        where TQuad : struct
    {
        for (nint p = 0; p < BlockShape.TileOf<float>(); p += TQuads.Count)
        {
            var (number, smallest) = (TQuads.Zero, TQuads.Broadcast(float.PositiveInfinity));
            var column = distances + p;
            for (var k = 0; k < count; k++, column += stride)
            {
                var distance = TQuads.Load(column);
                number = TQuads.SelectLess(distance, smallest, TQuads.Broadcast(k), number);
                smallest = TQuads.SelectLess(distance, smallest, distance, smallest);
            }
            TQuads.Store(nearest + p, number);
        }
    }

    [MethodImpl(Compiled.Once)]
    private static int ListBelow(float* distances, nint stride, int count, float* limits, int* list)
    {
        var found = 0;
        for (var k = 0; k < count; k++, distances += stride)
        {
            var any = false;
            for (nint p = 0; p < BlockShape.TileOf<float>() && !any; p += TLanes.Count) any = TLanes.AnyLess(TLanes.Load(distances + p), TLanes.Load(limits + p));
            if (any) list[found++] = k;
        }
        return found;
    }
}

/// <summary>Makes the kernel of sketches for a width.</summary>
internal readonly struct SketchTileMaker : ILaneUser<float, ISketchTile>
{
    /// <summary>Gives the kernel.</summary>
    public static ISketchTile Of(LaneWidth width) => LaneWidths.SelectSingle<SketchTileMaker, ISketchTile>(width, default);

    public ISketchTile With<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector, float>
        where TVector : struct => new SketchTile<TLanes, TVector>();
}
