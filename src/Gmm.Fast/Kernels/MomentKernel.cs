using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Moments of covariances with off-diagonal entries, lanes across points.
///   N += r,  F += r d,  S += (r d) d^T, one triangle,  d = x - center   (Bishop, PRML, equations 9.25 and 9.27)
/// S is summed in panels of rows: first the triangle on the diagonal, which keeps r d of its rows, then tiles of all columns to its left. With 32
/// registers a panel has 4 rows and a tile 4 columns. With 16, two panels of 3 rows share tiles of 6 rows times 2 columns: 12 sums hide the latency
/// of the products, and a column comes from the second-level cache once for 6 rows. At the end of a block the sums over its lanes are added up and
/// join the statistics.
/// Rejected: lanes across features (a tile of 8 x 8 on the diagonal wastes 20 % of the products at D = 32); e = sqrt(r) d for both sides of a product
/// (the root, and F needs the multiplier); keeping d (it leaves the first-level cache and comes back; up to D = 64 that costs more than a subtraction
/// beside four products, even where adders are multipliers). With 16 registers: tiles of 4 x 2 (8 sums, none to spare for the latency: 55 % of
/// the peak) and of 3 x 3 (76 % of it with columns from the second-level cache, 6 x 2 has 90 %).
/// </summary>
internal static unsafe partial class MomentKernel
{
    private const int PanelRows = 4;

    // With 16 registers: the triangle of 3 rows and the square of 3 x 3 below it fill them, and so does a strip of 6 x 2.
    private const int FewRegistersRows = 3;
    private const int StripRows = 2 * FewRegistersRows;
    private const int StripColumns = 2;

    /// <summary>Columns of scratch: r d of one panel, or of two of 3 rows, the rows of each vector of points one after the other.</summary>
    public const int ScratchColumns = StripRows;

    /// <summary>
    /// Adds a block to <paramref name="sums"/> [K x (1 + D + D(D+1)/2)]. <paramref name="joint"/> [K x Stride] are shares, and become responsibilities
    /// where there is more than one panel; <paramref name="scales"/> [Padded]; <paramref name="centers"/> [K x D]; <paramref name="scratch"/>
    /// [ScratchColumns x Stride]; <paramref name="tile"/> [LaneSum.TileLength].
    /// </summary>
    public static void Run<TLanes, TVector, T>(
        in PointBlock<T> block, int components, T* joint, T* scales, T* centers, T* scratch, double* tile, double* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        var length = 1 + block.Columns + PackedLower.Length(block.Columns);
        for (var k = 0; k < components; k++, joint += block.Stride, centers += block.Columns, sums += length)
            Component<TLanes, TVector, T>(block, joint, scales, centers, scratch, tile, sums);
    }

    private static void Component<TLanes, TVector, T>(
        in PointBlock<T> block, T* shares, T* scales, T* center, T* scratch, double* tile, double* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        var (dimension, i0) = (block.Columns, 0);
        if (TLanes.HasManyRegisters)
        {
            for (; i0 + PanelRows <= dimension; i0 += PanelRows)
                Panel<TLanes, TVector, T, FourRows>(block, i0, shares, scales, center, scratch, tile, sums);
            Rest<TLanes, TVector, T>(block, i0, dimension, shares, scales, center, scratch, tile, sums);
        }
        else
        {
            // What fills no double panel stands on top, where rows are short.
            i0 = dimension % StripRows;
            Rest<TLanes, TVector, T>(block, 0, i0, shares, scales, center, scratch, tile, sums);
            for (; i0 < dimension; i0 += StripRows)
                DoublePanel<TLanes, TVector, T>(block, i0, shares, scales, center, scratch, tile, sums);
        }
    }

    // Fewer rows than a panel has, from i0 to end.
    private static void Rest<TLanes, TVector, T>(
        in PointBlock<T> block, int i0, int end, T* shares, T* scales, T* center, T* scratch, double* tile, double* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        if (end - i0 >= 3)
        {
            Panel<TLanes, TVector, T, ThreeRows>(block, i0, shares, scales, center, scratch, tile, sums);
            i0 += 3;
        }
        if (end - i0 == 2) Panel<TLanes, TVector, T, TwoRows>(block, i0, shares, scales, center, scratch, tile, sums);
        if (end - i0 == 1) Panel<TLanes, TVector, T, OneRow>(block, i0, shares, scales, center, scratch, tile, sums);
    }

