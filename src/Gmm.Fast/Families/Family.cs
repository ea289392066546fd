using System.Buffers;
using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Gmm.Fast.Kernels;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Families;

/// <summary>
/// Describes the algebra of one kind of covariance, in doubles, once per iteration: name, compact shape, M-step, factor. It names the density kernel
/// and the moment kernel that passes run. A family is one file here and one row of <see cref="FamilyTable"/>; nothing else asks which kind a
/// covariance is. A matrix below is one covariance in compact form; components have one each, or share one.
/// </summary>
internal abstract unsafe partial class Family
{
    /// <summary>The public name.</summary>
    public abstract CovarianceType Type { get; }

    /// <summary>The name in files, options and messages.</summary>
    public abstract string Name { get; }

    /// <summary>Whether one matrix belongs to all components.</summary>
    public virtual bool IsShared => false;

    /// <summary>The density kernel.</summary>
    public abstract DensityForm Form { get; }

    /// <summary>The moment kernel.</summary>
    public abstract MomentKind Moments { get; }

    /// <summary>Gives the lengths of one matrix: [D, D], [D] or none for a single number.</summary>
    public abstract int[] MatrixShape(int dimension);

    /// <summary>Counts the free numbers of one matrix (McLachlan and Peel, Finite Mixture Models, section 3.12).</summary>
    public abstract int FreeNumbers(int dimension);

    /// <summary>Matrices of K components.</summary>
    public int Matrices(int components) => IsShared ? 1 : components;

    /// <summary>Counts the numbers of one matrix.</summary>
    public int MatrixLength(int dimension) => checked(MatrixShape(dimension).Aggregate(1, (product, length) => checked(product * length)));

    /// <summary>Gives the lengths of all matrices together.</summary>
    public int[] Shape(int components, int dimension) => (IsShared, MatrixShape(dimension)) switch
    {
        (true, []) => [1],
        (true, var shape) => shape,
        (false, var shape) => [components, .. shape],
    };

    /// <summary>Counts the free parameters of all matrices.</summary>
    public long FreeParameters(int components, int dimension) => (long)Matrices(components) * FreeNumbers(dimension);

    /// <summary>The family of one component that has a variance of its own per dimension, with off-diagonal entries where this one has them.</summary>
    public Family Pooled => FamilyTable.Of(HasOffDiagonal ? CovarianceType.Full : CovarianceType.Diagonal);

    /// <summary>Whether a matrix is one number, the average of the variances over the dimensions.</summary>
    public bool IsAverage => MatrixShape(1).Length == 0;

    /// <summary>Whether matrices have off-diagonal entries.</summary>
    public bool HasOffDiagonal => MatrixShape(1).Length > 1;

    /// <summary>
    /// Estimates one matrix in the M-step (Bishop, Pattern Recognition and Machine Learning, equation 9.25) into <paramref name="next"/>, whose weights and
    /// means are set. Its components have points. A family whose components share more than a whole matrix does the common part in
    /// <see cref="EstimateCommon"/>.
    /// </summary>
    public abstract void Estimate(SufficientStatistics statistics, Parameters next, int matrix, Ridge ridge);

    /// <summary>Estimates what several matrices of <paramref name="next"/> have in common, before <see cref="Estimate"/> of each.</summary>
    public virtual void EstimateCommon(SufficientStatistics statistics, Parameters next, Ridge ridge)
    {
    }

    /// <summary>Writes W of one matrix, W^T W its inverse, as <see cref="Form"/> reads it; false with the pivot where it is not positive definite.</summary>
    /// <param name="matrix">Compact.</param>
    /// <param name="dimension">D.</param>
    /// <param name="factor">[FactorLength], receives W; undefined when canceled.</param>
    /// <param name="team">The threads, and the token, of a large matrix.</param>
    /// <param name="logDeterminant">ln |W|.</param>
    /// <param name="pivot">The first pivot that is not positive, from 0.</param>
    /// <param name="value">Its value.</param>
    public abstract bool TryFactor(
        ReadOnlySpan<double> matrix, int dimension, Span<double> factor, MatrixTeam team, out double logDeterminant, out int pivot, out double value);

