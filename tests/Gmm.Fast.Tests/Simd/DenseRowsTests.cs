using Gmm.Fast.Simd;

namespace Gmm.Fast.Tests.Simd;

/// <summary>Compares dot products, multiples and sums of smaller numbers with plain loops, for every remainder.</summary>
public unsafe class DenseRowsTests
{
    [Fact]
    public void WholeNumbersComeOutExactly()
    {
        for (var length = 0; length <= 40; length++)
        {
            double[] a = [.. Enumerable.Range(1, length + 1).Select(i => (double)i)], b = [.. Enumerable.Range(1, length + 1).Select(i => 3.0 - i)];
            var target = b.ToArray();
            fixed (double* x = a, y = b, t = target)
            {
                Assert.Equal(Enumerable.Range(0, length).Sum(i => a[i] * b[i]), DenseRows.Dot(x, y, length));
                Assert.Equal(Enumerable.Range(0, length).Sum(i => Math.Min(a[i], b[i])), InParts(x, y, length));
                DenseRows.AddMultiple(-2.5, x, t, length);
            }
            for (var i = 0; i <= length; i++) Assert.Equal(i < length ? b[i] - 2.5 * a[i] : b[i], target[i]);
        }
    }

    [Fact]
    public void FourPointsTogetherHaveTheBitsOfOneByOne()
    {
        var random = new Random(5);
        for (var length = 1; length <= 9; length++)
        {
            for (var count = 0; count <= 9; count++)
            {
                double[] Numbers(int number) => [.. Enumerable.Range(0, number).Select(_ => random.NextDouble() - 0.5)];
                double[] factor = Numbers(length * length), center = Numbers(length), points = Numbers(count * length + 1);
                double[] expected = new double[count * length + 1], actual = [.. Enumerable.Repeat(7.0, count * length + 1)];
                int solved;
                fixed (double* l = factor, m = center, x = points, z = expected, found = actual)
                {
                    for (var p = 0; p < count; p++)
                    {
                        var one = z + p * length;
                        for (var i = 0; i < length; i++)
                            one[i] = (x[p * length + i] - m[i] - DenseRows.Dot(l + i * length, one, i)) / l[i * length + i];
                    }
                    solved = DenseRows.SolveTogether(l, m, x, found, count, length);
                }
                Assert.Equal(length > 8 ? 0 : count / 4 * 4, solved);
                Measures.SameBits(expected[..(solved * length)], actual[..(solved * length)]);
                Assert.All(actual[(solved * length)..], number => Assert.Equal(7, number));
            }
        }
    }

    private static double InParts(double* a, double* b, int length)
    {
        var (sum, whole) = (default(SumOfSmaller), SumOfSmaller.Whole(length));
        for (var i = 0; i < whole; i += 8) sum.Add(a + i, b + i, 8);
        return sum.Total(a + whole, b + whole, length - whole);
    }
}