    private static void Panel<TLanes, TVector, T, TRows>(in PointBlock<T> block, int i0, T* shares, T* scales, T* center, T* rd, double* tile, double* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
        where TRows : struct, IRows
    {
        Diagonal<TLanes, TVector, T, TRows>(block, i0, shares, scales, center, rd, tile, sums);
        var columns = TLanes.HasManyRegisters ? PanelRows : FewRegistersRows;
        for (var j0 = 0; j0 < i0; j0 += columns)
        {
            if (TLanes.HasManyRegisters)
            {
                Rectangle<TLanes, TVector, T, TRows>(block, j0, center, rd, tile);
                AddTile<T, TRows, FourRows>(tile, PanelRows, Entry(sums, block.Columns, i0, j0), i0);
            }
            else
            {
                Square<TLanes, TVector, T, TRows>(block, j0, center, rd, tile);
                AddTile<T, TRows, ThreeRows>(tile, FewRegistersRows, Entry(sums, block.Columns, i0, j0), i0);
            }
        }
    }

    // Two panels of 3 rows: their triangles, the square below the first and beside the second, and rectangles for both together.
    private static void DoublePanel<TLanes, TVector, T>(in PointBlock<T> block, int i0, T* shares, T* scales, T* center, T* rd, double* tile, double* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        var i1 = i0 + FewRegistersRows;
        var lower = rd + FewRegistersRows * TLanes.Count;
        Diagonal<TLanes, TVector, T, ThreeRows>(block, i0, shares, scales, center, rd, tile, sums);
        Diagonal<TLanes, TVector, T, ThreeRows>(block, i1, shares, scales, center, lower, tile, sums);
        Square<TLanes, TVector, T, ThreeRows>(block, i0, center, lower, tile);
        AddTile<T, ThreeRows, ThreeRows>(tile, FewRegistersRows, Entry(sums, block.Columns, i1, i0), i1);
        for (var j0 = 0; j0 < i0; j0 += StripColumns)
        {
            Strip<TLanes, TVector, T>(block, j0, center, rd, tile);
            double* entry = Entry(sums, block.Columns, i0, j0), lowerEntry = Entry(sums, block.Columns, i1, j0);
            var lowerTile = tile + FewRegistersRows * StripColumns * LaneSum.PartialsOf<T>();
            if (j0 + 1 < i0)
            {
                AddTile<T, ThreeRows, TwoRows>(tile, StripColumns, entry, i0);
                AddTile<T, ThreeRows, TwoRows>(lowerTile, StripColumns, lowerEntry, i1);
            }
            else
            {
                // Of an odd number of columns the last tile reaches into the diagonal.
                AddTile<T, ThreeRows, OneRow>(tile, StripColumns, entry, i0);
                AddTile<T, ThreeRows, OneRow>(lowerTile, StripColumns, lowerEntry, i1);
            }
        }
    }

    private static void Diagonal<TLanes, TVector, T, TRows>(
        in PointBlock<T> block, int i0, T* shares, T* scales, T* center, T* rd, double* tile, double* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
        where TRows : struct, IRows
    {
        if (i0 > 0) Triangle<TLanes, TVector, T, TRows, Below>(block, i0, shares, scales, center, rd, tile);
        else if (block.Columns > TRows.Count) Triangle<TLanes, TVector, T, TRows, OnTop>(block, i0, shares, scales, center, rd, tile);
        else Triangle<TLanes, TVector, T, TRows, Alone>(block, i0, shares, scales, center, rd, tile);
        AddTriangle<T, TRows>(tile, i0, sums, block.Columns);
    }

    // N, F, then row after row the entries of S. N is the same in every panel, and belongs to the first.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddTriangle<T, TRows>(double* tile, int i0, double* sums, int dimension)
        where T : unmanaged
        where TRows : struct, IRows
    {
        var n = LaneSum.PartialsOf<T>();
        if (i0 == 0) LaneSum.Add<T>(tile, sums, 1);
        LaneSum.Add<T>(tile += n, sums + 1 + i0, TRows.Count);
        var row = Entry(sums, dimension, i0, i0);
        LaneSum.Add<T>(tile += TRows.Count * n, row, 1);
        if (TRows.Count > 1) LaneSum.Add<T>(tile += n, row += i0 + 1, 2);
        if (TRows.Count > 2) LaneSum.Add<T>(tile += 2 * n, row += i0 + 2, 3);
        if (TRows.Count > 3) LaneSum.Add<T>(tile + 3 * n, row + i0 + 3, 4);
    }

    // Rows of sums, the first of which belong to consecutive entries of a row of S. Entry: of the first row i, which is shorter by one than the next.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddTile<T, TRows, TColumns>(double* tile, int width, double* entry, int i)
        where T : unmanaged
        where TRows : struct, IRows
        where TColumns : struct, IRows
    {
        for (var end = i + TRows.Count; i < end; entry += ++i, tile += width * LaneSum.PartialsOf<T>())
            LaneSum.Add<T>(tile, entry, TColumns.Count);
    }

    private static double* Entry(double* sums, int dimension, int i, int j) => sums + 1 + dimension + PackedLower.Index(i, j);
}
