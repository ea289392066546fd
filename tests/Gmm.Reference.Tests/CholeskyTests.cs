using CsCheck;
using Gmm.TestKit;
using Xunit;

namespace Gmm.Reference.Tests;

public class CholeskyTests
{
    [Fact]
    public void AFactorWithSmallIntegersIsExact()
    {
        var lower = ReferenceCholesky.Factor([[4, 2, 6], [2, 10, 0], [6, 0, 19]]);
        Assert.Equal([[2, 0, 0], [1, 3, 0], [3, -1, 3]], lower);
        Assert.Equal([1, 2, 3], ReferenceCholesky.ForwardSolve(lower, [2, 7, 10]));
        Assert.Equal(Math.Log(324), ReferenceCholesky.LogDeterminant(lower), 1e-14);
    }

    [Fact]
    public void TheFactorMultipliesBackAndHasTheKnownDeterminant() => SpdMatrix.Generator().Sample(sample =>
    {
        var (d, condition, flat) = sample;
        var matrix = Layout.Rows(flat, d);
        var lower = ReferenceCholesky.Factor(matrix);
        var scale = Enumerable.Range(0, d).Max(i => matrix[i][i]);
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++)
                Assert.Equal(matrix[i][j], Enumerable.Range(0, d).Sum(m => lower[i][m] * lower[j][m]), 1e-14 * scale);
        }

        // Eigenvalues are evenly spaced in the exponent, so the determinant follows from their sum, the trace.
        var largest = Enumerable.Range(0, d).Sum(i => matrix[i][i]) / Enumerable.Range(0, d).Sum(i => SpdMatrix.Eigenvalue(i, d, condition, 1));
        var expected = Enumerable.Range(0, d).Sum(i => Math.Log(SpdMatrix.Eigenvalue(i, d, condition, largest)));
        Assert.Equal(expected, ReferenceCholesky.LogDeterminant(lower), 1e-14 * d * condition);
    }, iter: 300);
}
