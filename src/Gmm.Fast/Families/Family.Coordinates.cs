using System.Buffers;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Families;

// Many points in the coordinates of a matrix, and the coordinates of a matrix in which an accelerator takes its steps.
internal abstract partial class Family
{
    /// <summary>Writes z = root^-1 (x - mean) of several points, <paramref name="rows"/> and <paramref name="z"/> [N x D], with the bits of one by one.</summary>
    public unsafe void WhitenRows(ReadOnlySpan<double> root, ReadOnlySpan<double> mean, ReadOnlySpan<double> rows, Span<double> z)
    {
        var (d, done) = (mean.Length, 0);
        if (HasOffDiagonal)
        {
            fixed (double* factor = root, center = mean, x = rows, to = z) done = DenseRows.SolveTogether(factor, center, x, to, rows.Length / d, d);
        }
        for (var at = done * d; at < rows.Length; at += d) Whiten(root, mean, rows.Slice(at, d), z.Slice(at, d));
    }

    /// <summary>Writes <see cref="FreeNumbers"/> coordinates that may take any value: the log-Cholesky factor, its diagonal as logarithms.</summary>
    public virtual void ToCoordinates(ReadOnlySpan<double> matrix, int dimension, Span<double> coordinates)
    {
        var root = Rent(dimension, out var rented);
        FactorInto(root, matrix, dimension);
        var at = 0;
        for (var i = 0; i < dimension; i++)
        {
            for (var j = 0; j < i; j++) coordinates[at++] = root[i * dimension + j];
            coordinates[at++] = Parameters.Log(root[i * dimension + i]);
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>Writes the matrix that has these coordinates.</summary>
    public virtual void FromCoordinates(ReadOnlySpan<double> coordinates, int dimension, Span<double> matrix)
    {
        var root = Rent(dimension, out var rentedRoot);
        var full = Rent(dimension, out var rented);
        var at = 0;
        for (var i = 0; i < dimension; i++)
        {
            for (var j = 0; j < i; j++) root[i * dimension + j] = coordinates[at++];
            root[i * dimension + i] = Parameters.Exp(coordinates[at++]);
            for (var j = 0; j <= i; j++)
            {
                full[i * dimension + j] = Dot(root.Slice(i * dimension, j + 1), root.Slice(j * dimension, j + 1));
                full[j * dimension + i] = full[i * dimension + j];
            }
        }
        Project(full, dimension, matrix);
        ArrayPool<double>.Shared.Return(rented);
        ArrayPool<double>.Shared.Return(rentedRoot);
    }

    /// <summary>
    /// Writes the scales of <see cref="ToCoordinates"/> at a matrix, per point of a component: the square roots of the diagonal of the Fisher information.
    /// Of ln L_ii it is 2, and of L_ij 1 / L_ii^2 where the rest of the row's factor is left out.
    /// </summary>
    public virtual void CoordinateScales(ReadOnlySpan<double> matrix, int dimension, Span<double> scales)
    {
        var root = Rent(dimension, out var rented);
        FactorInto(root, matrix, dimension);
        var at = 0;
        for (var i = 0; i < dimension; i++)
        {
            for (var j = 0; j < i; j++) scales[at++] = 1 / root[i * dimension + i];
            scales[at++] = Math.Sqrt(2);
        }
        ArrayPool<double>.Shared.Return(rented);
    }
}
