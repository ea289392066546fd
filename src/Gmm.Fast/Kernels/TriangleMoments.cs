using System.Numerics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Sums the moments of covariances with off-diagonal entries, lanes across points.
///   N += r,  F += r d,  S += (r d) d^T, one triangle,  d = x - center   (Bishop, PRML, equations 9.24, 9.25 and 9.27)
/// S is summed in panels of rows: first the triangle on the diagonal, which keeps r d of its rows, then tiles of all columns to its left.
/// With 32 registers a panel has 4 rows and a tile 4 columns. With 16, two panels of 3 rows share tiles of 6 rows times 2 columns: 12 sums hide
/// the latency of the products, and a column is read once for 6 rows. At the end of a block the sums over its lanes join the statistics.
/// The columns of a wide block leave the second-level cache. There r d of all rows are kept, and a strip of columns goes through all panels below
/// it. Every sum is the same, so this decides no bit.
/// Rejected: lanes across dimensions, which waste products in tiles on the diagonal.
/// Rejected: e = sqrt(r) d for both sides of a product, which needs the root, and F needs the multiplier.
/// Rejected: d kept for the tiles, which leaves the first-level cache and costs more than a subtraction beside four products.
/// Rejected: tiles of 4 x 2 with 16 registers, whose 8 sums do not hide the latency.
/// Rejected: tiles of 3 x 3 with 16 registers, which read a column once for 3 rows.
/// </summary>
internal readonly unsafe partial struct TriangleMoments<TLanes, TVector, T> : IMoments<T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int PanelRows = 4;

    // The triangle of 3 rows and the square of 3 x 3 below it fill 16 registers, and so does a strip of 6 x 2.
    private const int FewRegistersRows = 3;
    private const int StripRows = PanelScratch.Columns;
    private const int StripColumns = 2;

    // Columns that all panels go through together, a multiple of every tile: with r d of a panel they fit the first-level cache.
    private const int WideStrip = 192;
    private const int WideColumns = 160;

    /// <remarks>Shares become responsibilities where there is more than one panel.</remarks>
    public static void Accumulate(in PointBlock<T> block, in MomentArguments<T> arguments)
    {
        nint length = 1 + block.Columns + PackedLower.Length(block.Columns);
        for (nint a = 0; a < arguments.Active.Count; a++)
        {
            nint k = arguments.Active.Indices[a];
            Component(
                block, arguments.Joint + a * block.Stride, arguments.Scales, arguments.Centers + k * block.Columns, arguments.Scratch, arguments.Tile,
                arguments.Sums + k * length);
        }
    }

    private static void Component(
        in PointBlock<T> block, T* shares, T* scales, T* center, T* scratch, double* tile, double* sums)
    {
        var (dimension, i0) = (block.Columns, 0);
        if (dimension > WideColumns)
        {
            Wide(block, shares, scales, center, scratch, tile, sums);
        }
        else if (TLanes.HasManyRegisters)
        {
            for (; i0 + PanelRows <= dimension; i0 += PanelRows)
                Panel<FourRows>(block, i0, shares, scales, center, scratch, tile, sums);
            Rest(block, i0, dimension, shares, scales, center, scratch, tile, sums);
        }
        else
        {
            // The rows that fill no double panel stand on top, where rows are short.
            i0 = dimension % StripRows;
            Rest(block, 0, i0, shares, scales, center, scratch, tile, sums);
            for (; i0 < dimension; i0 += StripRows)
                DoublePanel(block, i0, shares, scales, center, scratch, tile, sums);
        }
    }

    // Adds the triangles on the diagonal first, then strips of columns.
    private static void Wide(in PointBlock<T> block, T* shares, T* scales, T* center, T* scratch, double* tile, double* sums)
    {
        var dimension = block.Columns;
        nint room = KeptRows() * (nint)block.Stride;
        if (TLanes.HasManyRegisters)
        {
            var whole = dimension / PanelRows * PanelRows;
            var rest = scratch + whole / PanelRows * room;
            var rd = scratch;
            for (var i0 = 0; i0 < whole; i0 += PanelRows, rd += room) Diagonal<FourRows>(block, i0, shares, scales, center, rd, tile, sums);
            switch (dimension - whole)
            {
                case 3: Diagonal<ThreeRows>(block, whole, shares, scales, center, rest, tile, sums); break;
                case 2: Diagonal<TwoRows>(block, whole, shares, scales, center, rest, tile, sums); break;
                case 1: Diagonal<OneRow>(block, whole, shares, scales, center, rest, tile, sums); break;
            }
            for (var j0 = 0; j0 < dimension; j0 += WideStrip)
            {
                rd = scratch + (j0 / PanelRows + 1) * room;
                for (var i0 = j0 + PanelRows; i0 < whole; i0 += PanelRows, rd += room)
                    Columns<FourRows>(block, i0, j0, Math.Min(j0 + WideStrip, i0), center, rd, tile, sums);
                if (j0 >= whole) continue;
                switch (dimension - whole)
                {
                    case 3: Columns<ThreeRows>(block, whole, j0, Math.Min(j0 + WideStrip, whole), center, rest, tile, sums); break;
                    case 2: Columns<TwoRows>(block, whole, j0, Math.Min(j0 + WideStrip, whole), center, rest, tile, sums); break;
                    case 1: Columns<OneRow>(block, whole, j0, Math.Min(j0 + WideStrip, whole), center, rest, tile, sums); break;
                }
            }
        }
        else
        {
            var top = dimension % StripRows;
            Rest(block, 0, top, shares, scales, center, scratch, tile, sums);
            var rd = scratch;
            for (var i0 = top; i0 < dimension; i0 += StripRows, rd += room) DoubleDiagonal(block, i0, shares, scales, center, rd, tile, sums);
            for (var j0 = 0; j0 < dimension; j0 += WideStrip)
            {
                rd = scratch;
                for (var i0 = top; i0 < dimension; i0 += StripRows, rd += room)
                {
                    if (i0 > j0) Strips(block, i0, j0, Math.Min(j0 + WideStrip, i0), center, rd, tile, sums);
                }
            }
        }
    }

    // Adds rows from i0 to end, fewer than a panel has.
    private static void Rest(
        in PointBlock<T> block, int i0, int end, T* shares, T* scales, T* center, T* scratch, double* tile, double* sums)
    {
        if (end - i0 >= 3)
        {
            Panel<ThreeRows>(block, i0, shares, scales, center, scratch, tile, sums);
            i0 += 3;
        }
        if (end - i0 == 2) Panel<TwoRows>(block, i0, shares, scales, center, scratch, tile, sums);
        if (end - i0 == 1) Panel<OneRow>(block, i0, shares, scales, center, scratch, tile, sums);
    }

    private static void Panel<TRows>(in PointBlock<T> block, int i0, T* shares, T* scales, T* center, T* rd, double* tile, double* sums)
        where TRows : struct, IRowCount
    {
        Diagonal<TRows>(block, i0, shares, scales, center, rd, tile, sums);
        Columns<TRows>(block, i0, 0, i0, center, rd, tile, sums);
    }

    // Adds tiles of columns [j0, end), end at most i0, of rows whose -r d are in rd.
    private static void Columns<TRows>(in PointBlock<T> block, int i0, int j0, int end, T* center, T* rd, double* tile, double* sums)
        where TRows : struct, IRowCount
    {
        var columns = TLanes.HasManyRegisters ? PanelRows : FewRegistersRows;
        for (; j0 < end; j0 += columns)
        {
            if (TLanes.HasManyRegisters)
            {
                Rectangle<TRows>(block, j0, center, rd, tile);
                AddTile<TRows, FourRows>(tile, PanelRows, Entry(sums, block.Columns, i0, j0), i0);
            }
            else
            {
                Square<TRows>(block, j0, center, rd, tile);
                AddTile<TRows, ThreeRows>(tile, FewRegistersRows, Entry(sums, block.Columns, i0, j0), i0);
            }
        }
    }

    // Adds two panels of 3 rows: their triangles, the square below the first and beside the second, and strips for both together.
    private static void DoublePanel(in PointBlock<T> block, int i0, T* shares, T* scales, T* center, T* rd, double* tile, double* sums)
    {
        DoubleDiagonal(block, i0, shares, scales, center, rd, tile, sums);
        Strips(block, i0, 0, i0, center, rd, tile, sums);
    }

    private static void DoubleDiagonal(in PointBlock<T> block, int i0, T* shares, T* scales, T* center, T* rd, double* tile, double* sums)
    {
        var i1 = i0 + FewRegistersRows;
        var lower = rd + FewRegistersRows * TLanes.Count;
        Diagonal<ThreeRows>(block, i0, shares, scales, center, rd, tile, sums);
        Diagonal<ThreeRows>(block, i1, shares, scales, center, lower, tile, sums);
        Square<ThreeRows>(block, i0, center, lower, tile);
        AddTile<ThreeRows, ThreeRows>(tile, FewRegistersRows, Entry(sums, block.Columns, i1, i0), i1);
    }

    // Adds strips of columns [j0, end), end at most i0, for two panels.
    private static void Strips(in PointBlock<T> block, int i0, int j0, int end, T* center, T* rd, double* tile, double* sums)
    {
        var i1 = i0 + FewRegistersRows;
        for (; j0 < end; j0 += StripColumns)
        {
            Strip(block, j0, center, rd, tile);
            double* entry = Entry(sums, block.Columns, i0, j0), lowerEntry = Entry(sums, block.Columns, i1, j0);
            var lowerTile = tile + FewRegistersRows * StripColumns * LaneSum.PartialsOf<T>();
            if (j0 + 1 < i0)
            {
                AddTile<ThreeRows, TwoRows>(tile, StripColumns, entry, i0);
                AddTile<ThreeRows, TwoRows>(lowerTile, StripColumns, lowerEntry, i1);
            }
            else
            {
                // With an odd number of columns the last tile reaches into the diagonal.
                AddTile<ThreeRows, OneRow>(tile, StripColumns, entry, i0);
                AddTile<ThreeRows, OneRow>(lowerTile, StripColumns, lowerEntry, i1);
            }
        }
    }

    private static void Diagonal<TRows>(
        in PointBlock<T> block, int i0, T* shares, T* scales, T* center, T* rd, double* tile, double* sums)
        where TRows : struct, IRowCount
    {
        if (i0 > 0) Triangle<TRows, LaterPanel>(block, i0, shares, scales, center, rd, tile);
        else if (block.Columns > TRows.Count) Triangle<TRows, FirstPanel>(block, i0, shares, scales, center, rd, tile);
        else Triangle<TRows, OnlyPanel>(block, i0, shares, scales, center, rd, tile);
        AddTriangle<TRows>(tile, i0, sums, block.Columns);
    }

    // Adds a tile to the sums: N, which only the first panel has, F, then the entries of S row after row.
    [MethodImpl(Compiled.Once)]
    private static void AddTriangle<TRows>(double* tile, int i0, double* sums, int dimension)
        where TRows : struct, IRowCount
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

    // Adds the first TColumns.Count sums of each row of a tile to consecutive entries of a row of S. Entry is that of row i; each row of S is longer
    // by one than the row before.
    [MethodImpl(Compiled.Once)]
    private static void AddTile<TRows, TColumns>(double* tile, int width, double* entry, int i)
        where TRows : struct, IRowCount
        where TColumns : struct, IRowCount
    {
        for (var end = i + TRows.Count; i < end; entry += ++i, tile += width * LaneSum.PartialsOf<T>())
            LaneSum.Add<T>(tile, entry, TColumns.Count);
    }

    private static double* Entry(double* sums, int dimension, int i, int j) => sums + 1 + dimension + PackedLower.Index(i, j);
}

/// <summary>Fixes the size of the scratch of panels of moments.</summary>
internal static class PanelScratch
{
    /// <summary>Columns of r d of one panel, or of two panels of 3 rows; the rows of each vector of points lie one after the other.</summary>
    public const int Columns = 6;
}
