using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast;

/// <summary>
/// Holds a mixture of K Gaussian components in D dimensions: p(x) = sum over k of w_k N(x | mu_k, Sigma_k) (Bishop, PRML, equation 9.7).
/// Immutable, and safe for use by any number of threads at once.
/// </summary>
/// <example>
/// <code>
/// using Gmm.Fast;
///
/// GaussianMixture model = GaussianMixture.FromJson(File.ReadAllText("model.json"));
/// double[] responsibilities = new double[model.ComponentCount];
/// model.Responsibilities([2.0, 60], responsibilities);
/// Console.WriteLine($"component {model.Label([2.0, 60])}, log-density {model.LogDensity([2.0, 60]):f3}");
/// </code>
/// </example>
public sealed partial class GaussianMixture
{
    /// <summary>Makes a mixture with given parameters, used as they are.</summary>
    /// <param name="covarianceType">The form of the covariances.</param>
    /// <param name="dimension">D, at least 1.</param>
    /// <param name="weights">[K], not negative, sum 1.</param>
    /// <param name="means">[K x D], in units of the data.</param>
    /// <param name="covariances">
    /// Compact form of the type, in squared units of the data: full [K x D x D], tied [D x D], diagonal [K x D], spherical [K], tied diagonal [D],
    /// tied spherical [1].
    /// </param>
    /// <param name="columnNames">[D] names of the dimensions, or null.</param>
    /// <exception cref="ArgumentException">
    /// A length is wrong, a number is not finite, the weights do not sum to 1, or a covariance is not symmetric positive definite.
    /// </exception>
    public GaussianMixture(
        CovarianceType covarianceType, int dimension, ReadOnlySpan<double> weights, ReadOnlySpan<double> means, ReadOnlySpan<double> covariances,
        IReadOnlyList<string>? columnNames = null)
        : this(CheckedMixture.Create(covarianceType, dimension, weights, means, covariances), columnNames)
    {
    }

    internal GaussianMixture(Factored mixture, IReadOnlyList<string>? columnNames)
    {
        Mixture = mixture;
        ColumnNames = CheckedMixture.Names(columnNames, mixture.Dimension) is { } names ? ReadOnlyList.Of(names) : null;
    }

    /// <summary>The form of the covariances.</summary>
    public CovarianceType CovarianceType => Mixture.Family.Type;

    /// <summary>K.</summary>
    public int ComponentCount => Mixture.Components;

    /// <summary>D.</summary>
    public int Dimension => Mixture.Dimension;

    /// <summary>[K], sum 1.</summary>
    public ReadOnlySpan<double> Weights => Mixture.Parameters.Weights;

    /// <summary>[K x D], in units of the data.</summary>
    public ReadOnlySpan<double> Means => Mixture.Parameters.Means;

    /// <summary>Compact form of the covariance type, in squared units of the data, of the lengths in <see cref="CovarianceShape"/>.</summary>
    public ReadOnlySpan<double> Covariances => Mixture.Parameters.Covariances;

    /// <summary>
    /// The lengths of <see cref="Covariances"/>: full [K, D, D], tied [D, D], diagonal [K, D], spherical [K], tied diagonal [D], tied spherical [1].
    /// </summary>
    public IReadOnlyList<int> CovarianceShape => Mixture.Family.Shape(ComponentCount, Dimension);

    /// <summary>Whether all components share one covariance.</summary>
    public bool SharesCovariance => Mixture.Family.IsShared;

    /// <summary>The name of the covariance type in model files and in the tool.</summary>
    public string CovarianceName => Mixture.Family.Name;

    /// <summary>[D] names of the dimensions, or null.</summary>
    public IReadOnlyList<string>? ColumnNames { get; }

    /// <summary>The number of free parameters: K - 1 weights, K D means and those of the covariances.</summary>
    public long FreeParameters => Mixture.Parameters.FreeCount;

    internal Factored Mixture { get; }

    /// <summary>Gives the mean [D] of component <paramref name="k"/>, from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such component.</exception>
    public ReadOnlySpan<double> Mean(int k)
    {
        CheckComponent(k);
        return Mixture.Parameters.Mean(k);
    }

    /// <summary>Writes the covariance of component <paramref name="k"/> as a full matrix, for any covariance type.</summary>
    /// <param name="k">The component, from 0.</param>
    /// <param name="matrix">[D x D], receives the matrix, in squared units of the data.</param>
    /// <exception cref="ArgumentException">There is no such component, or the length does not fit.</exception>
    public void Covariance(int k, Span<double> matrix)
    {
        CheckComponent(k);
        Check.Shape(nameof(matrix), matrix.Length, Dimension, Dimension);
        Mixture.Family.Expand(Mixture.Parameters.CovarianceOf(Mixture.Parameters.MatrixOf(k)), matrix);
    }

    /// <summary>Gives the covariance of two dimensions in component <paramref name="k"/>, without a matrix.</summary>
    /// <param name="k">The component, from 0.</param>
    /// <param name="row">One dimension, from 0.</param>
    /// <param name="column">The other dimension, from 0; the same for the variance.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such component or dimension.</exception>
    public double Covariance(int k, int row, int column)
    {
        CheckComponent(k);
        CheckDimension(nameof(row), row);
        CheckDimension(nameof(column), column);
        var parameters = Mixture.Parameters;
        return Mixture.Family.Covariance(parameters.CovarianceOf(parameters.MatrixOf(k)), Dimension, row, column);
    }

    /// <summary>Gives the variance of one dimension in component <paramref name="k"/>, without a matrix.</summary>
    /// <param name="k">The component, from 0.</param>
    /// <param name="dimension">The dimension, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such component or dimension.</exception>
    public double Variance(int k, int dimension)
    {
        CheckComponent(k);
        CheckDimension(nameof(dimension), dimension);
        return Mixture.Parameters.Variance(Mixture.Parameters.MatrixOf(k), dimension);
    }

