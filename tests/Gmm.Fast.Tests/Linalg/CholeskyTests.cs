using CsCheck;
using Gmm.Fast.Linalg;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Linalg;

/// <summary>Checks factor and inverse against error bounds (Higham, 2nd ed., theorems 10.3 and 8.5), and refusals at the right pivot.</summary>
public class CholeskyTests
{
    private const double UnitRoundoff = 1.1102230246251565e-16;

    [Fact]
    public void TheFactorMultipliesBackWithinTheBound() => SpdMatrix.Generator(maxSize: 40, maxCondition: 1e12).Sample((n, _, matrix) =>
    {
        var l = Factor(matrix, n);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                double product = 0, absolute = 0;
                for (var p = 0; p <= j; p++)
                {
                    product += l[i * n + p] * l[j * n + p];
                    absolute += Math.Abs(l[i * n + p] * l[j * n + p]);
                }

                // (n + 1) u for the factor and n u for the product taken here.
                Assert.True(Math.Abs(product - matrix[i * n + j]) <= (2 * n + 1) * UnitRoundoff * absolute, $"[{i}, {j}] of {n}");
            }
        }
    }, iter: 500);

    [Fact]
    public void TheFactorTimesTheInverseIsTheIdentityWithinTheBound() => SpdMatrix.Generator(maxSize: 40, maxCondition: 1e12).Sample((n, _, matrix) =>
    {
        var l = Factor(matrix, n);
        double[] w = [.. l];
        Cholesky.InvertLower(w, n);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                double product = 0, absolute = 0;
                for (var p = j; p <= i; p++)
                {
                    product += l[i * n + p] * w[p * n + j];
                    absolute += Math.Abs(l[i * n + p] * w[p * n + j]);
                }

                // Columns of the inverse are found by substitution: no such bound holds for the inverse times the factor (Higham, section 14.2.1).
                Assert.True(Math.Abs(product - (i == j ? 1 : 0)) <= (2 * n + 3) * UnitRoundoff * absolute, $"[{i}, {j}] of {n}");
            }
            for (var j = i + 1; j < n; j++) Assert.True(double.IsNaN(w[i * n + j]));
        }
    }, iter: 500);

    [Fact]
    public void TheInverseOfAnOrderBeyondTheStackIsFoundExactly()
    {
        // 1 on the diagonal and -1/2 beside it; the inverse is 2^(j - i), until that is below every double.
        const int N = 1100;
        var w = new double[N * N];
        for (var i = 0; i < N; i++)
        {
            w[i * N + i] = 1;
            if (i > 0) w[i * N + i - 1] = -0.5;
        }
        Cholesky.InvertLower(w, N);
        for (var i = 0; i < N; i++)
        {
            for (var j = 0; j < N; j++) Assert.Equal(j > i ? 0 : double.ScaleB(1, j - i), w[i * N + j]);
        }
    }

    [Fact]
    public void AFactorThatIsKnownExactlyIsFoundExactly()
    {
        // Whole numbers throughout: no rounding anywhere.
        double[] l = [2, 0, 0, -3, 1, 0, 5, 4, 8];
        double[] a = [4, double.NaN, double.NaN, -6, 10, double.NaN, 10, -11, 105];
        Assert.True(Cholesky.TryFactor(a, 3, out var pivot, out _));
        Assert.Equal(-1, pivot);
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j <= i; j++) Assert.Equal(l[i * 3 + j], a[i * 3 + j]);
        }
    }

    [Theory]
    [InlineData(0, -4.0)]
    [InlineData(1, -4.0)]
    [InlineData(2, 0.0)]
    [InlineData(3, -1.0)]
    public void TheFailingPivotAndItsValueAreReported(int at, double value)
    {
        // A = M D M^T with a unit lower triangle of whole numbers: the pivots are those of D.
        double[] m = [1, 0, 0, 0, 2, 1, 0, 0, -1, 3, 1, 0, 4, 0, 2, 1], d = [4, 9, 1, 16];
        d[at] = value;
        var a = new double[16];
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                for (var p = 0; p < 4; p++) a[i * 4 + j] += m[i * 4 + p] * d[p] * m[j * 4 + p];
            }
        }
        Assert.False(Cholesky.TryFactor(a, 4, out var failedPivot, out var pivotValue));
        Assert.Equal((at, value), (failedPivot, pivotValue));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void NumbersThatAreNotFiniteFail(double value)
    {
        double[] a = [1, 0, 0, value];
        Assert.False(Cholesky.TryFactor(a, 2, out var pivot, out _));
        Assert.Equal(1, pivot);
    }

    [Fact]
    public void APivotOfRoundingErrorAloneFails()
    {
        // Singular but for rounding: 0.1, 0.3 and their product are not exact.
        double[] a = [0.1 * 0.1, 0, 0.1 * 0.3, 0.3 * 0.3];
        Assert.False(Cholesky.TryFactor(a, 2, out _, out _));
        double[] b = [0.01, 0, 0.03, 0.09 + 1e-15];
        Assert.True(Cholesky.TryFactor(b, 2, out _, out _));
    }

    [Fact]
    public void PackedTrianglesAreCountedRowByRow()
    {
        var next = 0;
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(next, PackedLower.Length(i));
            for (var j = 0; j <= i; j++) Assert.Equal(next++, PackedLower.Index(i, j));
        }
    }

    // The factor with NaN above the diagonal, where nothing may be read or written.
    private static double[] Factor(double[] matrix, int n)
    {
        double[] l = [.. matrix];
        for (var i = 0; i < n; i++) l.AsSpan(i * n + i + 1, n - i - 1).Fill(double.NaN);
        Assert.True(Cholesky.TryFactor(l, n, out _, out _));
        for (var i = 0; i < n; i++)
        {
            for (var j = i + 1; j < n; j++) Assert.True(double.IsNaN(l[i * n + j]));
        }
        return l;
    }
}
