using Gmm.Fast.Families;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;

namespace Gmm.Fast.Starts;

/// <summary>
/// Gives coordinates in which a covariance is the unit matrix, z = R^-1 (x - mean) with R its root: the Cholesky factor of a matrix, standard
/// deviations, or one number, as the family has them. Distances in them depend on none of the changes of units that the family can carry: any linear
/// map with off-diagonal entries, a factor for each column of diagonal families, one for all of spherical ones.
/// </summary>
internal sealed class Whitening
{
    private readonly Family _family;
    private readonly double[] _root;
    private readonly double[] _mean;

    private Whitening(Family family, double[] root, double[] mean) => (_family, _root, _mean) = (family, root, mean);

    /// <summary>
    /// Makes coordinates of a mean and a covariance. Where that is singular, the standard deviations of the columns take its place, with 1 for a
    /// constant column.
    /// </summary>
    /// <param name="covariance">A mixture whose first matrix is taken.</param>
    /// <param name="mean">[D], the origin.</param>
    public static Whitening Of(Parameters covariance, ReadOnlySpan<double> mean)
    {
        var (family, dimension) = (covariance.Family, covariance.Dimension);
        var factor = new double[family.Form.FactorLength(dimension)];
        if (family.TryFactor(covariance.CovarianceOf(0), dimension, factor, MatrixTeam.Alone, out _, out _, out _))
            return new Whitening(family, family.Root(covariance.CovarianceOf(0), dimension), mean.ToArray());
        return Scaling(covariance, mean);
    }

    /// <summary>Makes coordinates of standard deviations alone, with 1 for a constant column.</summary>
    /// <param name="covariance">A mixture whose first matrix is taken.</param>
    /// <param name="mean">[D], the origin.</param>
    public static Whitening Scaling(Parameters covariance, ReadOnlySpan<double> mean)
    {
        var deviations = new double[mean.Length];
        for (var j = 0; j < deviations.Length; j++)
        {
            var variance = covariance.Variance(0, j);
            deviations[j] = Parameters.IsVariance(variance) ? Math.Sqrt(variance) : 1;
        }
        return new Whitening(FamilyTable.Of(CovarianceType.Diagonal), deviations, mean.ToArray());
    }

    /// <summary>Writes the coordinates <paramref name="whitened"/> [N x D] of <paramref name="rows"/> [N x D].</summary>
    public void Apply(ReadOnlySpan<double> rows, Span<double> whitened) => _family.WhitenRows(_root, _mean, rows, whitened);
}
