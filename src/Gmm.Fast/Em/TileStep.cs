using System.Numerics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>Does the E-step and the sums of the M-step on one block, tile by tile, without the components that have no share of a tile.</summary>
internal interface ITileStep<T> : IBlockPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether the next passes go by tiles; otherwise they compute all components of a block.</summary>
    bool ByTiles { get; set; }

    /// <summary>The bounds that tell which components to leave out; null for a step that leaves out none.</summary>
    TileBounds<T>? Bounds { get; }

    /// <summary>Receives the leading components of each point; null for none.</summary>
    LeadingComponents? Leaders { get; set; }

    /// <summary>Pairs of a tile and a component that were computed since the last reset.</summary>
    long Computed { get; }

    /// <summary>Pairs of a tile and a component of which some point had a share since the last reset.</summary>
    long Shared { get; }

    /// <summary>Pairs of a tile and a component since the last reset.</summary>
    long Pairs { get; }

    /// <summary>Begins to count anew.</summary>
    void ResetCounts();
}

/// <inheritdoc cref="ITileStep{T}"/>
/// <remarks>
/// Results have the bits of <see cref="BlockStep{TLanes, TVector, T, TForm, TMoments, TAssignment}"/>. A component is left out where each share is
/// exactly 0 there too, shares of a point are summed in the order of the components, and vectors of points without a share add exactly nothing to
/// moments: those that are left keep their places in the lanes.
/// The components that had a share of a tile in the last pass come first. From their densities follows how far away the others have to be.
/// </remarks>
/// <typeparam name="TLanes">Width.</typeparam>
/// <typeparam name="TVector">Vector of that width.</typeparam>
/// <typeparam name="T">Element type of the points.</typeparam>
/// <typeparam name="TForm">Densities of the components.</typeparam>
/// <typeparam name="TMoments">Moments that are summed.</typeparam>
/// <param name="bounds">The bounds of all tiles; null to compute all pairs.</param>
internal sealed unsafe class TileStep<TLanes, TVector, T, TForm, TMoments>(TileBounds<T>? bounds) : ITileStep<T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    where TForm : struct, IForm<T>
    where TMoments : struct, IMoments<T>
{
    private readonly BlockStep<TLanes, TVector, T, TForm, TMoments, SoftAssignment<TLanes, TVector, T>> _whole = new();
    private long _computed;
    private long _shared;
    private long _pairs;

    public bool ByTiles { get; set; }

    public TileBounds<T>? Bounds => bounds;

    public LeadingComponents? Leaders { get; set; }

    public long Computed => _computed;

    public long Shared => _shared;

    public long Pairs => _pairs;

    public void ResetCounts() => _computed = _shared = _pairs = 0;

    public void Run(
        in PointBlock<T> block, KernelParameters<T> parameters, in Workspace<T> workspace, T* centers, SufficientStatistics statistics,
        Prefetch<T> next = default)
    {
        if (ByTiles && Leaders?.Takes(block.Number) != false)
        {
            var room = new TileRoom<T>(workspace.Extra, workspace.Points, block.Columns, parameters.Components);
            next.Part(0);
            if (Shares(block, parameters, workspace, room, out var entries))
            {
                next.Part(1);
                Totals(block, workspace, statistics);
                next.Part(2);
                TileMoments<TLanes, TVector, T, TMoments>.Accumulate(block, parameters, workspace, room, entries, centers, statistics);
                next.Part(3);
                return;
            }
            bounds?.Forget(block.Number);
            Leaders?.Fail();
        }
        _whole.Run(block, parameters, workspace, centers, statistics, next);
    }

    // Writes the shares of all tiles as entries of one tile and one component each. Returns false where a point is out of reach of all components.
    private bool Shares(in PointBlock<T> block, KernelParameters<T> parameters, in Workspace<T> workspace, in TileRoom<T> room, out int entries)
    {
        int tile = BlockShape.TileOf<T>(), tiles = block.Padded / tile;
        long computed = 0, shared = 0;
        entries = 0;
        for (var t = 0; t < tiles; t++)
        {
            var points = Copy(block, t * tile, room);
            var (first, second) = (0, 0);
            if (bounds is not null) first = bounds.Active(block.Number, t, room.First);
            else new Span<int>(parameters.All.Indices, first = parameters.Components).CopyTo(new Span<int>(room.First, first));
            if (first > 0) TForm.Distances(points, parameters, new ActiveComponents(room.First, first), workspace.Scratch, room.Distances);
            if (bounds is not null)
            {
                var isCertain = Floors(room, first, parameters.Constants);
                second = bounds.Others(block.Number, t, room.Floors, room.Scratch, room.Second);
                var distances = room.Distances + (nint)first * room.TileStride;
                var others = new ActiveComponents(room.Second, second);
                if (second > 0 && isCertain && bounds.IsCertain)
                    TForm.DistancesWithin(points, parameters, others, workspace.Scratch, distances, room.Floors, room.Limits);
                else if (second > 0)
                    TForm.Distances(points, parameters, others, workspace.Scratch, distances);
            }

            var count = first + second;
            var joint = workspace.Joint + (nint)entries * tile;
            Merge(room, first, second, parameters.Constants, joint, room.EntryComponents + entries, workspace.Constants);
            T* maxima = workspace.LogDensities + t * tile, sums = workspace.Scales + t * tile;
            SoftAssignment<TLanes, TVector, T>.Assign(joint, tile, count, tile, workspace.Constants, maxima, sums, parameters.Reach);
            if (new Span<T>(maxima, tile).Contains(T.MinValue)) return false;
            if (Leaders is { } leaders)
            {
                var real = Math.Min(tile, block.Count - t * tile);
                leaders.Note(block.Number, t * tile, real, block.Count, joint, tile, room.EntryComponents + entries, count);
            }
            computed += count;
            if (bounds is not null) NoteBest(block.Number, t, maxima, room);
            var kept = Keep(block.Number, t, joint, first, count, entries, room);
            shared += kept - entries;
            entries = kept;
        }
        Interlocked.Add(ref _computed, computed);
        Interlocked.Add(ref _shared, shared);
        Interlocked.Add(ref _pairs, (long)tiles * parameters.Components);
        return true;
    }

    private static PointBlock<T> Copy(in PointBlock<T> block, nint first, in TileRoom<T> room)
    {
        var tile = BlockShape.TileOf<T>();
        T* from = block.X + first, to = room.X;
        for (var j = 0; j < block.Columns; j++, from += block.Stride, to += room.TileStride)
        {
            for (nint p = 0; p < tile; p += TLanes.Count) TLanes.Store(to + p, TLanes.Load(from + p));
        }
        return new PointBlock<T>(room.X, room.TileStride, block.Columns, tile, tile);
    }

    // Writes the floor of each point from its largest log among the first components. Returns whether all are certain.
    [MethodImpl(Compiled.Once)]
    private bool Floors(in TileRoom<T> room, int count, T* constants)
    {
        var tile = BlockShape.TileOf<T>();
        var minusHalf = TLanes.Broadcast(T.CreateTruncating(BinaryLog.MinusHalfLog2E));
        for (nint p = 0; p < tile; p += TLanes.Count)
        {
            var max = TLanes.Broadcast(T.MinValue);
            var distances = room.Distances + p;
            for (var a = 0; a < count; a++, distances += room.TileStride)
                max = TLanes.Max(TLanes.Fma(TLanes.Load(distances), minusHalf, TLanes.Broadcast(constants[room.First[a]])), max);
            TLanes.Store(room.Floors + p, max);
        }
        var isCertain = true;
        for (var p = 0; p < tile; p++)
        {
            var floor = bounds!.Floor(double.CreateTruncating(room.Floors[p]));
            room.Floors[p] = T.CreateTruncating(floor);
            isCertain &= double.IsFinite(floor);
        }
        return isCertain;
    }

    // Copies the distances of both lists to joint [count x tile], in the order of the components.
    [MethodImpl(Compiled.Once)]
    private static void Merge(in TileRoom<T> room, int first, int second, T* constants, T* joint, int* components, T* gathered)
    {
        var tile = BlockShape.TileOf<T>();
        var others = room.Distances + (nint)first * room.TileStride;
        for (int i = 0, j = 0; i + j < first + second; joint += tile)
        {
            var takesFirst = j == second || (i < first && room.First[i] < room.Second[j]);
            var k = takesFirst ? room.First[i] : room.Second[j];
            var from = takesFirst ? room.Distances + (nint)i * room.TileStride : others + (nint)j * room.TileStride;
            (components[i + j], gathered[i + j]) = (k, constants[k]);
            for (nint p = 0; p < tile; p += TLanes.Count) TLanes.Store(joint + p, TLanes.Load(from + p));
            if (takesFirst) i++;
            else j++;
        }
    }

    // Notes the largest logs of a tile, and keeps them in floors as distances: q + floor is then least where the margin is.
    private void NoteBest(long block, int tile, T* maxima, in TileRoom<T> room)
    {
        var (log2E, perBit) = (TLanes.Broadcast(T.CreateTruncating(BinaryLog.Log2E)), TLanes.Broadcast(T.CreateTruncating(-1 / BinaryLog.MinusHalfLog2E)));
        for (nint p = 0; p < BlockShape.TileOf<T>(); p += TLanes.Count)
        {
            var best = TLanes.Multiply(log2E, TLanes.Load(maxima + p));
            TLanes.Store(room.Limits + p, best);
            TLanes.Store(room.Floors + p, TLanes.Multiply(perBit, best));
        }
        bounds!.NoteBest(block, tile, room.Limits);
    }

    // Keeps the entries whose component has a share of some point, in place, and notes the margins of the others. Returns the new number of entries.
    [MethodImpl(Compiled.Once)]
    private int Keep(long block, int tile, T* joint, int first, int count, int entries, in TileRoom<T> room)
    {
        var points = BlockShape.TileOf<T>();
        var to = joint;
        var components = room.EntryComponents + entries;
        int i = 0, j = first;
        for (var a = 0; a < count; a++, joint += points)
        {
            var k = components[a];
            var row = room.Distances + (nint)(i < first && room.First[i] == k ? i++ : j++) * room.TileStride;
            var any = false;
            for (nint p = 0; p < points && !any; p += TLanes.Count) any = TLanes.AnyLess(TLanes.Zero, TLanes.Load(joint + p));
            if (!any)
            {
                bounds?.NoteMargin(block, tile, k, Least(row, room));
                continue;
            }
            bounds?.MarkActive(block, tile, k);
            if (to != joint) new Span<T>(joint, points).CopyTo(new Span<T>(to, points));
            room.EntryComponents[entries] = k;
            room.EntryTiles[entries++] = tile;
            to += points;
        }
        return entries;
    }

    // NaN where one of the distances is.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Least(T* distances, in TileRoom<T> room)
    {
        var least = TLanes.Add(TLanes.Load(distances), TLanes.Load(room.Floors));
        var total = least;
        for (nint p = TLanes.Count; p < BlockShape.TileOf<T>(); p += TLanes.Count)
        {
            var sum = TLanes.Add(TLanes.Load(distances + p), TLanes.Load(room.Floors + p));
            least = TLanes.SelectLess(sum, least, sum, least);
            total = TLanes.Add(total, sum);
        }
        TLanes.Store(room.Limits, least);
        TLanes.Store(room.Limits + TLanes.Count, total);
        var smallest = room.Limits[0];
        for (var i = 0; i < TLanes.Count; i++) smallest = T.IsNaN(room.Limits[TLanes.Count + i]) ? T.NaN : T.Min(room.Limits[i], smallest);
        return double.CreateTruncating(smallest);
    }

    // The sums of log-densities and weights over the block: no point is out of reach, so shares are as they are.
    private static void Totals(in PointBlock<T> block, in Workspace<T> workspace, SufficientStatistics statistics)
    {
        if (block.Weights is null)
        {
            ShareSums<TLanes, TVector, T>.Total(
                joint: null, block.Stride, components: 0, block.Count, block.Padded, constants: null, workspace.LogDensities, workspace.Scales,
                workspace.Tile);
            statistics.TotalWeight += block.Count;
        }
        else
        {
            ShareSums<TLanes, TVector, T>.LogDensities(
                joint: null, block.Stride, components: 0, block.Padded, constants: null, workspace.LogDensities, workspace.Scales);
            ShareSums<TLanes, TVector, T>.Weigh(block.Padded, block.Weights, workspace.LogDensities, workspace.Scales, workspace.Tile);
            statistics.TotalWeight += BlockWeights.Sum(block);
        }
        statistics.LogLikelihood += LaneSum.Tree<T>(workspace.Tile);
        statistics.PointCount += block.Count;
    }
}