    /// <summary>
    /// Writes the inverse Cholesky factor W of the covariance of component <paramref name="k"/>, for any covariance type. W^T W is the inverse covariance,
    /// and W (x - mean) a point of the component in standard deviations, with independent coordinates.
    /// </summary>
    /// <param name="k">The component, from 0.</param>
    /// <param name="factor">[D x D], receives W, lower triangular, in inverse units of the data.</param>
    /// <exception cref="ArgumentException">There is no such component, or the length does not fit.</exception>
    public void PrecisionFactor(int k, Span<double> factor)
    {
        CheckComponent(k);
        Check.Shape(nameof(factor), factor.Length, Dimension, Dimension);
        Mixture.Family.ExpandFactor(Mixture.Factor(k), factor);
    }

    /// <summary>Gives the mixture of some dimensions alone: the marginal density (Bishop, PRML, equation 2.98).</summary>
    /// <param name="dimensions">[1 to D] different dimensions, from 0, in any order.</param>
    /// <exception cref="ArgumentException">There is no dimension, one is out of range, or one is repeated.</exception>
    public GaussianMixture Marginal(ReadOnlySpan<int> dimensions)
    {
        CheckDimensions(nameof(dimensions), dimensions);
        var (whole, part) = (Mixture.Parameters, new Factored(Mixture.Family, ComponentCount, dimensions.Length));
        whole.Weights.CopyTo(part.Parameters.Weights);
        for (var k = 0; k < ComponentCount; k++)
        {
            for (var i = 0; i < dimensions.Length; i++) part.Parameters.Mean(k)[i] = whole.Mean(k)[dimensions[i]];
        }
        for (var matrix = 0; matrix < whole.Matrices; matrix++)
            Mixture.Family.Marginal(whole.CovarianceOf(matrix), Dimension, dimensions, part.Parameters.CovarianceOf(matrix));
        if (!part.TryFactor(out var failure)) Throw.Argument(nameof(dimensions), $"dimensions: the marginal covariance of component {failure.Component} is singular");
        var names = ColumnNames;
        return new GaussianMixture(part, names is null ? null : [.. dimensions.ToArray().Select(j => names[j])]) { MissingValues = MissingValues };
    }

    /// <summary>Gives the means to predict the other dimensions from some: regression and conditional distributions.</summary>
    /// <param name="given">[1 to D - 1] different dimensions, from 0, in any order: those that will be known.</param>
    /// <exception cref="ArgumentException">There is no dimension, one is out of range or repeated, or none is left.</exception>
    public ConditionalMixture Conditional(ReadOnlySpan<int> given)
    {
        CheckDimensions(nameof(given), given);
        if (given.Length == Dimension) Throw.Argument(nameof(given), $"given names all {Dimension} dimensions; at least one is required to be left");
        return new ConditionalMixture(this, given);
    }

    /// <summary>Gives the same mixture with other numbers for its components.</summary>
    /// <param name="order">[K]: every component once, from 0; the first becomes component 0. <see cref="ComponentOrder.Of"/> makes such lists.</param>
    /// <exception cref="ArgumentException">A component is missing, repeated or out of range.</exception>
    public GaussianMixture Reorder(ReadOnlySpan<int> order)
    {
        Check.Length(nameof(order), order.Length, ComponentCount, "one per component");
        for (var k = 0; k < order.Length; k++)
        {
            if ((uint)order[k] >= (uint)ComponentCount || order[..k].Contains(order[k]))
                Throw.Argument(nameof(order), $"order[{k}] is {order[k]}; every component from 0 to {ComponentCount - 1} is required once");
        }
        return new GaussianMixture(Mixture.Take(order), ColumnNames, Quantiles) { MissingValues = MissingValues };
    }

    /// <summary>Gives the Bayesian information criterion, p ln N - 2 ll, with p free parameters (Schwarz 1978); smaller is better.</summary>
    /// <param name="totalLogLikelihood">ll, of N points under this model, in nats.</param>
    /// <param name="points">N, above 0; of weighted points, the sum of their weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">N is not a finite number above 0.</exception>
    public double Bic(double totalLogLikelihood, double points)
    {
        if (!(points > 0 && double.IsFinite(points))) Throw.OutOfRange(nameof(points), points, "a finite number above 0 is required");
        return FreeParameters * Math.Log(points) - 2 * totalLogLikelihood;
    }

    /// <summary>Gives the Akaike information criterion, 2 p - 2 ll, with p free parameters (Akaike 1974); smaller is better.</summary>
    /// <param name="totalLogLikelihood">ll, of the points under this model, in nats.</param>
    public double Aic(double totalLogLikelihood) => 2.0 * FreeParameters - 2 * totalLogLikelihood;

    private void CheckDimensions(string name, ReadOnlySpan<int> dimensions)
    {
        if (dimensions.IsEmpty) Throw.Argument(name, $"{name} is empty; at least one is required");
        for (var i = 0; i < dimensions.Length; i++)
        {
            if ((uint)dimensions[i] >= (uint)Dimension || dimensions[..i].Contains(dimensions[i]))
                Throw.Argument(name, $"{name}[{i}] is {dimensions[i]}; different ones from 0 to {Dimension - 1} are required");
        }
    }

    private void CheckDimension(string name, int dimension)
    {
        if ((uint)dimension >= (uint)Dimension) Throw.OutOfRange(name, dimension, $"0 to {Dimension - 1} is required");
    }

    private void CheckComponent(int k)
    {
        if ((uint)k >= (uint)ComponentCount) Throw.OutOfRange(nameof(k), k, $"0 to {ComponentCount - 1} is required");
    }
}
