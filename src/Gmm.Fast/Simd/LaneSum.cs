using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gmm.Fast.Simd;

/// <summary>
/// Sums over points in an order that no width changes. Points are dealt to <see cref="PartialsOf{T}"/> partial sums, of doubles point i to
/// partial i mod 8; a narrower vector walks the points several times, once per group of partials it holds. The partials are then added as a
/// fixed tree.
/// </summary>
internal static unsafe class LaneSum
{
    /// <summary>The widest vector of doubles; lengths of sums are multiples of it.</summary>
    public const int Partials = WidestVector / sizeof(double);

    private const int WidestVector = 64;

    /// <summary>The lanes of the widest vector of <typeparamref name="T"/>: 8 doubles, 16 floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PartialsOf<T>()
        where T : unmanaged => WidestVector / sizeof(T);

    /// <summary>Multiplies <paramref name="values"/> by <paramref name="scales"/> [length, a multiple of the partials], in place, and adds them to the partial sums.</summary>
    public static void Scale<TLanes, TVector, T>(T* values, T* scales, nint length, double* partials)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        for (nint slot = 0; slot < PartialsOf<T>(); slot += TLanes.Count)
        {
            var sum = TLanes.Zero;
            for (var p = slot; p < length; p += PartialsOf<T>())
            {
                var value = TLanes.Multiply(TLanes.Load(values + p), TLanes.Load(scales + p));
                TLanes.Store(values + p, value);
                sum = TLanes.Add(sum, value);
            }
            TLanes.AddTo(partials + slot, sum);
        }
    }

    /// <summary>The sum of 8 or 16 partials: halves onto halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Tree(double* partials, int count)
    {
        Debug.Assert(count is Partials or 2 * Partials);
        var low = Vector256.Load(partials);
        var high = Vector256.Load(partials + 4);
        if (count > Partials) (low, high) = (low + Vector256.Load(partials + 8), high + Vector256.Load(partials + 12));
        var four = low + high;
        var two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }

    /// <summary><see cref="Tree"/>, leaving zeros behind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Take(double* partials, int count)
    {
        var sum = Tree(partials, count);
        for (var i = 0; i < count; i += Partials)
        {
            Vector256<double>.Zero.Store(partials + i);
            Vector256<double>.Zero.Store(partials + i + 4);
        }
        return sum;
    }
}
