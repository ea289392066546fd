using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Tests.Simd;

/// <summary>Compares determinants of sums with those that elimination gives one by one.</summary>
public unsafe class FourDeterminantsTests
{
    private static readonly MomentKind[] s_kinds = [MomentKind.Triangle, MomentKind.Diagonal, MomentKind.Trace];

    // Far beyond the range of a double, whose products of pivots overflow.
    [Theory]
    [InlineData(1)]
    [InlineData(1e-40)]
    [InlineData(1e40)]
    public void TheyAreThoseOfTheSums(double scale)
    {
        var random = new Random(3);
        for (var d = 1; d <= 13; d++)
        {
            foreach (var kind in s_kinds)
            {
                var vectors = Vectors(random, d, scale);
                double[][] moments = [.. Enumerable.Range(0, 5).Select(_ => Moments(kind, random, d, scale))];
                var found = Logarithms(kind, moments, vectors, d);
                for (var lane = 0; lane < FourDeterminants.Count; lane++)
                {
                    var sum = moments[0].Zip(moments[lane + 1], (a, b) => a + b).ToArray();
                    kind.AddSquare(sum, [.. Enumerable.Range(0, d).Select(j => vectors[j * FourDeterminants.Count + lane])], 1);
                    Assert.Equal(Expected(kind, sum, d), found[lane], 1e-10 * d * (1 + Math.Abs(Math.Log(scale))));
                }
            }
        }
    }

    [Fact]
    public void MatricesThatAreNotPositiveHaveNone()
    {
        foreach (var kind in s_kinds)
        {
            var zero = new double[kind.Length(3)];
            var one = (double[])zero.Clone();
            for (var j = 0; j < 3; j++) one[kind.DiagonalIndex(j)] = 1;
            var negative = (double[])one.Clone();
            negative[kind.DiagonalIndex(1)] = -1;
            var found = Logarithms(kind, [zero, zero, one, negative, one], new double[12], 3);
            Assert.Equal([double.NaN, 0, double.NaN, 0], found.Select(value => double.IsNaN(value) ? value : Math.Round(value - found[1])));
        }
    }

    private static double[] Vectors(Random random, int d, double scale) =>
        [.. Enumerable.Range(0, d * FourDeterminants.Count).Select(_ => Math.Sqrt(scale) * (random.NextDouble() - 0.5))];

    private static double[] Moments(MomentKind kind, Random random, int d, double scale)
    {
        var moments = new double[kind.Length(d)];
        for (var i = 0; i < d + 2; i++) kind.AddSquare(moments, [.. Enumerable.Range(0, d).Select(_ => random.NextDouble() - 0.5)], scale);
        return moments;
    }

    private static double[] Logarithms(MomentKind kind, double[][] moments, double[] vectors, int d)
    {
        var (mantissas, exponents, room) = (new double[4], new long[4], new double[4 * moments[0].Length]);
        fixed (double* own = moments[0], a = moments[1], b = moments[2], c = moments[3], e = moments[4], v = vectors, m = mantissas, r = room)
        fixed (long* x = exponents)
        {
            var others = stackalloc double*[] { a, b, c, e };
            kind.Determinants(own, others, v, d, r, m, x);
        }
        return [.. Enumerable.Range(0, 4).Select(i => kind.LogDeterminant(Math.Log(mantissas[i]) + exponents[i] * Math.Log(2), d))];
    }

    // Gaussian elimination; of a trace, D times its logarithm.
    private static double Expected(MomentKind kind, double[] moments, int d)
    {
        if (moments.Length == 1) return d * Math.Log(moments[0]);
        var full = new double[d, d];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++) full[i, j] = full[j, i] = moments.Length == d ? (i == j ? moments[i] : 0) : moments[i * (i + 1) / 2 + j];
        }
        double sum = 0;
        for (var p = 0; p < d; p++)
        {
            sum += Math.Log(full[p, p]);
            for (var i = p + 1; i < d; i++)
            {
                for (var j = d - 1; j >= p; j--) full[i, j] -= full[i, p] / full[p, p] * full[p, j];
            }
        }
        return sum;
    }
}
