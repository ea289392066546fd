using System.Runtime.CompilerServices;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Linalg;

/// <summary>
/// Computes on chunks of a large lower triangle L, see <see cref="WideCholesky"/>: 32 rows of L lie side by side, one after the other for every
/// column. Lanes run across rows, or across columns of an inverse. Every number is a sum of its own in a fixed order, so no bit depends on the width.
/// </summary>
internal unsafe interface IWideKernel
{
    /// <summary>Takes products of columns before a block column away from it: target_j -= sum over p of l_jp rows_p, for all 32 columns j.</summary>
    /// <param name="l">[depth x 32]: entry (j, p) of L is l[32 p + j].</param>
    /// <param name="rows">[depth x 32]: the same columns p of other rows, or of the same.</param>
    /// <param name="depth">Columns p.</param>
    /// <param name="target">[32 x 32]: the block column of these other rows.</param>
    void Subtract(double* l, double* rows, nint depth, double* target);

    /// <summary>Solves four rows of L X = B by substitution; the rows before are solved.</summary>
    /// <param name="l">[row + 4 columns x 32]: entry (row + r, p) of L is l[32 p + r].</param>
    /// <param name="x">[row + 4 x 32]: X, and from <paramref name="row"/> on B, which X replaces.</param>
    /// <param name="row">The first of the four rows.</param>
    void Solve(double* l, double* x, nint row);
}

/// <inheritdoc cref="IWideKernel"/>
internal sealed unsafe class WideKernel<TLanes, TVector> : IWideKernel
    where TLanes : struct, ILanes<TVector, double>
    where TVector : struct
{
    private const int Chunk = WideCholesky.Chunk;
    private const int Rows = 4;

    public void Subtract(double* l, double* rows, nint depth, double* target)
    {
        for (nint j = 0; j < Chunk; j += Rows)
        {
            for (nint lane = 0; lane < Chunk; lane += VectorTile<TLanes, TVector, double>.Count)
                SubtractFour(l + j, rows + lane, depth, target + j * Chunk + lane);
        }
    }

    public void Solve(double* l, double* x, nint row)
    {
        for (nint lane = 0; lane < Chunk; lane += VectorTile<TLanes, TVector, double>.Count) SolveFour(l, x + lane, row);
    }

    [MethodImpl(Compiled.Once)]
    private static void SubtractFour(double* l, double* rows, nint depth, double* target)
    {
        var a = VectorTile<TLanes, TVector, double>.Zero;
        var b = VectorTile<TLanes, TVector, double>.Zero;
        var c = VectorTile<TLanes, TVector, double>.Zero;
        var e = VectorTile<TLanes, TVector, double>.Zero;
        for (nint p = 0; p < depth; p++, l += Chunk, rows += Chunk)
        {
            var d = VectorTile<TLanes, TVector, double>.Load(rows);
            a.AddProduct(TLanes.Broadcast(l[0]), d);
            b.AddProduct(TLanes.Broadcast(l[1]), d);
            c.AddProduct(TLanes.Broadcast(l[2]), d);
            e.AddProduct(TLanes.Broadcast(l[3]), d);
        }
        VectorTile<TLanes, TVector, double>.Load(target).Minus(a).Store(target);
        VectorTile<TLanes, TVector, double>.Load(target + Chunk).Minus(b).Store(target + Chunk);
        VectorTile<TLanes, TVector, double>.Load(target + 2 * Chunk).Minus(c).Store(target + 2 * Chunk);
        VectorTile<TLanes, TVector, double>.Load(target + 3 * Chunk).Minus(e).Store(target + 3 * Chunk);
    }

    [MethodImpl(Compiled.Once)]
    private static void SolveFour(double* l, double* x, nint row)
    {
        var a = VectorTile<TLanes, TVector, double>.Zero;
        var b = VectorTile<TLanes, TVector, double>.Zero;
        var c = VectorTile<TLanes, TVector, double>.Zero;
        var e = VectorTile<TLanes, TVector, double>.Zero;
        for (nint p = 0; p < row; p++, l += Chunk, x += Chunk)
        {
            var d = VectorTile<TLanes, TVector, double>.Load(x);
            a.AddProduct(TLanes.Broadcast(l[0]), d);
            b.AddProduct(TLanes.Broadcast(l[1]), d);
            c.AddProduct(TLanes.Broadcast(l[2]), d);
            e.AddProduct(TLanes.Broadcast(l[3]), d);
        }
        var solved = VectorTile<TLanes, TVector, double>.Load(x).Minus(a).Times(TLanes.Broadcast(1 / l[0]));
        solved.Store(x);
        b.AddProduct(TLanes.Broadcast(l[1]), solved);
        c.AddProduct(TLanes.Broadcast(l[2]), solved);
        e.AddProduct(TLanes.Broadcast(l[3]), solved);
        solved = VectorTile<TLanes, TVector, double>.Load(x + Chunk).Minus(b).Times(TLanes.Broadcast(1 / l[Chunk + 1]));
        solved.Store(x + Chunk);
        c.AddProduct(TLanes.Broadcast(l[Chunk + 2]), solved);
        e.AddProduct(TLanes.Broadcast(l[Chunk + 3]), solved);
        solved = VectorTile<TLanes, TVector, double>.Load(x + 2 * Chunk).Minus(c).Times(TLanes.Broadcast(1 / l[2 * Chunk + 2]));
        solved.Store(x + 2 * Chunk);
        e.AddProduct(TLanes.Broadcast(l[2 * Chunk + 3]), solved);
        VectorTile<TLanes, TVector, double>.Load(x + 3 * Chunk).Minus(e).Times(TLanes.Broadcast(1 / l[3 * Chunk + 3])).Store(x + 3 * Chunk);
    }
}
