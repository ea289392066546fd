using System.Numerics.Tensors;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>
/// Computes the distances from those centers alone that sketches cannot rule out. The distances that remain have the bits of the kernel, and the
/// smallest is always among them, so labels are those of <see cref="AllLabels{TLanes, TVector}"/>.
/// </summary>
internal sealed unsafe class SketchedLabels : IBlockLabels, IDisposable
{
    // Centers whose distances from a tile stay in the first-level cache until they are compared.
    private const int CentersTogether = 64;

    /// <summary>The factor of <see cref="LargestColumn{TLanes, TVector}"/>.</summary>
    public const double HalfDistances = -0.5;

    /// <summary>The factor of <see cref="HardAssignment{TLanes, TVector, T}"/>.</summary>
    public const double BinaryLogs = BinaryLog.MinusHalfLog2E;

    private readonly SketchMap _map;
    private readonly PointSketches? _sketches;
    private readonly ISketchTile _tile;
    private readonly int _blockPoints;
    private readonly int _components;
    private readonly AlignedBuffer<float> _centers;
    private readonly double _factor;
    private readonly int[] _last = [];

    /// <summary>Makes room.</summary>
    /// <param name="map">The map from points to sketches.</param>
    /// <param name="sketches">The sketches of all points; null to make them in every pass.</param>
    /// <param name="width">The width of vectors.</param>
    /// <param name="blockPoints">Points per block.</param>
    /// <param name="components">K.</param>
    /// <param name="factor">The factor of squared distances whose products are compared: rounding may make equals of different distances.</param>
    public SketchedLabels(SketchMap map, PointSketches? sketches, LaneWidth width, int blockPoints, int components, double factor = HalfDistances)
    {
        _factor = factor;
        (_map, _sketches, _tile, _blockPoints, _components) = (map, sketches, SketchTileMaker.Of(width), blockPoints, components);
        _centers = new AlignedBuffer<float>((long)components * map.Columns);
        if (sketches is null) return;
        _last = new int[sketches.Blocks * blockPoints];
        _last.AsSpan().Fill(-1);
    }

    /// <summary>Counts the numbers of <see cref="Workspace{T}.Extra"/> for sketches of at most so many columns.</summary>
    public static long ExtraOf(int columns, int blockPoints, int components) => (Layout.Length(columns, blockPoints, components) + 1) / 2;

    /// <summary>Takes the centers [K x D] of the next pass.</summary>
    public void Follow(ReadOnlySpan<double> centers) => _map.Write(centers, _centers.Pointer);

    public bool Write(in PointBlock<double> block, KernelParameters<double> parameters, in Workspace<double> workspace, double* labels)
    {
        var room = new Layout((float*)workspace.Extra, _map.Columns, _blockPoints, _components);
        float* sketches = room.Sketches, slacks = room.Slacks;
        if (_sketches is null)
        {
            _map.Write(block, sketches, slacks, workspace.Scratch);
        }
        else
        {
            sketches = _sketches.Block(block.Number);
            slacks = _sketches.Slacks(block.Number);
        }
        var isReached = true;
        var points = BlockShape.TileOf<float>();
        for (var first = 0; first < block.Count; first += points)
        {
            var tile = new PointBlock<float>(sketches + (nint)first * _map.Columns, points, _map.Columns, points, points);
            isReached &= Write(block, tile, parameters, room, first, slacks + first, labels + first);
        }
        new Span<double>(labels + block.Count, block.Padded - block.Count).Fill(labels[block.Count - 1]);
        return isReached;
    }

    public void Dispose() => _centers.Dispose();

