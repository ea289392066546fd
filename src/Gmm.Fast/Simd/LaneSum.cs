using System.Runtime.CompilerServices;

namespace Gmm.Fast.Simd;

/// <summary>
/// Sums over points in an order that no width changes. Points are dealt to <see cref="Partials"/> partial sums, point i to partial i mod 8;
/// a narrower vector walks the points several times, once per group of partials it holds. The partials are then added as a fixed tree.
/// </summary>
internal static unsafe class LaneSum
{
    /// <summary>The widest vector of doubles; lengths of sums are multiples of it.</summary>
    public const int Partials = 8;

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
    public static double Tree(double* partials)
    {
        var a = (partials[0] + partials[4]) + (partials[2] + partials[6]);
        var b = (partials[1] + partials[5]) + (partials[3] + partials[7]);
        return a + b;
    }
}