    /// <summary>Whether one factorization is work for several threads.</summary>
    public bool IsLarge(int dimension) => HasOffDiagonal && Cholesky.IsWide(dimension);

    /// <summary>Whether extreme eigenvalues are estimated.</summary>
    public bool IsEstimated(int dimension) => HasOffDiagonal && dimension > Lanczos.SmallOrder;

    /// <summary>Writes one matrix as a full one, <paramref name="full"/> [D x D].</summary>
    public abstract void Expand(ReadOnlySpan<double> matrix, Span<double> full);

    /// <summary>Writes a factor of <see cref="TryFactor"/> as a full matrix, <paramref name="full"/> [D x D], lower triangular.</summary>
    public virtual void ExpandFactor(ReadOnlySpan<double> factor, Span<double> full) => Expand(factor, full);

    /// <summary>Writes the member of the family that is nearest to <paramref name="full"/> [D x D]: the one with the same diagonal, or the same mean of it.</summary>
    public abstract void Project(ReadOnlySpan<double> full, int dimension, Span<double> matrix);

    /// <summary>Gives the covariance of two dimensions.</summary>
    public double Covariance(ReadOnlySpan<double> matrix, int dimension, int i, int j)
    {
        if (HasOffDiagonal) return matrix[i * dimension + j];
        return i == j ? Variance(matrix, dimension, i) : 0;
    }

    /// <summary>Gives the variance of dimension <paramref name="j"/>.</summary>
    public abstract double Variance(ReadOnlySpan<double> matrix, int dimension, int j);

    /// <summary>Throws where a caller's matrix is not symmetric.</summary>
    public virtual void CheckSymmetric(ReadOnlySpan<double> matrix, int dimension, int component)
    {
    }

    /// <summary>Gives the smallest and the largest eigenvalue.</summary>
    public virtual (double Smallest, double Largest) Spectrum(ReadOnlySpan<double> matrix, int dimension)
    {
        var full = ExpandRented(matrix, dimension, out var rented);
        var extremes = SymmetricEigenvalues.ExtremesOfPositiveDefinite(full, dimension);
        ArrayPool<double>.Shared.Return(rented);
        return extremes;
    }

    /// <summary>
    /// Estimates the largest eigenvalue of a large matrix, or the smallest from its factor, which keeps the digits of small ones; never above the
    /// largest or below the smallest but for rounding. See <see cref="Lanczos"/>.
    /// </summary>
    /// <param name="matrix">Compact.</param>
    /// <param name="dimension">D.</param>
    /// <param name="factor">[FactorLength]: W, as <see cref="Form"/> reads it.</param>
    /// <param name="largest">Which of the two.</param>
    public double EstimateExtreme(ReadOnlySpan<double> matrix, int dimension, ReadOnlySpan<double> factor, bool largest)
    {
        Debug.Assert(IsEstimated(dimension));
        fixed (double* full = matrix, panels = factor)
        {
            var (a, w, lengths) = ((nint)full, (nint)panels, (matrix.Length, factor.Length));
            return largest
                ? Lanczos.Largest(dimension, (x, product) => Lanczos.Multiply(new ReadOnlySpan<double>((double*)a, lengths.Item1), x, product))
                : 1 / Lanczos.Largest(dimension, (x, product) => TriangularPanels.Normal(new ReadOnlySpan<double>((double*)w, lengths.Item2), x, product));
        }
    }

