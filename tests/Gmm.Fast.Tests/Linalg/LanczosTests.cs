using Gmm.Fast.Linalg;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Linalg;

/// <summary>Checks estimates of the largest eigenvalue against matrices with a known one.</summary>
public class LanczosTests
{
    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(2, 10.0)]
    [InlineData(40, 1e3)]
    [InlineData(150, 1.0)]
    [InlineData(150, 1e2)]
    [InlineData(150, 1e8)]
    [InlineData(400, 1e12)]
    public void TheEstimateIsBelowAndNear(int n, double condition)
    {
        var matrix = SpdMatrix.Build(new Random(n), n, condition, largest: 3);
        var axis = new double[n];
        var estimate = Lanczos.Largest(n, (x, product) => Lanczos.Multiply(matrix, x, product), axis);
        var largest = n == 1 ? matrix[0] : 3;
        Assert.InRange(estimate, 0.98 * largest, largest * (1 + 1e-12));

        // The variance along the axis is the estimate.
        var along = new double[n];
        Lanczos.Multiply(matrix, axis, along);
        Assert.Equal(1, axis.Sum(x => x * x), 1e-12);
        Assert.Equal(estimate, axis.Zip(along, (a, b) => a * b).Sum(), 1e-8 * largest);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e300)]
    public void NoSquareLeavesTheRangeOfADouble(double scale)
    {
        const int N = 100;
        var matrix = new double[N * N];
        for (var i = 0; i < N; i++) matrix[i * N + i] = scale * (i + 1) / N;
        Assert.InRange(Lanczos.Largest(N, (x, product) => Lanczos.Multiply(matrix, x, product)) / scale, 0.98, 1 + 1e-12);
    }

    [Fact]
    public void ZeroHasNoLargest() => Assert.Equal(0, Lanczos.Largest(80, (_, product) => product.Clear()));

    [Fact]
    public void ASingleDirectionAmongManyIsFound()
    {
        // One eigenvalue a little above a thousand equal ones.
        const int N = 1_000;
        var estimate = Lanczos.Largest(N, (x, product) =>
        {
            x.CopyTo(product);
            product[N / 2] *= 1.5;
        });
        Assert.Equal(1.5, estimate, 1e-9);
    }
}
