using System.Buffers;
using Gmm.Fast.Model;

namespace Gmm.Fast.Families;

// The coordinates of a matrix in which an accelerator takes its steps.
internal abstract partial class Family
{
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
