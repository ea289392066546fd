using Gmm.Fast.Internals;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;
using Gmm.TestKit;
using Gmm.TestKit.Exact;

namespace Gmm.Fast.Tests.Linalg;

/// <summary>
/// Checks factor and inverse in blocks: the error bounds of rows (Higham, 2nd ed., theorems 10.3 and 8.5) with exact residuals, the same bits at every
/// width and for any number of threads, and refusals at the right pivot.
/// </summary>
public class WideCholeskyTests
{
    private const double UnitRoundoff = 1.1102230246251565e-16;

    // Around the borders of panels and chunks; exact sums of large orders take long, and run with GMM_SLOW=1.
    public static TheoryData<int> Orders => SlowTests.AreOn ? [1, 3, 4, 5, 31, 32, 33, 63, 64, 66, 70, 97] : [1, 3, 4, 5, 31, 33, 66];

    [Theory]
    [MemberData(nameof(Orders))]
    public void FactorAndInverseKeepTheBoundsOfSubstitution(int n)
    {
        foreach (var condition in (double[])[10, 1e6, 1e12])
        {
            var matrix = SpdMatrix.Build(new Random(n), n, condition);
            var (l, w) = FactorAndInverse(matrix, n, LaneWidths.Widest, MatrixTeam.Alone);
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    var (product, absolute) = Sum(0, j, p => (l[i * n + p], l[j * n + p]));
                    Assert.True((double)BigReal.Abs(product - matrix[i * n + j]) <= (n + 2) * UnitRoundoff * absolute, $"L L^T [{i}, {j}] of {n}, {condition}");

                    // L W = I: columns of W are substitutions.
                    (product, absolute) = Sum(j, i, p => (l[i * n + p], w[TriangularPanels.Index(p, j, n)]));
                    Assert.True((double)BigReal.Abs(product - (i == j ? 1 : 0)) <= (n + 2) * UnitRoundoff * absolute, $"L W [{i}, {j}] of {n}, {condition}");
                }
            }
        }
    }

    [Theory]
    [InlineData(97)]
    [InlineData(600)]
    public void NeitherWidthNorThreadsChangeABit(int n)
    {
        var matrix = SpdMatrix.Build(new Random(3), n, condition: 1e4);
        var (factor, inverse) = FactorAndInverse(matrix, n, LaneWidth.Scalar, MatrixTeam.Alone);
        using var team = new WorkTeam(3);
        foreach (var width in Enum.GetValues<LaneWidth>().Where(width => width <= LaneWidths.Widest))
        {
            foreach (var threads in (MatrixTeam[])[MatrixTeam.Alone, new MatrixTeam(team, TestContext.Current.CancellationToken)])
            {
                var (l, w) = FactorAndInverse(matrix, n, width, threads);
                Measures.SameBits(factor, l);
                Measures.SameBits(inverse, w);
            }
        }
    }

    [Fact]
    public void AProductWithTheInverseCovarianceIsThatOfItsFactor()
    {
        const int N = 70;
        var (_, w) = FactorAndInverse(SpdMatrix.Build(new Random(1), N, condition: 100), N, LaneWidths.Widest, MatrixTeam.Alone);
        var x = Enumerable.Range(0, N).Select(i => Math.Sin(i)).ToArray();
        var product = new double[N];
        TriangularPanels.Normal(w, x, product);
        double Entry(int i, int j) => w[TriangularPanels.Index(i, j, N)];
        var wx = Enumerable.Range(0, N).Select(i => Enumerable.Range(0, i + 1).Sum(j => Entry(i, j) * x[j])).ToArray();
        for (var j = 0; j < N; j++)
        {
            var expected = Enumerable.Range(j, N - j).Sum(i => Entry(i, j) * wx[i]);
            Assert.Equal(expected, product[j], 1e-10 * Math.Abs(expected) + 1e-12);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(200)]
    [InlineData(299)]
    public void TheFailingPivotIsReported(int at)
    {
        const int N = 300;
        var matrix = new double[N * N];
        for (var i = 0; i < N; i++) matrix[i * N + i] = i == at ? -2 : 4;
        using var cholesky = new WideCholesky(matrix, N);
        Assert.False(cholesky.TryFactor(MatrixTeam.Alone, out var pivot, out var value));
        Assert.Equal((at, -2.0), (pivot, value));

        // The same through the door for every order; the upper triangle is not touched.
        for (var i = 0; i < N; i++) matrix.AsSpan(i * N + i + 1, N - i - 1).Fill(double.NaN);
        Assert.False(Cholesky.TryFactor(matrix, N, out pivot, out value));
        Assert.Equal((at, -2.0), (pivot, value));
    }

    [Fact]
    public void AColumnThatOthersDetermineFailsForRoundingAlone()
    {
        const int N = 200;
        var matrix = SpdMatrix.Build(new Random(5), N, condition: 10);
        for (var i = 0; i < N; i++) matrix[(N - 1) * N + i] = matrix[i * N + N - 1] = matrix[7 * N + i];
        matrix[N * N - 1] = matrix[7 * N + 7];
        Assert.False(Cholesky.TryFactor(matrix, N, out var pivot, out _));
        Assert.Equal(N - 1, pivot);
    }

    [Fact]
    public void ALargeMatrixIsFactoredInPlaceAsInRows()
    {
        const int N = 200;
        var matrix = SpdMatrix.Build(new Random(9), N, condition: 100);
        double[] rows = [.. matrix], blocks = [.. matrix];
        for (var i = 0; i < N; i++) blocks.AsSpan(i * N + i + 1, N - i - 1).Fill(double.NaN);
        unsafe
        {
            fixed (double* pointer = rows) Assert.True(Cholesky.TryFactor(pointer, N, N, null, N, out _, out _));
        }
        Assert.True(Cholesky.TryFactor(blocks, N, out _, out _));
        for (var i = 0; i < N; i++)
        {
            for (var j = 0; j < N; j++)
            {
                if (j > i) Assert.True(double.IsNaN(blocks[i * N + j]));
                else Assert.Equal(rows[i * N + j], blocks[i * N + j], 1e-12);
            }
        }
    }

    [Fact]
    public void AfterCancellationNothingMoreIsDone()
    {
        const int N = 2_000;
        var matrix = new double[N * N];
        for (var i = 0; i < N; i++) matrix[i * N + i] = 1;
        using var cholesky = new WideCholesky(matrix, N);
        var canceled = new MatrixTeam(null, new CancellationToken(canceled: true));
        Assert.True(cholesky.TryFactor(canceled, out _, out _));
        var parts = 0;
        canceled.For(10, (_, _) => parts++);
        Assert.Equal(0, parts);
    }

    private static (double[] L, double[] W) FactorAndInverse(double[] matrix, int n, LaneWidth width, MatrixTeam team)
    {
        double[] l = new double[n * n], w = new double[TriangularPanels.Length(n)];
        using var cholesky = new WideCholesky(matrix, n, width);
        Assert.True(cholesky.TryFactor(team, out _, out _));
        cholesky.CopyTo(l);
        cholesky.Invert(team, w);
        var logDeterminant = Enumerable.Range(0, n).Sum(i => Math.Log(l[i * n + i]));
        Assert.Equal(logDeterminant, cholesky.LogDeterminant(Math.Log), 1e-9 * n);

        // What fills the panels is zero.
        var inside = 0;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++) inside += w[TriangularPanels.Index(i, j, n)] == 0 ? 0 : 1;
        }
        Assert.Equal(inside, w.Count(x => x != 0));
        return (l, w);
    }

    private static (BigReal Product, double Absolute) Sum(int first, int last, Func<int, (double, double)> factors)
    {
        var product = BigReal.Zero;
        double absolute = 0;
        for (var p = first; p <= last; p++)
        {
            var (a, b) = factors(p);
            product += (BigReal)a * (BigReal)b;
            absolute += Math.Abs(a * b);
        }
        return (product, absolute);
    }
}