    private bool Write(
        in PointBlock<double> block, in PointBlock<float> sketches, KernelParameters<double> parameters, in Layout room, int first, float* slacks,
        double* labels)
    {
        var tile = BlockShape.TileOf<float>();
        var points = Math.Min(tile, block.Count - first);
        var last = _last.AsSpan(_sketches is null ? 0 : (int)block.Number * _blockPoints + first, _sketches is null ? 0 : points);
        var isKnown = last.Length > 0 && last[0] >= 0;
        if (!isKnown)
        {
            _tile.Distances(sketches, parameters.All, _centers.Pointer, room.Distances);
            _tile.Nearest(room.Distances, tile, _components, room.Nearest);
        }
        new Span<float>(room.Limits + points, tile - points).Fill(-1);
        for (var p = 0; p < points; p++)
        {
            if (isKnown) room.Nearest[p] = last[p];
            (room.Best[p], labels[p]) = (double.NegativeInfinity, 0);
            room.Limits[p] = float.PositiveInfinity;
            Consider(block, first, p, (int)room.Nearest[p], parameters.Means + (nint)room.Nearest[p] * block.Columns, room, slacks, labels);
        }
        for (var k0 = 0; k0 < _components; k0 += CentersTogether)
        {
            var together = Math.Min(CentersTogether, _components - k0);
            var distances = room.Distances + (isKnown ? 0 : (nint)k0 * tile);
            if (isKnown) _tile.Distances(sketches, new ActiveComponents(parameters.All.Indices + k0, together), _centers.Pointer, distances);
            var count = _tile.Within(distances, tile, together, room.Limits, room.List);
            for (var a = 0; a < count; a++)
            {
                var (k, row) = (k0 + room.List[a], (nint)room.List[a] * tile);
                for (var p = 0; p < points; p++)
                {
                    if (distances[row + p] < room.Limits[p] && k != (int)room.Nearest[p])
                        Consider(block, first, p, k, parameters.Means + (nint)k * block.Columns, room, slacks, labels);
                }
            }
        }
        for (var p = 0; p < last.Length; p++) last[p] = (int)labels[p];
        return TensorPrimitives.Min(new ReadOnlySpan<double>(room.Best, points)) > double.MinValue;
    }

    // Centers come in any order. A log of NaN or minus infinity is above none, see LargestColumn.
    private void Consider(in PointBlock<double> block, int first, int p, int k, double* center, in Layout room, float* slacks, double* labels)
    {
        var square = Square(block, first + p, center);
        var log = _factor * square;
        if (!(log > room.Best[p] || (log == room.Best[p] && k < labels[p]))) return;
        (room.Best[p], labels[p], room.Limits[p]) = (log, k, _map.Limit(square, slacks[p]));
    }

    /// <summary>Gives the squared distance of a point from a center: the operations of the kernel of spherical forms, in their order.</summary>
    /// <param name="block">The points.</param>
    /// <param name="point">The point.</param>
    /// <param name="center">[D].</param>
    public static double Square(in PointBlock<double> block, nint point, double* center)
    {
        double square = 0;
        var x = block.X + point;
        for (nint j = 0; j < block.Columns; j++, x += block.Stride)
        {
            var deviation = center[j] - *x;
            square = Math.FusedMultiplyAdd(deviation, deviation, square);
        }
        return square;
    }

    // The memory of one worker, in floats.
    private readonly struct Layout
    {
        public Layout(float* memory, int columns, int blockPoints, int components)
        {
            int tile = BlockShape.TileOf<float>(), padded = BlockShape.Pad<float>(blockPoints);
            Best = (double*)memory;
            Limits = memory + 2 * tile;
            Nearest = Limits + tile;
            List = (int*)(Nearest + tile);
            Sketches = (float*)(List + Rounded(components));
            Slacks = Sketches + (nint)columns * padded;
            Distances = Slacks + padded;
        }

        // [points of a tile]: the largest product so far.
        public double* Best { get; }

        public float* Limits { get; }

        public float* Nearest { get; }

        // [K].
        public int* List { get; }

        // [tiles x Columns x points of a tile].
        public float* Sketches { get; }

        public float* Slacks { get; }

        // [K x points of a tile].
        public float* Distances { get; }

        public static long Length(int columns, int blockPoints, int components) =>
            (4L + components) * BlockShape.TileOf<float>() + Rounded(components) + (columns + 1L) * BlockShape.Pad<float>(blockPoints);

        private static int Rounded(int components) => (components + 15) / 16 * 16;
    }
}
