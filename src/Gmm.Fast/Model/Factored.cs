using Gmm.Fast.Families;
using Gmm.Fast.Kernels;
using Gmm.Fast.Linalg;

namespace Gmm.Fast.Model;

/// <summary>
/// Holds a theta with its inverse Cholesky factors and the constants of its log-densities, which <see cref="TryFactor(out FactorFailure, MatrixTeam)"/> computes.
/// Do not change a mixture that others share.
/// </summary>
internal sealed class Factored
{
    private readonly DensityForm _form;
    private readonly int _factorLength;

    public Factored(Family family, int components, int dimension)
        : this(new Parameters(family, components, dimension))
    {
    }

    public Factored(Parameters parameters)
    {
        Parameters = parameters;
        _form = parameters.Family.Form;
        _factorLength = _form.FactorLength(parameters.Dimension);
        Factors = new double[checked(Components * _factorLength + _form.ExtraLength(Components, Dimension))];
        LogNormalizers = new double[Components];
        LogConstants = new double[Components];
    }

    /// <summary>Theta.</summary>
    public Parameters Parameters { get; }

    public Family Family => Parameters.Family;

    /// <summary>K.</summary>
    public int Components => Parameters.Components;

    /// <summary>D.</summary>
    public int Dimension => Parameters.Dimension;

    /// <summary>[K x FactorLength]: W with W^T W the inverse covariance, in the layout of the form, then the numbers that all share.</summary>
    public double[] Factors { get; }

    /// <summary>[K]: -D/2 ln 2 pi - 1/2 ln |covariance|.</summary>
    public double[] LogNormalizers { get; }

    /// <summary>[K]: ln weight + log-normalizer; minus infinity for a component of weight 0.</summary>
    public double[] LogConstants { get; }

    /// <summary>The mixture as density kernels read it.</summary>
    public DensityNumbers Numbers => new(Components, Dimension, _factorLength, Parameters.Means, Factors, LogConstants);

    /// <summary>Whether distances with all digits need another kernel than densities do.</summary>
    public bool TradesDigits => _form.TradesDigits(Numbers);

    /// <summary>Factors all matrices. Returns false with the first that is not positive definite.</summary>
    public bool TryFactor(out FactorFailure failure, MatrixTeam? team = null)
    {
        for (var matrix = 0; matrix < Parameters.Matrices; matrix++)
        {
            if (!TryFactor(matrix, out failure, team)) return false;
        }
        failure = default;
        return true;
    }

    /// <summary>Computes factor and constants of one matrix. Returns false with the pivot if it is not positive definite.</summary>
    public bool TryFactor(int matrix, out FactorFailure failure, MatrixTeam? team = null)
    {
        var factor = Factor(matrix);
        if (!Family.TryFactor(
            Parameters.CovarianceOf(matrix), Dimension, factor, team ?? MatrixTeam.Alone, out var logDeterminant, out var pivot, out var value))
        {
            failure = new FactorFailure(matrix, pivot, value);
            return false;
        }
        failure = default;
        SetConstants(matrix, logDeterminant);
        if (!Parameters.IsShared) return true;
        for (var k = 1; k < Components; k++)
        {
            factor.CopyTo(Factor(k));
            SetConstants(k, logDeterminant);
        }
        _form.WriteExtra(Parameters.Weights, Parameters.Means, Factors.AsSpan(0, _factorLength), Factors.AsSpan(Components * _factorLength));
        return true;
    }

    /// <summary>Changes the weight of a factored component.</summary>
    public void SetWeight(int k, double weight)
    {
        Parameters.Weights[k] = weight;
        LogConstants[k] = Parameters.Log(weight) + LogNormalizers[k];
    }

    /// <summary>
    /// Copies mean and covariance of component <paramref name="k"/> from <paramref name="other"/>; its weight stays. A covariance that all components
    /// share stays too.
    /// </summary>
    public void Keep(Factored other, int k)
    {
        other.Parameters.Mean(k).CopyTo(Parameters.Mean(k));
        if (Parameters.IsShared)
        {
            SetWeight(k, Parameters.Weights[k]);
            return;
        }
        other.Parameters.CovarianceOf(k).CopyTo(Parameters.CovarianceOf(k));
        TryFactor(k, out _);
    }

    /// <summary>Gives the mixture without some components, factored; <paramref name="dropped"/> [K] keeps at least one.</summary>
    public Factored Without(ReadOnlySpan<bool> dropped)
    {
        var kept = new List<int>();
        for (var k = 0; k < Components; k++)
        {
            if (!dropped[k]) kept.Add(k);
        }
        return Take([.. kept]);
    }

    /// <summary>Gives the mixture of some components, at least one, in the order of <paramref name="components"/>, factored.</summary>
    public Factored Take(ReadOnlySpan<int> components)
    {
        var taken = new Factored(Family, components.Length, Dimension);
        for (var to = 0; to < components.Length; to++)
        {
            var from = components[to];
            taken.Parameters.Weights[to] = Parameters.Weights[from];
            Parameters.Mean(from).CopyTo(taken.Parameters.Mean(to));
            Parameters.CovarianceOf(Parameters.MatrixOf(from)).CopyTo(taken.Parameters.CovarianceOf(Parameters.MatrixOf(to)));
        }
        taken.TryFactor(out _);
        return taken;
    }

    /// <summary>
    /// Becomes the marginal mixture of some dimensions of a factored one, <paramref name="kept"/> [D]. In exact arithmetic it is positive definite
    /// too. Where rounding has taken a pivot, variances grow by as much as it can take.
    /// </summary>
    public void TakeMarginal(Factored whole, ReadOnlySpan<int> kept)
    {
        whole.Parameters.Weights.CopyTo(Parameters.Weights);
        for (var k = 0; k < Components; k++)
        {
            for (var j = 0; j < kept.Length; j++) Parameters.Mean(k)[j] = whole.Parameters.Mean(k)[kept[j]];
        }
        for (var matrix = 0; matrix < Parameters.Matrices; matrix++)
        {
            var marginal = Parameters.CovarianceOf(matrix);
            Family.Marginal(whole.Parameters.CovarianceOf(matrix), whole.Dimension, kept, marginal);
            for (var growth = double.ScaleB(1, -52); !TryFactor(matrix, out _); growth *= 2) Widen(marginal, growth);
        }
    }

    /// <summary>Gives the factor [FactorLength] of component k.</summary>
    public Span<double> Factor(int k) => Factors.AsSpan(k * _factorLength, _factorLength);

    private void SetConstants(int k, double logDeterminantOfFactor)
    {
        const double HalfLogTwoPi = 0.91893853320467274178;
        LogNormalizers[k] = logDeterminantOfFactor - Dimension * HalfLogTwoPi;
        LogConstants[k] = Parameters.Log(Parameters.Weights[k]) + LogNormalizers[k];
    }

    private void Widen(Span<double> matrix, double growth)
    {
        // Far beyond rounding, and so a variance that is 0 or not finite.
        if (growth > 1) throw new InvalidOperationException("a marginal covariance of a positive definite one is not positive definite");
        var full = new double[Dimension * Dimension];
        Family.Expand(matrix, full);
        for (var j = 0; j < Dimension; j++) full[j * Dimension + j] *= 1 + growth;
        Family.Project(full, Dimension, matrix);
    }
}
