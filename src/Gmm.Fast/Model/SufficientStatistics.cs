using Gmm.Fast.Families;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>
/// What one pass over the data leaves for the M-step: per component the effective count N_k = sum r, the first moment sum r d and the second
/// moment sum r d d^T of the deviations d = x - center, then the total log-likelihood and the number of points. All numbers lie in one flat span,
/// and statistics of parts of the data about the same centers combine by adding them: threads, blocks, files and machines alike.
/// </summary>
public sealed class SufficientStatistics
{
    private const int Tail = 2;
    private readonly double[] _values;

    /// <summary>Statistics of zero points.</summary>
    /// <param name="covarianceType">Decides which part of the second moments is kept.</param>
    /// <param name="components">K, at least 1.</param>
    /// <param name="dimension">D, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public SufficientStatistics(CovarianceType covarianceType, int components, int dimension)
    {
        Check.MixtureSize(components, dimension, covarianceType is CovarianceType.Full or CovarianceType.Tied);
        CovarianceType = covarianceType;
        Components = components;
        Dimension = dimension;
        SecondMomentLength = CovarianceTypes.For(covarianceType).SecondMomentLength(dimension);
        _values = new double[components * ComponentLength + Tail];
        Centers = new double[components * dimension];
    }

    /// <summary>The covariance type whose second moments are kept.</summary>
    public CovarianceType CovarianceType { get; }

    /// <summary>K.</summary>
    public int Components { get; }

    /// <summary>D.</summary>
    public int Dimension { get; }

    /// <summary>Numbers kept of one second moment: full and tied D(D+1)/2, the packed lower triangle; diagonal D; spherical 1, the trace.</summary>
    public int SecondMomentLength { get; }

    /// <summary>All numbers [K x (1 + D + SecondMomentLength) + 2]: what is added, sent to other machines, and cleared.</summary>
    public Span<double> Values => _values;

    /// <summary>The number of points.</summary>
    public double RowCount
    {
        get => _values[^1];
        internal set => _values[^1] = value;
    }

    /// <summary>The sum over the points of the log-density under the mixture.</summary>
    public double LogLikelihood
    {
        get => _values[^2];
        internal set => _values[^2] = value;
    }

    /// <summary>[K x D]: the centers the moments are taken about; they do not add.</summary>
    internal double[] Centers { get; }

    internal int ComponentLength => 1 + Dimension + SecondMomentLength;

    /// <summary>N_k of component <paramref name="k"/>.</summary>
    public double EffectiveCount(int k) => _values[k * ComponentLength];

    /// <summary>[D]: sum r d of component <paramref name="k"/>.</summary>
    public ReadOnlySpan<double> FirstMoment(int k) => _values.AsSpan(k * ComponentLength + 1, Dimension);

    /// <summary>[SecondMomentLength]: sum r d d^T of component <paramref name="k"/>.</summary>
    public ReadOnlySpan<double> SecondMoment(int k) => _values.AsSpan(k * ComponentLength + 1 + Dimension, SecondMomentLength);

    /// <summary>Back to zero points.</summary>
    public void Clear() => Values.Clear();

    /// <summary>Adds the statistics of other points, taken about the same centers.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public void Add(SufficientStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.CovarianceType != CovarianceType || other.Components != Components || other.Dimension != Dimension)
        {
            Throw.Argument(nameof(other), $"other has the shape {other.CovarianceType}, {other.Components} components, {other.Dimension} features; "
                + $"{CovarianceType}, {Components}, {Dimension} is required");
        }
        var values = _values;
        var addend = other._values;
        for (var i = 0; i < values.Length; i++) values[i] += addend[i];
    }

    /// <summary>The displacement of component k's mean from its center in feature j: what the mean moves by in the M-step.</summary>
    internal double Delta(int k, int j) => _values[k * ComponentLength + 1 + j] / _values[k * ComponentLength];
}
