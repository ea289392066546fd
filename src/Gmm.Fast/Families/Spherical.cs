using Gmm.Fast.Kernels;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;

namespace Gmm.Fast.Families;

/// <summary>
/// Describes one variance per component. M-step: s^2 = (tr S_k / N_k - |delta|^2) / D + regularization (McLachlan and Peel, Finite Mixture Models,
/// section 3.2).
/// </summary>
internal class Spherical : Family
{
    public override CovarianceType Type => CovarianceType.Spherical;

    public override string Name => "spherical";

    public override DensityForm Form => DensityForm.Spherical;

    public override MomentKind Moments => MomentKind.Trace;

    public override int[] MatrixShape(int dimension) => [];

    public override int FreeNumbers(int dimension) => 1;

    public override void Estimate(SufficientStatistics statistics, Parameters next, int matrix, Ridge ridge)
    {
        var meanSquare = statistics.SecondMoment(matrix)[0] / statistics.EffectiveCount(matrix);
        var variance = (meanSquare - statistics.SquaredDelta(matrix)) / statistics.Dimension;
        next.Covariances[matrix] = ridge.Mean
            + Rounding.Remove(variance, Rounding.MeanMagnitude(next.Mean(matrix)), meanSquare / statistics.Dimension);
    }

    public override bool TryFactor(
        ReadOnlySpan<double> matrix, int dimension, Span<double> factor, MatrixTeam team, out double logDeterminant, out int pivot, out double value)
    {
        (logDeterminant, pivot, value) = (0, 0, matrix[0]);
        if (!Parameters.IsVariance(value)) return false;
        factor[0] = 1 / Math.Sqrt(value);
        logDeterminant = -0.5 * dimension * Parameters.Log(value);
        return true;
    }

    public override void Expand(ReadOnlySpan<double> matrix, Span<double> full)
    {
        full.Clear();
        var d = (int)Math.Sqrt(full.Length);
        for (var j = 0; j < d; j++) full[j * d + j] = matrix[0];
    }

    public override void Project(ReadOnlySpan<double> full, int dimension, Span<double> matrix)
    {
        double sum = 0;
        for (var j = 0; j < dimension; j++) sum += full[j * dimension + j];
        matrix[0] = sum / dimension;
    }

    public override double Variance(ReadOnlySpan<double> matrix, int dimension, int j) => matrix[0];

    public override (double Smallest, double Largest) Spectrum(ReadOnlySpan<double> matrix, int dimension) => (matrix[0], matrix[0]);

    public override double RidgeShare(ReadOnlySpan<double> matrix, int dimension, double smallest, Ridge ridge) => ridge.Mean / matrix[0];

    public override bool IsThin(ReadOnlySpan<double> matrix, ReadOnlySpan<double> other, int dimension, double part) => false;

    // All are as long; this one sees a difference in any dimension.
    public override double LongestAxis(ReadOnlySpan<double> matrix, Span<double> axis)
    {
        axis.Fill(1 / Math.Sqrt(axis.Length));
        return matrix[0];
    }

    public override void Narrow(Span<double> matrix, ReadOnlySpan<double> axis, double variance) => matrix[0] -= variance / axis.Length;

    public override void Raise(Span<double> matrix, VarianceFloor floor, MatrixTeam team) => matrix[0] = Math.Max(matrix[0], floor.MeanVariance);

    public override double[] Root(ReadOnlySpan<double> matrix, int dimension) => [Math.Sqrt(matrix[0])];

    public override void Color(ReadOnlySpan<double> root, ReadOnlySpan<double> mean, ReadOnlySpan<double> z, Span<double> x)
    {
        for (var j = 0; j < x.Length; j++) x[j] = Math.FusedMultiplyAdd(root[0], z[j], mean[j]);
    }

    public override void Whiten(ReadOnlySpan<double> root, ReadOnlySpan<double> mean, ReadOnlySpan<double> x, Span<double> z)
    {
        for (var j = 0; j < x.Length; j++) z[j] = (x[j] - mean[j]) / root[0];
    }

    public override void Marginal(ReadOnlySpan<double> matrix, int dimension, ReadOnlySpan<int> kept, Span<double> marginal) => marginal[0] = matrix[0];

    public override void Regress(ReadOnlySpan<double> matrix, ReadOnlySpan<int> order, int present, Span<double> regression, Span<double> residual) =>
        residual[0] = (order.Length - present) * matrix[0];

    public override void ToCoordinates(ReadOnlySpan<double> matrix, int dimension, Span<double> coordinates) =>
        coordinates[0] = 0.5 * Parameters.Log(matrix[0]);

    public override void FromCoordinates(ReadOnlySpan<double> coordinates, int dimension, Span<double> matrix) => matrix[0] = Parameters.Exp(2 * coordinates[0]);

    public override void CoordinateScales(ReadOnlySpan<double> matrix, int dimension, Span<double> scales) => scales[0] = Math.Sqrt(2.0 * dimension);
}
