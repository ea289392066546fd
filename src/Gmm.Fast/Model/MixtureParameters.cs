using Gmm.Fast.Families;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Model;

/// <summary>
/// Weights, means and covariances of a mixture, and what the kernels make of them: the inverse Cholesky factors and the constants of the
/// log-densities. Filled by <see cref="TryFactor"/>, not changed afterwards by anyone who shares it.
/// </summary>
internal sealed class MixtureParameters
{
    private const double MinNormal = 2.2250738585072014e-308;

    public MixtureParameters(ICovariance covariance, int components, int dimension)
    {
        Covariance = covariance;
        Components = components;
        Dimension = dimension;
        Weights = new double[components];
        Means = new double[components * dimension];
        Covariances = new double[covariance.CovarianceLength(components, dimension)];
        FactorLength = covariance.FactorLength(dimension);
        Factors = new double[components * FactorLength];
        var tied = covariance.Type == CovarianceType.Tied;
        WhitenedMeans = tied ? new double[components * dimension] : [];
        Center = tied ? new double[dimension] : [];
        LogNormalizers = new double[components];
        LogConstants = new double[components];
        Matrices = covariance.Matrices(components);
    }

    public ICovariance Covariance { get; }

    /// <summary>K.</summary>
    public int Components { get; }

    /// <summary>D.</summary>
    public int Dimension { get; }

    /// <summary>[K], sum 1.</summary>
    public double[] Weights { get; }

    /// <summary>[K x D].</summary>
    public double[] Means { get; }

    /// <summary>Covariances that are estimated and factored apart: K, or one that all components share.</summary>
    public int Matrices { get; }

    /// <summary>Whether one covariance belongs to all components, be it only one.</summary>
    public bool IsShared => Covariance.Type == CovarianceType.Tied;

    /// <summary>Compact form of the covariance type: <see cref="Matrices"/> times as many numbers as one has.</summary>
    public double[] Covariances { get; }

    /// <summary>Numbers per component in <see cref="Factors"/>.</summary>
    public int FactorLength { get; }

    /// <summary>[K x FactorLength]: W with W^T W the inverse covariance, laid out as the type's kernel reads it.</summary>
    public double[] Factors { get; }

    /// <summary>[K x D]: W (mean - center), of a tied covariance only, whose points are whitened once.</summary>
    public double[] WhitenedMeans { get; }

    /// <summary>Whether points of a tied covariance are whitened once: not where its components lie so far apart that differences of whitened points lose digits.</summary>
    public bool Whitens { get; set; }

    /// <summary>[D]: the mean of the mixture, about which points of a tied covariance are whitened.</summary>
    public double[] Center { get; }

    /// <summary>[K]: -D/2 ln 2 pi - 1/2 ln |covariance|.</summary>
    public double[] LogNormalizers { get; }

    /// <summary>[K]: ln weight + log-normalizer; minus infinity for a component of weight 0.</summary>
    public double[] LogConstants { get; }

    /// <summary>A number that can be a variance: positive and finite.</summary>
    public static bool IsVariance(double value) => value > 0 && double.IsFinite(value);

    /// <summary>
    /// A variance about <paramref name="mean"/>, or exactly 0 where it is no more than the rounding of the deviations, (2^-52 mean)^2, or of their
    /// sums, 2^-16 of <paramref name="meanSquare"/> about the center (sums of floats; the sweep leaves 2^-10 and more where there is a variance):
    /// identical points have no variance, and must not get one from their last bits.
    /// </summary>
    public static double WithoutRounding(double variance, double mean, double meanSquare) =>
        variance <= double.ScaleB(mean * mean, -104) || variance <= double.ScaleB(meanSquare, -16) ? 0 : variance;

    /// <summary>Sets both constants of component k from the logarithm of |W| = |covariance|^(-1/2).</summary>
    public void SetConstants(int k, double logDeterminantOfFactor)
    {
        const double HalfLogTwoPi = 0.91893853320467274178;
        LogNormalizers[k] = logDeterminantOfFactor - Dimension * HalfLogTwoPi;
        LogConstants[k] = Log(Weights[k]) + LogNormalizers[k];
    }

    /// <summary>ln x of a number that is not negative, with the same bits on every system; the system's own logarithm below the normal range.</summary>
    public static double Log(double x) => x < MinNormal ? Math.Log(x) : DoubleLanesScalar.Log(x);

    /// <summary>Changes the weight of a factored component.</summary>
    public void SetWeight(int k, double weight)
    {
        Weights[k] = weight;
        LogConstants[k] = Log(weight) + LogNormalizers[k];
    }

    /// <summary>
    /// Gives component <paramref name="k"/>, with the weight it has here, mean, covariance and factor that it has in <paramref name="other"/>; a
    /// covariance that all components share stays as it is.
    /// </summary>
    public void Keep(MixtureParameters other, int k)
    {
        other.Mean(k).CopyTo(Mean(k));
        if (!IsShared)
        {
            other.CovarianceOf(k).CopyTo(CovarianceOf(k));
            other.Factor(k).CopyTo(Factor(k));
            LogNormalizers[k] = other.LogNormalizers[k];
        }
        SetWeight(k, Weights[k]);
    }

    /// <summary>The mixture without some components, factored; at least one stays.</summary>
    public MixtureParameters Without(ReadOnlySpan<bool> dropped)
    {
        var rest = new MixtureParameters(Covariance, Components - dropped.Count(true), Dimension);
        for (int from = 0, to = 0; from < Components; from++)
        {
            if (dropped[from]) continue;
            rest.Weights[to] = Weights[from];
            Mean(from).CopyTo(rest.Mean(to));
            CovarianceOf(IsShared ? 0 : from).CopyTo(rest.CovarianceOf(IsShared ? 0 : to));
            to++;
        }
        rest.TryFactor(out _);
        return rest;
    }

    /// <summary>Gives component <paramref name="to"/> the factor of component <paramref name="from"/>.</summary>
    public void CopyFactor(int from, int to)
    {
        Factor(from).CopyTo(Factor(to));
        LogNormalizers[to] = LogNormalizers[from];
        LogConstants[to] = Log(Weights[to]) + LogNormalizers[to];
    }

    /// <summary>The factor of component k, [FactorLength].</summary>
    public Span<double> Factor(int k) => Factors.AsSpan(k * FactorLength, FactorLength);

    /// <summary>The compact form of one matrix.</summary>
    public Span<double> CovarianceOf(int matrix) => Covariances.AsSpan(matrix * (Covariances.Length / Matrices), Covariances.Length / Matrices);

    /// <summary>The variance of feature <paramref name="j"/> in one matrix.</summary>
    public double Variance(int matrix, int j)
    {
        var compact = CovarianceOf(matrix);
        if (compact.Length == 1) return compact[0];
        return compact[compact.Length == Dimension ? j : j * Dimension + j];
    }

    /// <summary>Factors all matrices; false with the first that is not positive definite.</summary>
    public bool TryFactor(out FactorFailure failure)
    {
        for (var matrix = 0; matrix < Matrices; matrix++)
        {
            if (!Covariance.TryFactor(this, matrix, out failure)) return false;
        }
        failure = default;
        return true;
    }

    /// <summary>The mean of component k, [D].</summary>
    public Span<double> Mean(int k) => Means.AsSpan(k * Dimension, Dimension);
}

/// <summary>Why a covariance could not be factored: the component and the pivot, both from 0, and the pivot's value.</summary>
internal readonly record struct FactorFailure(int Component, int Pivot, double Value);
