using Gmm.Fast.Linalg;

namespace Gmm.Fast.Tests.Linalg;

public class SymmetricEigenvectorsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(5, 1)]
    [InlineData(17, 1)]
    [InlineData(40, 1)]
    [InlineData(6, 1e-200)]
    [InlineData(6, 1e200)]
    public void VectorsAreOrthonormalAndRebuildTheMatrix(int n, double scale)
    {
        var random = new Random(n);
        var matrix = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = scale * (random.NextDouble() - 0.5);
        }
        double[] values = [.. matrix], vectors = new double[n * n];
        SymmetricEigenvectors.Decompose(values, n, vectors);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                double dot = 0, rebuilt = 0;
                for (var e = 0; e < n; e++)
                {
                    dot += vectors[i * n + e] * vectors[j * n + e];
                    rebuilt += values[e * n + e] / scale * vectors[e * n + i] * vectors[e * n + j];
                }
                Assert.Equal(i == j ? 1 : 0, dot, 1e-13);
                Assert.Equal(matrix[i * n + j] / scale, rebuilt, 1e-14 * n);
            }
        }
    }

    [Fact]
    public void GradedMatricesKeepTheirSmallEigenvalues()
    {
        // diag(1, 1e-8, 1e-16) times a correlation of a half: the smallest eigenvalue is about two thirds of 1e-16.
        double[] scales = [1, 1e-4, 1e-8], matrix = new double[9], vectors = new double[9];
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++) matrix[3 * i + j] = scales[i] * scales[j] * (i == j ? 1 : 0.5);
        }
        SymmetricEigenvectors.Decompose(matrix, 3, vectors);
        double[] sorted = [.. new[] { matrix[0], matrix[4], matrix[8] }.Order()];
        Assert.Equal(2.0 / 3, sorted[0] / 1e-16, 1e-7);
        Assert.Equal(0.75, sorted[1] / 1e-8, 1e-7);
    }

    [Fact]
    public void AnAngleWhoseTangentHasNoSquareIsTurnedBy()
    {
        // Standard deviations of 1e100 and 1e-60, correlation a half.
        double[] matrix = [1e200, 0.5e40, 0.5e40, 1e-120], vectors = new double[4];
        SymmetricEigenvectors.Decompose(matrix, 2, vectors);
        Assert.Equal(1e200, matrix[0]);
        Assert.Equal(0.75, matrix[3] / 1e-120, 1e-15);
        Assert.Equal((1, 1), (vectors[0], vectors[3]));
        Assert.Equal(0.5, vectors[1] / 1e-160, 1e-15);
    }

    [Fact]
    public void WhatIsNoNumberComesToAnEnd()
    {
        double[] matrix = [1, double.NaN, double.NaN, 1], vectors = new double[4];
        SymmetricEigenvectors.Decompose(matrix, 2, vectors);
        Assert.True(double.IsNaN(matrix[0]) && double.IsNaN(matrix[3]));
    }
}
