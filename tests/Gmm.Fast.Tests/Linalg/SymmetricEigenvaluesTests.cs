using CsCheck;
using Gmm.Fast.Linalg;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Linalg;

/// <summary>Checks extreme eigenvalues of matrices with a known spectrum.</summary>
public class SymmetricEigenvaluesTests
{
    private const double UnitRoundoff = 1.1102230246251565e-16;

    [Fact]
    public void KnownSpectraAreFound() => SpdMatrix.Generator(maxSize: 60, maxCondition: 1e12).Sample((n, condition, matrix) =>
    {
        // The largest is not given, but the trace is the sum of the spectrum.
        var relative = Enumerable.Range(0, n).Sum(i => SpdMatrix.Eigenvalue(i, n, condition, 1));
        var largest = Enumerable.Range(0, n).Sum(i => matrix[i * n + i]) / relative;
        var smallest = n == 1 ? largest : largest / condition;
        double[] copy = [.. matrix];
        var extremes = SymmetricEigenvalues.Extremes(matrix, n);
        var tolerance = 20 * n * UnitRoundoff * largest;
        Assert.Equal(largest, extremes.Largest, tolerance);
        Assert.Equal(smallest, extremes.Smallest, tolerance);
        Measures.SameBits(copy, matrix);
    }, iter: 300);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(60)]
    public void RepeatedEigenvaluesAreFound(int n)
    {
        // Condition 1: a multiple of the identity but for rounding; then a rank-one change of it, n - 1 times 2 and once 2 + 3 n.
        var (smallest, largest) = SymmetricEigenvalues.Extremes(SpdMatrix.Build(new Random(n), n, condition: 1, largest: 2), n);
        Assert.Equal(2, smallest, 20 * n * UnitRoundoff);
        Assert.Equal(2, largest, 20 * n * UnitRoundoff);

        var matrix = Enumerable.Range(0, n * n).Select(i => i % (n + 1) == 0 ? 5.0 : 3.0).ToArray();
        (smallest, largest) = SymmetricEigenvalues.Extremes(matrix, n);
        Assert.Equal(n == 1 ? 5 : 2, smallest, 20 * n * n * UnitRoundoff);
        Assert.Equal(2 + 3 * n, largest, 20 * n * n * UnitRoundoff);
    }

    [Fact]
    public void DiagonalMatricesAreExact()
    {
        foreach (var n in (int[])[1, 2, 5, 60])
        {
            var matrix = new double[n * n];
            for (var i = 0; i < n; i++) matrix[i * n + i] = (i * 7 + 3) % n + 0.125;
            Assert.Equal((0.125, n - 1 + 0.125), SymmetricEigenvalues.Extremes(matrix, n));
        }
        Assert.Equal((0, 0), SymmetricEigenvalues.Extremes(new double[9], 3));
        Assert.Equal((1e-150, 1e150), SymmetricEigenvalues.Extremes([1e150, 0, 0, 1e-150], 2));
    }

    [Fact]
    public void WhatUnderflowsBesideTheLargestIsFoundFromTheInverse()
    {
        // Squares of the small block are below every double: in the spectrum of the matrix it is rounding, in that of the inverse it is the largest.
        double[] matrix = [1, 0, 0, 0, 1e-170, 5e-171, 0, 5e-171, 1e-170];
        var (smallest, largest) = SymmetricEigenvalues.Extremes(matrix, 3);
        Assert.InRange(smallest, 0, 3 * UnitRoundoff);
        Assert.Equal(1, largest);
        (smallest, largest) = SymmetricEigenvalues.ExtremesOfPositiveDefinite(matrix, 3);
        Assert.Equal(0.5, smallest / 1e-170, 1e-14);
        Assert.Equal(1, largest);
    }

    [Theory]
    [InlineData(2.0, 1.0, 2.0, 1.0, 3.0)]
    [InlineData(0.0, 1.0, 0.0, -1.0, 1.0)]
    [InlineData(5.0, 2.0, 2.0, 1.0, 6.0)]
    [InlineData(1.0, 1e-9, 1.0, 1 - 1e-9, 1 + 1e-9)]
    public void TwoByTwoByHand(double a, double b, double c, double smallest, double largest)
    {
        var extremes = SymmetricEigenvalues.Extremes([a, b, b, c], 2);
        Assert.Equal(smallest, extremes.Smallest, 1e-15);
        Assert.Equal(largest, extremes.Largest, 2e-15);
    }

    [Fact]
    public void ThePathGraphHasItsCosines()
    {
        // Tridiagonal 2, -1: eigenvalues 2 - 2 cos(pi k / (n + 1)).
        const int N = 60;
        var matrix = new double[N * N];
        for (var i = 0; i < N; i++)
        {
            matrix[i * N + i] = 2;
            if (i > 0) matrix[i * N + i - 1] = matrix[(i - 1) * N + i] = -1;
        }
        var (smallest, largest) = SymmetricEigenvalues.Extremes(matrix, N);
        Assert.Equal(4 * Math.Pow(Math.Sin(Math.PI / (2 * (N + 1))), 2), smallest, 1e-14);
        Assert.Equal(4 * Math.Pow(Math.Cos(Math.PI / (2 * (N + 1))), 2), largest, 1e-14);
    }
}
