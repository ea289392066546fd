using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Gmm.Fast.Internals;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;

namespace Gmm.Fast;

/// <summary>
/// Predicts some dimensions of a mixture from the others: p(x_m | x_o) is again a mixture, whose weights are the responsibilities of x_o, and whose
/// components are those of Bishop, PRML, equations 2.81 and 2.82. Its mean is the regression of Ghahramani and Jordan (1994).
/// All that does not depend on x_o is computed once. Immutable, and safe for use by any number of threads at once.
/// </summary>
public sealed class ConditionalMixture
{
    // Numbers of scratch that lie on the stack; more come from the pool.
    private const int StackNumbers = 240;

    private readonly GaussianMixture _model;
    private readonly GaussianMixture _marginal;
    private readonly int[] _given;
    private readonly int[] _predicted;

    /// <summary>[matrices x m x o]: Sigma_mo Sigma_oo^-1; nothing where it is 0.</summary>
    private readonly double[] _regressions;

    /// <summary>The covariances Sigma_mm - Sigma_mo Sigma_oo^-1 Sigma_om, compact.</summary>
    private readonly double[] _covariances;

    internal ConditionalMixture(GaussianMixture model, ReadOnlySpan<int> given)
    {
        _model = model;
        _given = given.ToArray();
        _predicted = [.. Enumerable.Range(0, model.Dimension).Except(_given)];
        (Given, Predicted) = (ReadOnlyList.Of(_given), ReadOnlyList.Of(_predicted));
        _marginal = model.Marginal(given).WithMissingValues(MissingValues.Error);
        var (family, parameters) = (model.Mixture.Family, model.Mixture.Parameters);
        var (length, matrixLength) = (family.RegressionLength(_given.Length, _predicted.Length), family.MatrixLength(_predicted.Length));
        _regressions = new double[checked(parameters.Matrices * length)];
        _covariances = new double[checked(parameters.Matrices * matrixLength)];
        var residual = new double[family.Moments.Length(_predicted.Length)];
        var full = new double[_predicted.Length * _predicted.Length];
        int[] order = [.. _given, .. _predicted];
        for (var matrix = 0; matrix < parameters.Matrices; matrix++)
        {
            var covariance = _covariances.AsSpan(matrix * matrixLength, matrixLength);
            if (!family.HasOffDiagonal)
            {
                family.Marginal(parameters.CovarianceOf(matrix), model.Dimension, _predicted, covariance);
                continue;
            }
            family.Regress(parameters.CovarianceOf(matrix), order, _given.Length, _regressions.AsSpan(matrix * length, length), residual);
            for (var i = 0; i < _predicted.Length; i++)
            {
                for (var j = 0; j < _predicted.Length; j++) full[i * _predicted.Length + j] = residual[PackedLower.Index(Math.Max(i, j), Math.Min(i, j))];
            }
            family.Project(full, _predicted.Length, covariance);
        }
    }

    /// <summary>[o], the dimensions of the mixture that are given, in the order of their values.</summary>
    public IReadOnlyList<int> Given { get; }

    /// <summary>[m], the dimensions that are predicted, ascending.</summary>
    public IReadOnlyList<int> Predicted { get; }

    /// <summary>Writes E[x_m | x_o], the mean of the predicted dimensions. Allocates nothing but at the first call.</summary>
    /// <param name="given">[o], values of <see cref="Given"/>, finite.</param>
    /// <param name="mean">[m], receives the means of <see cref="Predicted"/>, in units of the data.</param>
    /// <exception cref="ArgumentException">A length does not fit, a number is not finite, or one is so far away that a mean is not.</exception>
    [SkipLocalsInit]
    public unsafe void Mean(ReadOnlySpan<double> given, Span<double> mean)
    {
        CheckGiven(given);
        Check.Length(nameof(mean), mean.Length, _predicted.Length, "one per predicted dimension");
        var (k, o) = (_model.ComponentCount, _given.Length);
        double[]? rented = null;
        var scratch = k + o <= StackNumbers ? stackalloc double[StackNumbers] : rented = ArrayPool<double>.Shared.Rent(k + o);
        var responsibilities = scratch[..k];
        var deviations = scratch.Slice(k, o);
        _marginal.Responsibilities(given, responsibilities);
        mean.Clear();
        for (var i = 0; i < k; i++)
        {
            if (responsibilities[i] > 0) AddMean(i, responsibilities[i], given, deviations, mean);
        }
        if (rented is not null) ArrayPool<double>.Shared.Return(rented);
        CheckMeans(given, mean);
    }

    /// <summary>Gives the whole conditional distribution, the mixture p(x_m | x_o): its covariances, samples, densities and so on.</summary>
    /// <param name="given">[o], values of <see cref="Given"/>, finite.</param>
    /// <returns>A mixture of <see cref="Predicted"/>, with all K components, also those whose weight is 0, and the model's meaning of NaN.</returns>
    /// <exception cref="ArgumentException">The length does not fit, a number is not finite, or one is so far away that a mean is not.</exception>
    public GaussianMixture At(ReadOnlySpan<double> given)
    {
        CheckGiven(given);
        var (k, m) = (_model.ComponentCount, _predicted.Length);
        double[] weights = new double[k], means = new double[k * m], deviations = new double[_given.Length];
        _marginal.Responsibilities(given, weights);
        for (var i = 0; i < k; i++) AddMean(i, 1, given, deviations, means.AsSpan(i * m, m));
        CheckMeans(given, means);
        var names = _model.ColumnNames;
        return new GaussianMixture(_model.CovarianceType, m, weights, means, _covariances, names is null ? null : [.. _predicted.Select(j => names[j])])
            .WithMissingValues(_model.MissingValues);
    }

    // Adds share (mu_m + B (x_o - mu_o)) of component k to mean [m].
    private unsafe void AddMean(int k, double share, ReadOnlySpan<double> given, Span<double> deviations, Span<double> mean)
    {
        var center = _model.Mean(k);
        var hasRegression = _regressions.Length > 0;
        for (var j = 0; j < given.Length && hasRegression; j++) deviations[j] = given[j] - center[_given[j]];
        fixed (double* x = deviations, regressions = _regressions)
        {
            var row = regressions + (nint)_model.Mixture.Parameters.MatrixOf(k) * mean.Length * given.Length;
            for (var i = 0; i < mean.Length; i++, row += given.Length)
                mean[i] += share * (center[_predicted[i]] + (hasRegression ? DenseRows.Dot(row, x, given.Length) : 0));
        }
    }

    // Finite values may be so far away that a regression overflows: the largest one is named.
    private static void CheckMeans(ReadOnlySpan<double> given, ReadOnlySpan<double> means)
    {
        if (TensorPrimitives.IsFiniteAll(means)) return;
        var j = TensorPrimitives.IndexOfMaxMagnitude(given);
        Throw.Argument(nameof(given), FormattableString.Invariant(
            $"given[{j}] is {given[j]}, so far from the means that predicted ones are not finite; a value nearer to them is required"));
    }

    private void CheckGiven(ReadOnlySpan<double> given)
    {
        Check.Length(nameof(given), given.Length, _given.Length, "one per given dimension");
        for (var j = 0; j < given.Length; j++)
        {
            if (!double.IsFinite(given[j])) Throw.Argument(nameof(given), FormattableString.Invariant($"given[{j}] is {given[j]}; finite values are required"));
        }
    }
}
