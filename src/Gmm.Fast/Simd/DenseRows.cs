using System.Runtime.Intrinsics;

namespace Gmm.Fast.Simd;

/// <summary>
/// Sums over contiguous rows, for the factorizations between passes and for seeds. All machines use one width: without such vectors the runtime
/// computes lane by lane, so the bits are the same everywhere.
/// </summary>
internal static unsafe class DenseRows
{
    private const int Lanes = 4;

    /// <summary>Sums a_i b_i: eight sums side by side, then their tree, then the products that fill no eight.</summary>
    /// <param name="a">[length].</param>
    /// <param name="b">[length].</param>
    /// <param name="length">At least 0.</param>
    public static double Dot(double* a, double* b, int length)
    {
        double sum = 0;
        var i = 0;
        if (length >= 2 * Lanes)
        {
            var (low, high) = (Vector256<double>.Zero, Vector256<double>.Zero);
            for (; i + 2 * Lanes <= length; i += 2 * Lanes)
            {
                low = Vector256.FusedMultiplyAdd(Vector256.Load(a + i), Vector256.Load(b + i), low);
                high = Vector256.FusedMultiplyAdd(Vector256.Load(a + i + Lanes), Vector256.Load(b + i + Lanes), high);
            }
            sum = Tree(low + high);
        }
        for (; i < length; i++) sum = Math.FusedMultiplyAdd(a[i], b[i], sum);
        return sum;
    }

    /// <summary>Adds factor * row_i to target_i.</summary>
    /// <param name="factor">Any finite number.</param>
    /// <param name="row">[length].</param>
    /// <param name="target">[length].</param>
    /// <param name="length">At least 0.</param>
    public static void AddMultiple(double factor, double* row, double* target, int length)
    {
        var i = 0;
        var factors = Vector256.Create(factor);
        for (; i + Lanes <= length; i += Lanes)
            Vector256.FusedMultiplyAdd(factors, Vector256.Load(row + i), Vector256.Load(target + i)).Store(target + i);
        for (; i < length; i++) target[i] = Math.FusedMultiplyAdd(factor, row[i], target[i]);
    }

    private static double Tree(Vector256<double> four)
    {
        var two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }
}
