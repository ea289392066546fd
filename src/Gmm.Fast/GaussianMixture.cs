using System.Globalization;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast;

/// <summary>
/// A mixture of K Gaussian components in D dimensions: p(x) = sum over k of w_k N(x | mu_k, Sigma_k) (Bishop, PRML, equation 9.7).
/// Immutable, and safe to use from any number of threads at once.
/// </summary>
public sealed partial class GaussianMixture
{
    // Text formats and hand-made weights round; scikit-learn allows the same.
    private const double WeightTolerance = 1e-8;
    private const double SymmetryTolerance = 1e-8;

    /// <summary>A mixture with given parameters, used as they are.</summary>
    /// <param name="covarianceType">Form of the covariances.</param>
    /// <param name="dimension">D, at least 1.</param>
    /// <param name="weights">[K], not negative, sum 1.</param>
    /// <param name="means">[K x D].</param>
    /// <param name="covariances">Compact form of the type: full [K x D x D], tied [D x D], diagonal [K x D], spherical [K].</param>
    /// <param name="columnNames">[D] names of the features, or null.</param>
    /// <exception cref="ArgumentException">
    /// A length is wrong, a number is not finite, the weights do not sum to 1, or a covariance is not symmetric positive definite.
    /// </exception>
    public GaussianMixture(
        CovarianceType covarianceType, int dimension, ReadOnlySpan<double> weights, ReadOnlySpan<double> means, ReadOnlySpan<double> covariances,
        IReadOnlyList<string>? columnNames = null)
    {
        if (weights.IsEmpty) Throw.Argument(nameof(weights), "weights is empty; one weight per component is required");
        Check.MixtureSize(weights.Length, dimension, covarianceType is CovarianceType.Full or CovarianceType.Tied);
        var covariance = CovarianceTypes.For(covarianceType);
        Check.Shape(nameof(means), means.Length, weights.Length, dimension);
        Check.Length(nameof(covariances), covariances.Length, covariance.CovarianceLength(weights.Length, dimension),
            CompactShape(covarianceType, weights.Length, dimension));
        Check.Finite(nameof(weights), weights);
        Check.Finite(nameof(means), means);
        Check.Finite(nameof(covariances), covariances);
        CheckWeights(weights);

        Parameters = new MixtureParameters(covariance, weights.Length, dimension);
        weights.CopyTo(Parameters.Weights);
        means.CopyTo(Parameters.Means);
        covariances.CopyTo(Parameters.Covariances);
        if (covarianceType is CovarianceType.Full or CovarianceType.Tied) CheckSymmetric(covariances, dimension);
        if (!Parameters.TryFactor(out var failure))
        {
            Throw.Argument(nameof(covariances), string.Create(CultureInfo.InvariantCulture,
                $"covariances: component {failure.Component} is not positive definite, pivot {failure.Pivot} is {failure.Value}; a positive one is required"));
        }
        ColumnNames = CheckNames(columnNames, dimension);
    }

    internal GaussianMixture(MixtureParameters parameters, IReadOnlyList<string>? columnNames)
    {
        Parameters = parameters;
        ColumnNames = CheckNames(columnNames, parameters.Dimension);
    }

    /// <summary>Form of the covariances.</summary>
    public CovarianceType CovarianceType => Parameters.Covariance.Type;

    /// <summary>K.</summary>
    public int ComponentCount => Parameters.Components;

    /// <summary>D.</summary>
    public int Dimension => Parameters.Dimension;

    /// <summary>[K], sum 1.</summary>
    public ReadOnlySpan<double> Weights => Parameters.Weights;

    /// <summary>[K x D].</summary>
    public ReadOnlySpan<double> Means => Parameters.Means;

    /// <summary>Compact form of the covariance type: full [K x D x D], tied [D x D], diagonal [K x D], spherical [K].</summary>
    public ReadOnlySpan<double> Covariances => Parameters.Covariances;

    /// <summary>[D] names of the features, or null.</summary>
    public IReadOnlyList<string>? ColumnNames { get; }