    /// <summary>
    /// Estimates <see cref="RidgeShare"/> of a large matrix: the largest eigenvalue of R^(1/2) W^T W R^(1/2), R the additions on the diagonal. Never
    /// above it but for rounding.
    /// </summary>
    /// <param name="dimension">D.</param>
    /// <param name="factor">[FactorLength]: W, as <see cref="Form"/> reads it.</param>
    /// <param name="ridge">The additions.</param>
    public double EstimateRidgeShare(int dimension, ReadOnlySpan<double> factor, Ridge ridge)
    {
        Debug.Assert(IsEstimated(dimension));
        double[] roots = [.. ridge.Columns.ToArray().Select(Math.Sqrt)];
        var scaled = new double[dimension];
        fixed (double* panels = factor)
        {
            var (w, length) = ((nint)panels, factor.Length);
            return Lanczos.Largest(dimension, (x, product) =>
            {
                TensorPrimitives.Multiply(x, roots, scaled);
                TriangularPanels.Normal(new ReadOnlySpan<double>((double*)w, length), scaled, product);
                TensorPrimitives.Multiply(product, roots, product);
            });
        }
    }

    /// <summary>
    /// Gives the part of the variance that is regularization in the direction where it is the largest part: 1 over the smallest eigenvalue of the
    /// matrix in units of the regularization. Where all columns get the same, that is its part of the smallest eigenvalue.
    /// </summary>
    /// <param name="matrix">Compact.</param>
    /// <param name="dimension">D.</param>
    /// <param name="smallest">The smallest eigenvalue.</param>
    /// <param name="ridge">The additions, not all 0.</param>
    public virtual double RidgeShare(ReadOnlySpan<double> matrix, int dimension, double smallest, Ridge ridge)
    {
        if (ridge.IsUniform) return ridge.Columns[0] / smallest;
        var full = ExpandRented(matrix, dimension, out var rented);
        double[] roots = [.. ridge.Columns.ToArray().Select(Math.Sqrt)];
        for (var i = 0; i < dimension; i++)
        {
            for (var j = 0; j < dimension; j++) full[i * dimension + j] = full[i * dimension + j] / roots[i] / roots[j];
        }
        var share = 1 / SymmetricEigenvalues.ExtremesOfPositiveDefinite(full, dimension).Smallest;
        ArrayPool<double>.Shared.Return(rented);
        return share;
    }

    /// <summary>
    /// Tells whether a matrix A is thin in some direction beside another one L L^T: whether L^-1 A L^-T has an eigenvalue below
    /// <paramref name="part"/> of its trace.
    /// </summary>
    public virtual bool IsThin(ReadOnlySpan<double> matrix, ReadOnlySpan<double> other, int dimension, double part)
    {
        var (root, zero) = (Root(other, dimension), new double[dimension]);
        double[] full = new double[dimension * dimension], half = new double[dimension * dimension];
        Expand(matrix, full);
        for (var pass = 0; pass < 2; pass++)
        {
            // Rows are whitened, then columns, which are rows by then.
            for (var i = 0; i < dimension; i++) Whiten(root, zero, full.AsSpan(i * dimension, dimension), half.AsSpan(i * dimension, dimension));
            for (var i = 0; i < dimension; i++)
            {
                for (var j = 0; j < dimension; j++) full[i * dimension + j] = half[j * dimension + i];
            }
        }
        double trace = 0;
        for (var i = 0; i < dimension; i++) trace += full[i * dimension + i];
        for (var i = 0; i < dimension; i++) full[i * dimension + i] -= part * trace;
        return !Cholesky.TryFactor(full, dimension, out _, out _);
    }

    /// <summary>Writes the direction <paramref name="axis"/> [D], of length 1, in which a matrix is longest, and returns its variance there.</summary>
    public virtual double LongestAxis(ReadOnlySpan<double> matrix, Span<double> axis)
    {
        var n = axis.Length;
        if (IsLarge(n))
        {
            fixed (double* full = matrix)
            {
                var (a, length) = ((nint)full, matrix.Length);
                return Lanczos.Largest(n, (x, product) => Lanczos.Multiply(new ReadOnlySpan<double>((double*)a, length), x, product), axis);
            }
        }
        double[] values = new double[n * n], vectors = new double[n * n];
        Expand(matrix, values);
        SymmetricEigenvectors.Decompose(values, n, vectors);
        var longest = 0;
        for (var i = 1; i < n; i++)
        {
            if (values[i * n + i] > values[longest * n + longest]) longest = i;
        }
        vectors.AsSpan(longest * n, n).CopyTo(axis);
        return values[longest * n + longest];
    }

