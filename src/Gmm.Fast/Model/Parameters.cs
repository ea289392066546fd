using Gmm.Fast.Families;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Model;

/// <summary>
/// Holds weights, means and covariances of a mixture as one vector theta = [weights, means, covariances], which an accelerator takes as a whole.
/// A <see cref="Factored"/> adds the numbers that kernels read, computed for every theta.
/// </summary>
internal sealed class Parameters
{
    private const double MinNormal = 2.2250738585072014e-308;

    private readonly int _matrixLength;

    public Parameters(Family family, int components, int dimension)
    {
        Family = family;
        Components = components;
        Dimension = dimension;
        Matrices = family.Matrices(components);
        _matrixLength = family.MatrixLength(dimension);
        Theta = new double[checked(components * (1 + dimension) + Matrices * _matrixLength)];
    }

    /// <summary>The family of the covariances.</summary>
    public Family Family { get; }

    /// <summary>K.</summary>
    public int Components { get; }

    /// <summary>D.</summary>
    public int Dimension { get; }

    /// <summary>The number of matrices: K, or one that all components share.</summary>
    public int Matrices { get; }

    /// <summary>Whether all components share one matrix, also if K is 1.</summary>
    public bool IsShared => Family.IsShared;

    /// <summary>The number of free parameters: weights that sum to 1, means, and covariances of the family.</summary>
    public long FreeCount => CountFree(Family, Components, Dimension);

    /// <summary>[K weights, K x D means, the matrices].</summary>
    public double[] Theta { get; }

    /// <summary>[K], sum 1.</summary>
    public Span<double> Weights => Theta.AsSpan(0, Components);

    /// <summary>[K x D].</summary>
    public Span<double> Means => Theta.AsSpan(Components, Components * Dimension);

    /// <summary>[<see cref="Matrices"/> x numbers of one matrix], in the compact form of the family.</summary>
    public Span<double> Covariances => Theta.AsSpan(Components * (1 + Dimension));

    /// <summary>Counts the free parameters of a mixture.</summary>
    public static long CountFree(Family family, int components, int dimension) =>
        components - 1 + (long)components * dimension + family.FreeParameters(components, dimension);

    /// <summary>Tells whether a number can be a variance: positive and finite.</summary>
    public static bool IsVariance(double value) => value > 0 && double.IsFinite(value);

    /// <summary>Gives ln x for x at least 0, with the same bits on every system; below the normal range, the system's own logarithm.</summary>
    public static double Log(double x) => x < MinNormal ? Math.Log(x) : DoubleLanesScalar.Log(x);

    /// <summary>Gives e^x with the same bits on every system.</summary>
    public static double Exp(double x)
    {
        // x = n ln 2 + rest; ln 2 in two parts, so that the rest keeps its digits.
        const double Log2High = 6.93147180369123816490e-01;
        const double Log2Low = 1.90821492927058770002e-10;
        const double MostPowers = 1100;
        var n = Math.Round(x / (Log2High + Log2Low));
        if (!(Math.Abs(n) <= MostPowers)) return double.IsNaN(x) ? double.NaN : x < 0 ? 0 : double.PositiveInfinity;
        var rest = Math.FusedMultiplyAdd(-n, Log2Low, Math.FusedMultiplyAdd(-n, Log2High, x));
        return Math.ScaleB(DoubleLanesScalar.Exp2<DoubleLanesScalar, double>(rest / (Log2High + Log2Low)), (int)n);
    }

    /// <summary>Gives the mean [D] of component k.</summary>
    public Span<double> Mean(int k) => Theta.AsSpan(Components + k * Dimension, Dimension);

    /// <summary>Gives the number of the matrix of component k.</summary>
    public int MatrixOf(int k) => IsShared ? 0 : k;

    /// <summary>Gives one matrix in compact form.</summary>
    public Span<double> CovarianceOf(int matrix) => Theta.AsSpan(Components * (1 + Dimension) + matrix * _matrixLength, _matrixLength);

    /// <summary>Gives the variance of dimension <paramref name="j"/> in one matrix.</summary>
    public double Variance(int matrix, int j) => Family.Variance(CovarianceOf(matrix), Dimension, j);

    /// <summary>Copies the first matrix of <paramref name="pooled"/> to every matrix.</summary>
    public void FillCovariances(Parameters pooled)
    {
        for (var matrix = 0; matrix < Matrices; matrix++) pooled.CovarianceOf(0).CopyTo(CovarianceOf(matrix));
    }
}

/// <summary>Describes a matrix that is not positive definite: its number and the failing pivot, both from 0, and the value of the pivot.</summary>
internal readonly record struct FactorFailure(int Component, int Pivot, double Value);
