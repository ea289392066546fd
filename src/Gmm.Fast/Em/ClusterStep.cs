using Gmm.Fast.Blocks;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>
/// Assigns points to the nearest center and sums moments of any kind over the points of each, without the distances that sketches rule out and without
/// the moments of other centers. Sums have the bits of <see cref="BlockSteps.Nearest"/>; the objective is left out.
/// </summary>
/// <typeparam name="TLanes">Width.</typeparam>
/// <typeparam name="TVector">Vector of that width.</typeparam>
/// <typeparam name="TMoments">Moments that are summed.</typeparam>
/// <param name="nearest">Finds the nearest centers.</param>
/// <param name="whole">The same step over all pairs, for points out of range of all centers.</param>
internal sealed unsafe class ClusterStep<TLanes, TVector, TMoments>(IBlockLabels nearest, IBlockStep<double> whole) : IBlockPass<double>
    where TLanes : struct, ILanes<TVector, double>
    where TVector : struct
    where TMoments : struct, IMoments<double>
{
    public void Run(
        in PointBlock<double> block, KernelParameters<double> parameters, in Workspace<double> workspace, double* centers, SufficientStatistics statistics,
        Prefetch<double> next = default)
    {
        next.Part(0);
        if (!nearest.Write(block, parameters, workspace, workspace.LogDensities))
        {
            whole.Run(block, parameters, workspace, centers, statistics, next);
            return;
        }
        next.Part(1);
        var room = new TileRoom<double>(workspace.Extra, workspace.Points, block.Columns, parameters.Components);
        var entries = Shares(block, workspace, room);
        next.Part(2);
        if (block.Weights is null) new Span<double>(workspace.Scales, block.Count).Fill(1);
        else new Span<double>(block.Weights, block.Count).CopyTo(new Span<double>(workspace.Scales, block.Count));
        new Span<double>(workspace.Scales + block.Count, block.Padded - block.Count).Clear();
        TileMoments<TLanes, TVector, double, TMoments>.Accumulate(block, parameters, workspace, room, entries, centers, statistics);
        next.Part(3);
        statistics.PointCount += block.Count;
        statistics.TotalWeight += block.Weights is null ? block.Count : BlockWeights.Sum(block);
    }

    // Writes a share of 1 for the label of each point, as entries of one tile and one component each. Returns their number.
    private static int Shares(in PointBlock<double> block, in Workspace<double> workspace, in TileRoom<double> room)
    {
        var tile = BlockShape.TileOf<double>();
        var entries = 0;
        for (var first = 0; first < block.Count; first += tile)
        {
            var begin = entries;
            for (var p = 0; p < Math.Min(tile, block.Count - first); p++)
            {
                var k = (int)workspace.LogDensities[first + p];
                var found = new Span<int>(room.EntryComponents + begin, entries - begin).IndexOf(k);
                var entry = found < 0 ? entries++ : begin + found;
                var shares = workspace.Joint + (nint)entry * tile;
                if (found < 0)
                {
                    room.EntryComponents[entry] = k;
                    room.EntryTiles[entry] = first / tile;
                    new Span<double>(shares, tile).Clear();
                }
                shares[p] = 1;
            }
        }
        return entries;
    }
}
