using System.Numerics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>
/// Adds the moments of a block of which each component has a share of some tiles only. Vectors of points without a share add exactly nothing, and those
/// that are left keep their places in the lanes, so sums have the bits of those over all points.
/// </summary>
/// <typeparam name="TLanes">Width.</typeparam>
/// <typeparam name="TVector">Vector of that width.</typeparam>
/// <typeparam name="T">Element type of the points.</typeparam>
/// <typeparam name="TMoments">Moments that are summed.</typeparam>
internal static unsafe class TileMoments<TLanes, TVector, T, TMoments>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TMoments : struct, IMoments<T>
{
    /// <summary>Adds the moments of one component after the other, over the points of which it has a share.</summary>
    /// <param name="block">The points.</param>
    /// <param name="parameters">The mixture.</param>
    /// <param name="workspace">The memory of one worker: shares [entries x points of a tile] in Joint, and scales.</param>
    /// <param name="room">The component and the tile of each entry, in the order of the tiles.</param>
    /// <param name="entries">Pairs of a tile and a component that has a share of it.</param>
    /// <param name="centers">[K x D], the origins of deviations.</param>
    /// <param name="statistics">Receives the sums.</param>
    public static void Accumulate(
        in PointBlock<T> block, KernelParameters<T> parameters, in Workspace<T> workspace, in TileRoom<T> room, int entries, T* centers,
        SufficientStatistics statistics)
    {
        Link(room, parameters.Components, entries);
        fixed (double* sums = statistics.Values)
        {
            for (var k = 0; k < parameters.Components; k++)
            {
                if (room.Heads[k] < 0) continue;
                var points = Gather(block, workspace, room, room.Heads[k], out var scales);
                TMoments.Accumulate(points, new MomentArguments<T>
                {
                    Active = new ActiveComponents(parameters.All.Indices + k, 1),
                    Joint = room.Shares,
                    Scales = scales,
                    Centers = centers,
                    Scratch = workspace.Scratch,
                    Tile = workspace.Tile,
                    Sums = sums,
                });
            }
        }
    }

    // Links the entries of each component, in the order of the tiles.
    private static void Link(in TileRoom<T> room, int components, int entries)
    {
        new Span<int>(room.Heads, components).Fill(-1);
        for (var e = 0; e < entries; e++)
        {
            var k = room.EntryComponents[e];
            if (room.Heads[k] < 0) room.Heads[k] = e;
            else room.Next[room.Tails[k]] = e;
            room.Tails[k] = e;
            room.Next[e] = -1;
        }
    }

    // Gives the points of which a component has a share, each with the others of its widest vector: the block itself where they are most of it.
    [MethodImpl(Compiled.Once)]
    private static PointBlock<T> Gather(in PointBlock<T> block, in Workspace<T> workspace, in TileRoom<T> room, int head, out T* scales)
    {
        int tile = BlockShape.TileOf<T>(), n = LaneSum.PartialsOf<T>();
        var most = block.Padded / n * 3 / 4;
        var tiles = 0;
        for (var e = head; e >= 0; e = room.Next[e]) tiles++;
        if (tiles * (tile / n) > most)
        {
            new Span<T>(room.Shares, block.Padded).Clear();
            for (var e = head; e >= 0; e = room.Next[e])
                new Span<T>(workspace.Joint + (nint)e * tile, tile).CopyTo(new Span<T>(room.Shares + (nint)room.EntryTiles[e] * tile, tile));
            scales = workspace.Scales;
            return new PointBlock<T>(block.X, block.Stride, block.Columns, block.Count, block.Padded);
        }

        var count = 0;
        for (var e = head; e >= 0; e = room.Next[e])
        {
            T* shares = workspace.Joint + (nint)e * tile;
            var first = (nint)room.EntryTiles[e] * tile;
            for (nint p = 0; p < tile; p += n)
            {
                if (!AnyShare(shares + p)) continue;
                CopyGroup(shares + p, room.Shares + count);
                CopyGroup(workspace.Scales + first + p, room.Scales + count);
                T* from = block.X + first + p, to = room.Columns + count;
                for (var j = 0; j < block.Columns; j++, from += block.Stride, to += block.Stride) CopyGroup(from, to);
                count += n;
            }
        }
        scales = room.Scales;
        return new PointBlock<T>(room.Columns, block.Stride, block.Columns, count, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AnyShare(T* shares)
    {
        for (var p = 0; p < LaneSum.PartialsOf<T>(); p += TLanes.Count)
        {
            if (TLanes.AnyLess(TLanes.Zero, TLanes.Load(shares + p))) return true;
        }
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyGroup(T* from, T* to)
    {
        for (var p = 0; p < LaneSum.PartialsOf<T>(); p += TLanes.Count) TLanes.Store(to + p, TLanes.Load(from + p));
    }
}
