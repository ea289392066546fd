using System.Diagnostics;
using System.Runtime.CompilerServices;

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

    /// <summary>The sum of <paramref name="length"/> values (a multiple of <see cref="Partials"/>).</summary>
    public static double Of<TLanes, TVector>(double* values, int length)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        var partials = stackalloc double[Partials];
        for (var slot = 0; slot < Partials; slot += TLanes.Count)
        {
            var sum = TLanes.Zero;
            for (var p = slot; p < length; p += Partials) sum = TLanes.Add(sum, TLanes.Load(values + p));
            TLanes.Store(partials + slot, sum);
        }
        return Tree(partials);
    }

    /// <summary>The sum of eight partials: halves onto halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Tree(double* partials) => Tree(partials, Partials);

    /// <summary>The sum of 8 or 16 partials: halves onto halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Tree(double* partials, int count)
    {
        Debug.Assert(count is Partials or 2 * Partials);
        var a = Quarter(partials, count) + Quarter(partials + 2, count);
        var b = Quarter(partials + 1, count) + Quarter(partials + 3, count);
        return a + b;
    }

    // Every fourth partial.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Quarter(double* p, int count) => count == Partials ? p[0] + p[4] : (p[0] + p[8]) + (p[4] + p[12]);
}
