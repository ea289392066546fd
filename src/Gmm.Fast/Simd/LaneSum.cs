using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Gmm.Fast.Simd;

/// <summary>
/// Sums over points in an order that no width changes. Points of a block are dealt to <see cref="PartialsOf{T}"/> partial sums: of doubles, point i
/// goes to partial i mod 8. A narrower vector passes over the points several times, once per group of partials that it holds (a slot). The partials
/// of up to <see cref="TileSums"/> sums lie in a tile, which stays in the first-level cache, and are then added as a fixed tree.
/// Rejected: partial sums of a whole model kept from block to block, which have eight times its size and leave the first-level cache.
/// </summary>
internal static unsafe class LaneSum
{
    /// <summary>The number of lanes of the widest vector of doubles.</summary>
    public const int Partials = WidestVector / sizeof(double);

    /// <summary>The most sums in a tile.</summary>
    private const int TileSums = 17;

    /// <summary>Doubles in a tile of any element type.</summary>
    public const int TileLength = TileSums * WidestVector / sizeof(float);

    private const int WidestVector = 64;

    /// <summary>Gives the lanes of the widest vector of <typeparamref name="T"/>: 8 doubles, 16 floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PartialsOf<T>()
        where T : unmanaged => WidestVector / sizeof(T);

    /// <summary>Stores the partials of one slot of a sum at <paramref name="next"/> and moves it to the next sum of the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<TLanes, TVector, T>(ref double* next, TVector sum)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        TLanes.StoreWide(next, sum);
        next += PartialsOf<T>();
    }

    /// <summary>
    /// Adds the trees of 1 to 4 sums to as many consecutive numbers, together: alone, a tree's last step costs more than all its loads.
    /// Rejected: trees stored to memory for loops that add them.
    /// </summary>
    /// <param name="partials">[count x PartialsOf T].</param>
    /// <param name="sums">[count], receives the sums.</param>
    /// <param name="count">1 to 4, a constant of the compiled code.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<T>(double* partials, double* sums, int count)
        where T : unmanaged
    {
        Debug.Assert(count is >= 1 and <= 4);
        var n = PartialsOf<T>();
        if (count == 4)
        {
            (Vector256.Load(sums) + Vector256.Create(TwoTrees<T>(partials), TwoTrees<T>(partials + 2 * n))).Store(sums);
            return;
        }
        if (count > 1) (Vector128.Load(sums) + TwoTrees<T>(partials)).Store(sums);
        if (count != 2) sums[count - 1] += Tree<T>(partials + (count - 1) * n);
    }

    /// <summary>Sums values as a tree of partial sums, since one running sum is a chain of dependent additions.</summary>
    /// <param name="values">[padded]; those from count on become 0.</param>
    /// <param name="count">Values to sum.</param>
    /// <param name="padded">A multiple of <see cref="Partials"/>.</param>
    public static double Of(double* values, int count, int padded)
    {
        Debug.Assert(Partials == 2 * Vector256<double>.Count && padded % Partials == 0);
        new Span<double>(values + count, padded - count).Clear();
        var (low, high) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (nint p = 0; p < padded; p += Partials)
        {
            low += Vector256.Load(values + p);
            high += Vector256.Load(values + p + Vector256<double>.Count);
        }
        var partials = stackalloc double[Partials];
        low.Store(partials);
        high.Store(partials + Vector256<double>.Count);
        return Tree<double>(partials);
    }

    /// <summary>Adds the partials [PartialsOf T] of one sum, halves onto halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Tree<T>(double* partials)
        where T : unmanaged
    {
        var two = TwoOf<T>(partials);
        return two[0] + two[1];
    }

    // Adds two trees with the additions of Tree.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> TwoTrees<T>(double* partials)
        where T : unmanaged => AddPairs(TwoOf<T>(partials), TwoOf<T>(partials + PartialsOf<T>()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> TwoOf<T>(double* partials)
        where T : unmanaged =>
        PartialsOf<T>() > Partials
            ? Quarters(partials, 8) + Quarters(partials + 2, 8)
            : Vector128.Load(partials) + Vector128.Load(partials + 4) + (Vector128.Load(partials + 2) + Vector128.Load(partials + 6));

    // Adds partials that are a quarter and a half of 16 apart, as the tree does.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Quarters(double* partials, int half) =>
        Vector128.Load(partials) + Vector128.Load(partials + half) + (Vector128.Load(partials + 4) + Vector128.Load(partials + 4 + half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> AddPairs(Vector128<double> a, Vector128<double> b)
    {
        if (Sse3.IsSupported) return Sse3.HorizontalAdd(a, b);
        return AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.AddPairwise(a, b) : Vector128.Create(a[0] + a[1], b[0] + b[1]);
    }
}