    /// <summary>Takes <paramref name="variance"/> away along <paramref name="axis"/> [D], as far as the family can tell directions apart.</summary>
    public virtual void Narrow(Span<double> matrix, ReadOnlySpan<double> axis, double variance)
    {
        var n = axis.Length;
        var full = ExpandRented(matrix, n, out var rented);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) full[i * n + j] -= variance * (axis[i] * axis[j]);
        }
        Project(full, n, matrix);
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>Raises a matrix to the smallest variances allowed; once canceled, it stays as it is.</summary>
    public virtual void Raise(Span<double> matrix, VarianceFloor floor, MatrixTeam team)
    {
        var full = ExpandRented(matrix, floor.Dimension, out var rented);
        floor.RaiseMatrix(full, team);
        Project(full, floor.Dimension, matrix);
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>Gives a root for <see cref="Color"/>: the Cholesky factor [D x D], or standard deviations [D] or [1].</summary>
    public virtual double[] Root(ReadOnlySpan<double> matrix, int dimension)
    {
        var root = new double[dimension * dimension];
        FactorInto(root, matrix, dimension);
        return root;
    }

    /// <summary>Writes x = mean + root z, all [D] but the root.</summary>
    public virtual void Color(ReadOnlySpan<double> root, ReadOnlySpan<double> mean, ReadOnlySpan<double> z, Span<double> x)
    {
        // Four rows at a time: each row is a chain of dependent products.
        int n = x.Length, row = 0;
        for (; row + 4 <= n; row += 4)
        {
            ReadOnlySpan<double> r0 = root.Slice(row * n, n), r1 = root.Slice((row + 1) * n, n), r2 = root.Slice((row + 2) * n, n), r3 = root.Slice((row + 3) * n, n);
            var (a, b, c, d) = (mean[row], mean[row + 1], mean[row + 2], mean[row + 3]);
            for (var j = 0; j <= row; j++)
            {
                a = Math.FusedMultiplyAdd(r0[j], z[j], a);
                b = Math.FusedMultiplyAdd(r1[j], z[j], b);
                c = Math.FusedMultiplyAdd(r2[j], z[j], c);
                d = Math.FusedMultiplyAdd(r3[j], z[j], d);
            }
            b = Math.FusedMultiplyAdd(r1[row + 1], z[row + 1], b);
            c = Math.FusedMultiplyAdd(r2[row + 2], z[row + 2], Math.FusedMultiplyAdd(r2[row + 1], z[row + 1], c));
            d = Math.FusedMultiplyAdd(r3[row + 2], z[row + 2], Math.FusedMultiplyAdd(r3[row + 1], z[row + 1], d));
            d = Math.FusedMultiplyAdd(r3[row + 3], z[row + 3], d);
            (x[row], x[row + 1], x[row + 2], x[row + 3]) = (a, b, c, d);
        }
        for (; row < n; row++)
        {
            var value = mean[row];
            for (var j = 0; j <= row; j++) value = Math.FusedMultiplyAdd(root[row * n + j], z[j], value);
            x[row] = value;
        }
    }

    /// <summary>Writes z = root^-1 (x - mean), which <see cref="Color"/> turns into x again; all [D] but the root.</summary>
    [MethodImpl(Compiled.Once)]
    public virtual unsafe void Whiten(ReadOnlySpan<double> root, ReadOnlySpan<double> mean, ReadOnlySpan<double> x, Span<double> z)
    {
        var n = x.Length;
        fixed (double* rows = root, found = z)
        {
            for (var row = 0; row < n; row++) z[row] = (x[row] - mean[row] - DenseRows.Dot(rows + row * n, found, row)) / root[row * n + row];
        }
    }

    /// <summary>Writes the matrix of some dimensions, <paramref name="kept"/> [M], as <paramref name="marginal"/>.</summary>
    public virtual void Marginal(ReadOnlySpan<double> matrix, int dimension, ReadOnlySpan<int> kept, Span<double> marginal)
    {
        var part = new double[kept.Length * kept.Length];
        for (var i = 0; i < kept.Length; i++)
        {
            for (var j = 0; j < kept.Length; j++) part[i * kept.Length + j] = Covariance(matrix, dimension, kept[i], kept[j]);
        }
        Project(part, kept.Length, marginal);
    }

    /// <summary>Counts the numbers of B in <see cref="Regress"/>.</summary>
    public int RegressionLength(int present, int missing) => HasOffDiagonal ? checked(present * missing) : 0;

    /// <summary>
    /// Writes the regression of missing dimensions m on present ones o, and the covariance that it leaves (Bishop, PRML, equations 2.81 and 2.82).
    ///   B = Sigma_mo Sigma_oo^-1 = L_mo L_oo^-1,  C = Sigma_mm - B Sigma_om = L_mm L_mm^T,  L the Cholesky factor with m behind o
    /// So C is positive definite whatever the rounding.
    /// </summary>
    /// <param name="matrix">Compact, positive definite.</param>
    /// <param name="order">[D]: the present dimensions, then the missing ones.</param>
    /// <param name="present">The number of present dimensions.</param>
    /// <param name="regression">[m x o], receives B; empty for a family without off-diagonal entries, whose B is 0.</param>
    /// <param name="residual">Receives C, in the layout of <see cref="Moments"/> for m dimensions.</param>
    public virtual void Regress(ReadOnlySpan<double> matrix, ReadOnlySpan<int> order, int present, Span<double> regression, Span<double> residual)
    {
        var (d, missing) = (order.Length, order.Length - present);
        var full = ExpandRented(matrix, d, out var rented);
        var lower = Rent(d, out var rentedLower);
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++) lower[i * d + j] = full[order[i] * d + order[j]];
        }
        Cholesky.Factor(lower, d);
        for (var i = 0; i < missing; i++)
        {
            var row = regression.Slice(i * present, present);
            lower.Slice((present + i) * d, present).CopyTo(row);
            for (var j = present - 1; j >= 0; j--)
            {
                row[j] /= lower[j * d + j];
                for (var p = 0; p < j; p++) row[p] -= row[j] * lower[j * d + p];
            }
            for (var j = 0; j <= i; j++)
                residual[PackedLower.Index(i, j)] = Dot(lower.Slice((present + i) * d + present, j + 1), lower.Slice((present + j) * d + present, j + 1));
        }
        ArrayPool<double>.Shared.Return(rentedLower);
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>Rents [D x D] from the pool of the running thread: matrices are factored in parallel, once per iteration.</summary>
    protected static Span<double> Rent(int dimension, out double[] rented)
    {
        rented = ArrayPool<double>.Shared.Rent(dimension * dimension);
        return rented.AsSpan(0, dimension * dimension);
    }

    private static unsafe double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        fixed (double* x = a, y = b) return Simd.DenseRows.Dot(x, y, a.Length);
    }

    private void FactorInto(Span<double> root, ReadOnlySpan<double> matrix, int dimension)
    {
        Expand(matrix, root);
        Cholesky.TryFactor(root, dimension, out _, out _);
    }

    private Span<double> ExpandRented(ReadOnlySpan<double> matrix, int dimension, out double[] rented)
    {
        var full = Rent(dimension, out rented);
        Expand(matrix, full);
        return full;
    }
}
