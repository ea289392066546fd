using System.Numerics.Tensors;
using Gmm.Fast.Kernels;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;

namespace Gmm.Fast.Families;

/// <summary>
/// Describes one variance per component and dimension. M-step: s_j^2 = S_jj / N_k - delta_j^2 + regularization (the diagonal of Bishop, PRML,
/// equation 9.25).
/// </summary>
internal class Diagonal : Family
{
    public override CovarianceType Type => CovarianceType.Diagonal;

    public override string Name => "diag";

    public override DensityForm Form => DensityForm.Diagonal;

    public override MomentKind Moments => MomentKind.Diagonal;

    public override int[] MatrixShape(int dimension) => [dimension];

    public override int FreeNumbers(int dimension) => dimension;

    public override void Estimate(SufficientStatistics statistics, Parameters next, int matrix, Ridge ridge)
    {
        var target = next.CovarianceOf(matrix);
        var mean = next.Mean(matrix);
        for (var j = 0; j < target.Length; j++)
        {
            var delta = statistics.Delta(matrix, j);
            var meanSquare = statistics.SecondMoment(matrix)[j] / statistics.EffectiveCount(matrix);
            target[j] = Rounding.Remove(meanSquare - delta * delta, mean[j], meanSquare) + ridge.Columns[j];
        }
    }

    public override bool TryFactor(
        ReadOnlySpan<double> matrix, int dimension, Span<double> factor, MatrixTeam team, out double logDeterminant, out int pivot, out double value)
    {
        logDeterminant = 0;
        for (var j = 0; j < dimension; j++)
        {
            if (!Parameters.IsVariance(matrix[j]))
            {
                (pivot, value) = (j, matrix[j]);
                return false;
            }
            factor[j] = 1 / Math.Sqrt(matrix[j]);
            logDeterminant -= 0.5 * Parameters.Log(matrix[j]);
        }
        (pivot, value) = (-1, 0);
        return true;
    }

    public override void Expand(ReadOnlySpan<double> matrix, Span<double> full)
    {
        full.Clear();
        for (var j = 0; j < matrix.Length; j++) full[j * matrix.Length + j] = matrix[j];
    }

    public override void Project(ReadOnlySpan<double> full, int dimension, Span<double> matrix)
    {
        for (var j = 0; j < dimension; j++) matrix[j] = full[j * dimension + j];
    }

    public override double Variance(ReadOnlySpan<double> matrix, int dimension, int j) => matrix[j];

    public override (double Smallest, double Largest) Spectrum(ReadOnlySpan<double> matrix, int dimension)
    {
        var (smallest, largest) = (matrix[0], matrix[0]);
        foreach (var variance in matrix) (smallest, largest) = (Math.Min(smallest, variance), Math.Max(largest, variance));
        return (smallest, largest);
    }

    public override double RidgeShare(ReadOnlySpan<double> matrix, int dimension, double smallest, Ridge ridge)
    {
        double largest = 0;
        for (var j = 0; j < dimension; j++) largest = Math.Max(largest, ridge.Columns[j] / matrix[j]);
        return largest;
    }

    public override bool IsThin(ReadOnlySpan<double> matrix, ReadOnlySpan<double> other, int dimension, double part)
    {
        var (smallest, trace) = (double.PositiveInfinity, 0.0);
        for (var j = 0; j < matrix.Length; j++)
        {
            smallest = Math.Min(smallest, matrix[j] / other[j]);
            trace += matrix[j] / other[j];
        }
        return !(smallest > part * trace);
    }

    public override double LongestAxis(ReadOnlySpan<double> matrix, Span<double> axis)
    {
        var longest = TensorPrimitives.IndexOfMax(matrix);
        axis.Clear();
        axis[longest] = 1;
        return matrix[longest];
    }

    public override void Narrow(Span<double> matrix, ReadOnlySpan<double> axis, double variance)
    {
        for (var j = 0; j < axis.Length; j++) matrix[j] -= variance * (axis[j] * axis[j]);
    }

    public override void Raise(Span<double> matrix, VarianceFloor floor, MatrixTeam team)
    {
        for (var j = 0; j < matrix.Length; j++) matrix[j] = Math.Max(matrix[j], floor.Variances[j]);
    }

    public override double[] Root(ReadOnlySpan<double> matrix, int dimension)
    {
        var root = new double[dimension];
        for (var j = 0; j < dimension; j++) root[j] = Math.Sqrt(matrix[j]);
        return root;
    }

    public override void Color(ReadOnlySpan<double> root, ReadOnlySpan<double> mean, ReadOnlySpan<double> z, Span<double> x)
    {
        for (var j = 0; j < x.Length; j++) x[j] = Math.FusedMultiplyAdd(root[j], z[j], mean[j]);
    }

    public override void Whiten(ReadOnlySpan<double> root, ReadOnlySpan<double> mean, ReadOnlySpan<double> x, Span<double> z)
    {
        for (var j = 0; j < x.Length; j++) z[j] = (x[j] - mean[j]) / root[j];
    }

    public override void Marginal(ReadOnlySpan<double> matrix, int dimension, ReadOnlySpan<int> kept, Span<double> marginal)
    {
        for (var j = 0; j < kept.Length; j++) marginal[j] = matrix[kept[j]];
    }

    public override void Regress(ReadOnlySpan<double> matrix, ReadOnlySpan<int> order, int present, Span<double> regression, Span<double> residual)
    {
        for (var i = 0; i < residual.Length; i++) residual[i] = matrix[order[present + i]];
    }

    public override void ToCoordinates(ReadOnlySpan<double> matrix, int dimension, Span<double> coordinates)
    {
        for (var j = 0; j < dimension; j++) coordinates[j] = 0.5 * Parameters.Log(matrix[j]);
    }

    public override void FromCoordinates(ReadOnlySpan<double> coordinates, int dimension, Span<double> matrix)
    {
        for (var j = 0; j < dimension; j++) matrix[j] = Parameters.Exp(2 * coordinates[j]);
    }

    public override void CoordinateScales(ReadOnlySpan<double> matrix, int dimension, Span<double> scales) => scales.Fill(Math.Sqrt(2));
}
