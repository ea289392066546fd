using System.Buffers;
using System.Globalization;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;

namespace Gmm.Fast.Families;

/// <summary>
/// Describes one symmetric positive definite matrix per component. M-step: Sigma_k = S_k / N_k - delta delta^T + R, R the diagonal matrix of the
/// regularization, delta the displacement of the mean from the center of the moments (Bishop, PRML, equation 9.25, centered in one pass).
/// </summary>
internal class Full : Family
{
    private const double SymmetryTolerance = 1e-8;

    public override CovarianceType Type => CovarianceType.Full;

    public override string Name => "full";

    public override DensityForm Form => DensityForm.Triangular;

    public override MomentKind Moments => MomentKind.Triangle;

    public override int[] MatrixShape(int dimension) => [dimension, dimension];

    public override int FreeNumbers(int dimension) => PackedLower.Length(dimension);

    public override void Estimate(SufficientStatistics statistics, Parameters next, int matrix, Ridge ridge)
    {
        var d = statistics.Dimension;
        var target = next.CovarianceOf(matrix);
        var count = statistics.EffectiveCount(matrix);
        var second = statistics.SecondMoment(matrix);
        var rented = ArrayPool<double>.Shared.Rent(d);
        var delta = rented.AsSpan(0, d);
        for (var i = 0; i < d; i++) delta[i] = statistics.Delta(matrix, i);
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++) target[i * d + j] = second[PackedLower.Index(i, j)] / count - delta[i] * delta[j];
            target[i * d + i] = Rounding.Remove(target[i * d + i], next.Means[matrix * d + i], second[PackedLower.Index(i, i)] / count);
        }
        ArrayPool<double>.Shared.Return(rented);
        Complete(target, d, ridge.Columns);
    }

    public override bool TryFactor(
        ReadOnlySpan<double> matrix, int dimension, Span<double> factor, MatrixTeam team, out double logDeterminant, out int pivot, out double value)
    {
        if (Cholesky.IsWide(dimension)) return TryFactorWide(matrix, dimension, factor, team, out logDeterminant, out pivot, out value);
        var scratch = Rent(dimension, out var rented);
        matrix.CopyTo(scratch);
        logDeterminant = 0;
        var factored = Cholesky.TryFactor(scratch, dimension, out pivot, out value);
        if (factored)
        {
            for (var i = 0; i < dimension; i++) logDeterminant -= Parameters.Log(scratch[i * dimension + i]);
            Cholesky.InvertLower(scratch, dimension);
            TriangularPanels.Pack(scratch, dimension, factor);
        }
        ArrayPool<double>.Shared.Return(rented);
        return factored;
    }

    public override void Expand(ReadOnlySpan<double> matrix, Span<double> full) => matrix.CopyTo(full);

    public override void ExpandFactor(ReadOnlySpan<double> factor, Span<double> full) => TriangularPanels.Unpack(factor, full);

    public override void Project(ReadOnlySpan<double> full, int dimension, Span<double> matrix) => full.CopyTo(matrix);

    public override void Marginal(ReadOnlySpan<double> matrix, int dimension, ReadOnlySpan<int> kept, Span<double> marginal)
    {
        for (var i = 0; i < kept.Length; i++)
        {
            for (var j = 0; j < kept.Length; j++) marginal[i * kept.Length + j] = matrix[kept[i] * dimension + kept[j]];
        }
    }

    public override double Variance(ReadOnlySpan<double> matrix, int dimension, int j) => matrix[j * dimension + j];

    public override void CheckSymmetric(ReadOnlySpan<double> matrix, int dimension, int component)
    {
        for (var i = 0; i < dimension; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (lower, upper) = (matrix[i * dimension + j], matrix[j * dimension + i]);
                var scale = Math.Sqrt(Math.Abs(matrix[i * dimension + i])) * Math.Sqrt(Math.Abs(matrix[j * dimension + j]));
                if (!(Math.Abs(lower - upper) <= SymmetryTolerance * scale))
                {
                    Throw.Argument("covariances", string.Create(CultureInfo.InvariantCulture,
                        $"covariances: component {component} is not symmetric: [{i}, {j}] is {lower}, [{j}, {i}] is {upper}"));
                }
            }
        }
    }

    private static bool TryFactorWide(
        ReadOnlySpan<double> matrix, int dimension, Span<double> factor, MatrixTeam team, out double logDeterminant, out int pivot, out double value)
    {
        logDeterminant = 0;
        using var cholesky = new WideCholesky(matrix, dimension);
        if (!cholesky.TryFactor(team, out pivot, out value)) return false;
        logDeterminant = -cholesky.LogDeterminant(Parameters.Log);
        cholesky.Invert(team, factor);
        return true;
    }

    /// <summary>Completes a lower triangle: a dimension without variance has no covariances either, then symmetry and regularization.</summary>
    protected static void Complete(Span<double> matrix, int d, ReadOnlySpan<double> ridge)
    {
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (matrix[i * d + i] == 0 || matrix[j * d + j] == 0) matrix[i * d + j] = 0;
                matrix[j * d + i] = matrix[i * d + j];
            }
        }
        for (var i = 0; i < d; i++) matrix[i * d + i] += ridge[i];
    }
}
