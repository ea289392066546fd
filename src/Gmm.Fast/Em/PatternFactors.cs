using System.Numerics;
using Gmm.Fast.Families;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>
/// Holds what a pass reads of one pattern: the marginal mixture of its present dimensions as kernels read it, and per matrix the regression of the
/// missing dimensions on them.
/// </summary>
internal sealed class PatternFactors<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _regression;
    private readonly double[] _residual;
    private readonly bool[] _isRegressed;
    private readonly int _regressionLength;
    private readonly int _residualLength;
    private readonly int _present;

    /// <summary>Makes room for patterns of some number of present dimensions.</summary>
    /// <param name="family">The family of the covariances.</param>
    /// <param name="components">K.</param>
    /// <param name="dimension">D.</param>
    /// <param name="present">The number of present dimensions, at least 1, below D.</param>
    public PatternFactors(Family family, int components, int dimension, int present)
    {
        _present = present;
        Parameters = new KernelParameters<T>(family.Form, components, present);
        _regressionLength = family.RegressionLength(present, dimension - present);
        _residualLength = family.Moments.Length(dimension - present);
        _isRegressed = new bool[family.Matrices(components)];
        _regression = new double[checked(_isRegressed.Length * _regressionLength)];
        _residual = new double[checked(_isRegressed.Length * _residualLength)];
    }

    /// <summary>The marginal mixture.</summary>
    public KernelParameters<T> Parameters { get; }

    /// <summary>Counts the numbers of such an object, about.</summary>
    public static long Numbers(Family family, int components, int dimension, int present) =>
        (long)components * (family.Form.FactorLength(present) + present + 1)
        + (long)family.Matrices(components) * (family.RegressionLength(present, dimension - present) + family.Moments.Length(dimension - present));

    /// <summary>Takes the marginal mixture of a pattern.</summary>
    /// <param name="mixture">The mixture of all dimensions.</param>
    /// <param name="order">[D]: the present dimensions, then the missing ones.</param>
    /// <param name="marginal">Room for the marginal mixture.</param>
    public void Load(Factored mixture, ReadOnlySpan<int> order, Factored marginal)
    {
        marginal.TakeMarginal(mixture, order[.._present]);
        Parameters.Load(marginal.Numbers);
        _isRegressed.AsSpan().Clear();
    }

    /// <summary>Computes the regression of one matrix, unless that is done.</summary>
    public void Regress(Factored mixture, ReadOnlySpan<int> order, int matrix)
    {
        if (_isRegressed[matrix]) return;
        mixture.Family.Regress(
            mixture.Parameters.CovarianceOf(matrix), order, _present, _regression.AsSpan(matrix * _regressionLength, _regressionLength),
            _residual.AsSpan(matrix * _residualLength, _residualLength));
        _isRegressed[matrix] = true;
    }

    /// <summary>Gives B [m x o] of a matrix, or nothing where it is 0.</summary>
    public ReadOnlySpan<double> Regression(int matrix) => _regression.AsSpan(matrix * _regressionLength, _regressionLength);

    /// <summary>Gives the kept part of C of a matrix.</summary>
    public ReadOnlySpan<double> Residual(int matrix) => _residual.AsSpan(matrix * _residualLength, _residualLength);

    public void Dispose() => Parameters.Dispose();
}
