using System.Runtime.CompilerServices;
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
    [MethodImpl(Compiled.Once)]
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
    [MethodImpl(Compiled.Once)]
    public static void AddMultiple(double factor, double* row, double* target, int length)
    {
        var i = 0;
        var factors = Vector256.Create(factor);
        for (; i + Lanes <= length; i += Lanes)
            Vector256.FusedMultiplyAdd(factors, Vector256.Load(row + i), Vector256.Load(target + i)).Store(target + i);
        for (; i < length; i++) target[i] = Math.FusedMultiplyAdd(factor, row[i], target[i]);
    }

    /// <summary>
    /// Writes the solutions z [count x length] of L z = x - center for points x [count x length] of few dimensions, four together: each is a chain of
    /// divisions, and four chains take as long as one. Each has the bits that <see cref="Dot"/> gives row by row.
    /// </summary>
    /// <param name="factor">L [length x length], lower triangular.</param>
    /// <param name="center">[length].</param>
    /// <param name="points">The points.</param>
    /// <param name="solutions">The solutions.</param>
    /// <param name="count">The number of points.</param>
    /// <param name="length">D.</param>
    /// <returns>How many points were solved: none of many dimensions, otherwise all but up to three.</returns>
    [MethodImpl(Compiled.Once)]
    public static int SolveTogether(double* factor, double* center, double* points, double* solutions, int count, int length)
    {
        const int MostDimensions = 2 * Lanes;
        if (length > MostDimensions) return 0;
        var found = stackalloc Vector256<double>[MostDimensions];
        var done = 0;
        for (; done + Lanes <= count; done += Lanes)
        {
            double* from = points + (nint)done * length, to = solutions + (nint)done * length;
            for (var i = 0; i < length; i++, from++, to++)
            {
                var sum = Vector256<double>.Zero;
                for (var j = 0; j < i; j++) sum = Vector256.FusedMultiplyAdd(Vector256.Create(factor[i * length + j]), found[j], sum);
                var deviation = Vector256.Create(from[0], from[length], from[2 * length], from[3 * length]) - Vector256.Create(center[i]);
                var solved = found[i] = (deviation - sum) / Vector256.Create(factor[i * length + i]);
                (to[0], to[length], to[2 * length], to[3 * length]) = (solved[0], solved[1], solved[2], solved[3]);
            }
        }
        return done;
    }

    private static double Tree(Vector256<double> four)
    {
        var two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }
}
