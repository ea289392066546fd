using Gmm.Fast.Internals;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Linalg;

/// <summary>
/// Factors A = L L^T for a large symmetric positive definite A, and inverts L, in blocks, with several threads (Golub and Van Loan, Matrix
/// Computations, 4th ed., section 4.2.5, left-looking). Both are substitutions throughout, no block is inverted, so the error bounds are those of
/// <see cref="Cholesky"/> (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., theorems 10.3 and 8.5).
/// L lies in chunks of 32 rows. A chunk holds all columns up to its diagonal, one after the other, 32 numbers each. One layout serves every product:
/// four numbers of a column are broadcast, 32 lie across lanes. What fills the last chunk is an identity.
/// The bits depend neither on the number of threads nor on the width.
/// Rejected: the right-looking order, which reads and writes the rest of the matrix for every block column.
/// Rejected: blocks of rows as they lie, where each step of a product is on another page.
/// </summary>
internal sealed unsafe class WideCholesky : IDisposable
{
    public const int Chunk = 32;

    // Columns of a product that are summed before the target is read and written: they stay in the second-level cache for all rows of a chunk.
    private const int Depth = 16 * Chunk;

    private static readonly IWideKernel s_widest = LaneWidths.Select<Maker, IWideKernel>(LaneWidths.Widest, default);

    private readonly IWideKernel _kernel;
    private readonly int _n;
    private readonly int _chunks;
    private readonly AlignedBuffer<double> _memory;
    private readonly double[] _diagonal;

    /// <summary>Copies the lower triangle of a matrix.</summary>
    /// <param name="matrix">[n x n, row-major]; the upper triangle is not read.</param>
    /// <param name="n">The order.</param>
    public WideCholesky(ReadOnlySpan<double> matrix, int n)
        : this(matrix, n, s_widest)
    {
    }

    /// <summary>Copies the lower triangle of a matrix, to compute with one width.</summary>
    public WideCholesky(ReadOnlySpan<double> matrix, int n, LaneWidth width)
        : this(matrix, n, LaneWidths.Select<Maker, IWideKernel>(width, default))
    {
    }

    private WideCholesky(ReadOnlySpan<double> matrix, int n, IWideKernel kernel)
    {
        (_kernel, _n, _chunks) = (kernel, n, (n + Chunk - 1) / Chunk);
        _memory = new AlignedBuffer<double>(Length(_chunks));
        _diagonal = new double[n];
        fixed (double* rows = matrix)
        {
            for (var c = 0; c < _chunks; c++) Load(rows, c);
        }
        for (var i = 0; i < n; i++) _diagonal[i] = matrix[i * n + i];
    }

    /// <summary>Counts the bytes of a factor of order n and of the columns that some workers invert.</summary>
    public static long Bytes(int n, int workers)
    {
        var chunks = (n + Chunk - 1L) / Chunk;
        return sizeof(double) * (Length(chunks) + workers * chunks * Chunk * Chunk);
    }

    /// <summary>
    /// Computes L. Returns false with the failing pivot, from 0, and its value where A is not positive definite in working precision, as
    /// <see cref="Cholesky"/> does. True, with an undefined L, when canceled.
    /// </summary>
    public bool TryFactor(MatrixTeam team, out int failedPivot, out double pivotValue)
    {
        for (var b = 0; b < _chunks && !team.IsCanceled; b++)
        {
            var (block, column) = (b, (nint)b * Chunk * Chunk);

            // The block column of every chunk from the diagonal on: first the products of the columns before, then the substitution.
            team.For(_chunks - block, (part, _) => Subtract(block, block + part));
            if (!TryFactorDiagonal(block, out failedPivot, out pivotValue)) return false;
            team.For(_chunks - block - 1, (part, _) =>
            {
                double* l = Start(block) + column, rows = Start(block + 1 + part) + column;
                for (nint j = 0; j < Chunk; j += 4) _kernel.Solve(l + j, rows, j);
            });
        }
        (failedPivot, pivotValue) = (-1, 0);
        return true;
    }

    /// <summary>Gives ln |L|.</summary>
    /// <param name="log">The logarithm.</param>
    public double LogDeterminant(Func<double, double> log)
    {
        double sum = 0;
        for (var i = 0; i < _n; i++) sum += log(At(i, i));
        return sum;
    }

    /// <summary>Writes L to the lower triangle of <paramref name="matrix"/> [n x n, row-major]; the upper one stays.</summary>
    public void CopyTo(Span<double> matrix)
    {
        for (var i = 0; i < _n; i++)
        {
            for (var j = 0; j <= i; j++) matrix[i * _n + j] = At(i, j);
        }
    }

