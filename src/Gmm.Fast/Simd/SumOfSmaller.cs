using System.Runtime.Intrinsics;

namespace Gmm.Fast.Simd;

/// <summary>
/// Sums the smaller of a_i and b_i, part by part, in the order of <see cref="DenseRows.Dot"/>: eight sums side by side, then their tree, then the
/// numbers that fill no eight.
/// </summary>
internal unsafe struct SumOfSmaller
{
    private const int Lanes = 4;

    private Vector256<double> _low;
    private Vector256<double> _high;

    /// <summary>Counts the numbers of a part that fill whole eights.</summary>
    public static int Whole(int length) => length & -(2 * Lanes);

    /// <summary>Adds a part.</summary>
    /// <param name="a">[length], none NaN.</param>
    /// <param name="b">[length], none NaN.</param>
    /// <param name="length">A multiple of eight.</param>
    public void Add(double* a, double* b, int length)
    {
        var (low, high) = (_low, _high);
        for (var i = 0; i < length; i += 2 * Lanes)
        {
            low += Vector256.MinNative(Vector256.Load(a + i), Vector256.Load(b + i));
            high += Vector256.MinNative(Vector256.Load(a + i + Lanes), Vector256.Load(b + i + Lanes));
        }
        (_low, _high) = (low, high);
    }

    /// <summary>Gives the sum of all parts and of the last numbers.</summary>
    /// <param name="a">[length], none NaN.</param>
    /// <param name="b">[length], none NaN.</param>
    /// <param name="length">Below eight.</param>
    public readonly double Total(double* a, double* b, int length)
    {
        var four = _low + _high;
        var two = four.GetLower() + four.GetUpper();
        var sum = two[0] + two[1];
        for (var i = 0; i < length; i++) sum += double.MinNative(a[i], b[i]);
        return sum;
    }
}