    /// <summary>Free parameters: K - 1 weights, K D means and those of the covariances.</summary>
    public long FreeParameters => ComponentCount - 1 + (long)ComponentCount * Dimension + Parameters.Covariance.FreeParameters(ComponentCount, Dimension);

    internal MixtureParameters Parameters { get; }

    /// <summary>The mean of component <paramref name="k"/>, [D].</summary>
    public ReadOnlySpan<double> Mean(int k)
    {
        CheckComponent(k);
        return Parameters.Mean(k);
    }

    /// <summary>The covariance of component <paramref name="k"/> as a full matrix, whatever the covariance type.</summary>
    /// <param name="k">The component, from 0.</param>
    /// <param name="matrix">[D x D], receives the matrix.</param>
    public void Covariance(int k, Span<double> matrix)
    {
        CheckComponent(k);
        Check.Shape(nameof(matrix), matrix.Length, Dimension, Dimension);
        Parameters.Covariance.Expand(Parameters, k, matrix);
    }

    /// <summary>Bayesian information criterion, p ln N - 2 ll, with p free parameters (Schwarz 1978); smaller is better.</summary>
    /// <param name="totalLogLikelihood">Of N points under this model.</param>
    /// <param name="points">N, at least 1.</param>
    public double Bic(double totalLogLikelihood, long points)
    {
        Check.AtLeast(nameof(points), points, 1);
        return FreeParameters * Math.Log(points) - 2 * totalLogLikelihood;
    }

    /// <summary>Akaike information criterion, 2 p - 2 ll, with p free parameters (Akaike 1974); smaller is better.</summary>
    /// <param name="totalLogLikelihood">Of the points under this model.</param>
    public double Aic(double totalLogLikelihood) => 2.0 * FreeParameters - 2 * totalLogLikelihood;

    private static string CompactShape(CovarianceType type, int components, int dimension) => type switch
    {
        CovarianceType.Full => $"{components} x {dimension} x {dimension}",
        CovarianceType.Tied => $"{dimension} x {dimension}",
        CovarianceType.Diagonal => $"{components} x {dimension}",
        _ => $"{components} x 1",
    };

    private static void CheckWeights(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        for (var k = 0; k < weights.Length; k++)
        {
            if (weights[k] < 0)
                Throw.Argument(nameof(weights), string.Create(CultureInfo.InvariantCulture, $"weights[{k}] is {weights[k]}; at least 0 is required"));
            sum += weights[k];
        }
        if (!(Math.Abs(sum - 1) <= WeightTolerance))
            Throw.Argument(nameof(weights), string.Create(CultureInfo.InvariantCulture, $"weights sum to {sum}; 1 is required"));
    }

    private static void CheckSymmetric(ReadOnlySpan<double> matrices, int dimension)
    {
        for (var first = 0; first < matrices.Length; first += dimension * dimension)
        {
            var matrix = matrices.Slice(first, dimension * dimension);
            for (var i = 0; i < dimension; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    var (lower, upper) = (matrix[i * dimension + j], matrix[j * dimension + i]);
                    var scale = Math.Sqrt(Math.Abs(matrix[i * dimension + i])) * Math.Sqrt(Math.Abs(matrix[j * dimension + j]));
                    if (!(Math.Abs(lower - upper) <= SymmetryTolerance * scale))
                    {
                        Throw.Argument("covariances", string.Create(CultureInfo.InvariantCulture,
                            $"covariances: component {first / (dimension * dimension)} is not symmetric: [{i}, {j}] is {lower}, [{j}, {i}] is {upper}"));
                    }
                }
            }
        }
    }

    private static string[]? CheckNames(IReadOnlyList<string>? names, int dimension)
    {
        if (names is not null && names.Count != dimension)
            Throw.Argument("columnNames", $"columnNames has {names.Count} names; {dimension}, one per feature, are required");
        Check.Names("columnNames", names);
        return names is null ? null : [.. names];
    }

    private void CheckComponent(int k)
    {
        if ((uint)k >= (uint)ComponentCount) Throw.OutOfRange(nameof(k), k, $"0 to {ComponentCount - 1} is required");
    }
}