    /// <summary>Writes W, the inverse of L, as <see cref="TriangularPanels"/>; undefined when canceled.</summary>
    /// <param name="team">The threads: each inverts 32 columns at a time.</param>
    /// <param name="panels">[<see cref="TriangularPanels.Length"/>], receives W.</param>
    public void Invert(MatrixTeam team, Span<double> panels)
    {
        nint room = (nint)_chunks * Chunk * Chunk;
        using var columns = new AlignedBuffer<double>(team.Workers * room);
        var x = columns.Pointer;
        fixed (double* target = panels)
        {
            var w = target;
            team.For(_chunks, (chunk, worker) => InvertColumns(team, chunk, x + worker * room, w));
        }
    }

    public void Dispose() => _memory.Dispose();

    private static long Length(long chunks) => Chunk * Chunk * (chunks * (chunks + 1) / 2);

    private double* Start(int chunk) => _memory.Pointer + Length(chunk);

    private double At(int i, int j) => Start(i / Chunk)[(nint)j * Chunk + i % Chunk];

    private void Load(double* matrix, int chunk)
    {
        int first = chunk * Chunk, rows = Math.Min(Chunk, _n - first);
        var target = Start(chunk);
        new Span<double>(target, (first + Chunk) * Chunk).Clear();
        Transpose.Copy(matrix + (nint)first * _n, _n, rows, first, target, Chunk);
        for (var i = 0; i < Chunk; i++)
        {
            var row = target + (nint)first * Chunk + i;
            if (i >= rows) row[i * Chunk] = 1;
            else for (var j = 0; j <= i; j++) row[j * Chunk] = matrix[(nint)(first + i) * _n + first + j];
        }
    }

    private void Subtract(int block, int chunk)
    {
        double* l = Start(block), rows = Start(chunk);
        var target = rows + (nint)block * Chunk * Chunk;
        nint end = (nint)block * Chunk;
        for (nint p = 0; p < end; p += Depth) _kernel.Subtract(l + p * Chunk, rows + p * Chunk, Math.Min(Depth, end - p), target);
    }

    private bool TryFactorDiagonal(int block, out int failedPivot, out double pivotValue)
    {
        var (first, size) = (block * Chunk, Math.Min(Chunk, _n - block * Chunk));
        var square = Start(block) + (nint)first * Chunk;
        var rows = stackalloc double[Chunk * Chunk];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++) rows[i * Chunk + j] = square[j * Chunk + i];
        }
        fixed (double* diagonal = _diagonal)
        {
            if (!Cholesky.TryFactor(rows, Chunk, size, diagonal + first, _n, out failedPivot, out pivotValue))
            {
                failedPivot += first;
                return false;
            }
        }
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++) square[j * Chunk + i] = j <= i ? rows[i * Chunk + j] : 0;
        }
        return true;
    }

    // Solves L X = E for the 32 columns of E that begin at a chunk's first row, and writes X to the panels of W.
    private void InvertColumns(MatrixTeam team, int chunk, double* x, double* panels)
    {
        var first = chunk * Chunk;
        nint length = (nint)(_chunks - chunk) * Chunk * Chunk;
        NativeClear(x, length);
        for (var i = 0; i < Chunk; i++) x[i * (Chunk + 1)] = 1;
        for (var i0 = first; i0 < _n && !team.IsCanceled; i0 += TriangularPanels.Rows)
        {
            _kernel.Solve(Start(i0 / Chunk) + (nint)first * Chunk + i0 % Chunk, x, i0 - first);
            var rows = Math.Min(TriangularPanels.Rows, _n - i0);
            var columns = Math.Min(Chunk, Math.Min(i0 + TriangularPanels.Rows, _n) - first);
            var target = panels + TriangularPanels.Start(i0 / TriangularPanels.Rows) + (nint)first * TriangularPanels.Rows;
            if (rows < TriangularPanels.Rows) new Span<double>(target, columns * TriangularPanels.Rows).Clear();
            Transpose.Copy(x + (nint)(i0 - first) * Chunk, Chunk, rows, columns, target, TriangularPanels.Rows);
        }
    }

    private static void NativeClear(double* x, nint length) =>
        System.Runtime.InteropServices.NativeMemory.Clear(x, (nuint)length * sizeof(double));

    private readonly struct Maker : ILaneUser<double, IWideKernel>
    {
        public IWideKernel With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct => new WideKernel<TLanes, TVector>();
    }
}
