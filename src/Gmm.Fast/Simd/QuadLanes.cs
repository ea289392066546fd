using System.Runtime.CompilerServices;

namespace Gmm.Fast.Simd;

/// <summary>Holds four vectors.</summary>
internal struct Quad<TVector>
    where TVector : struct
{
    public TVector V0;
    public TVector V1;
    public TVector V2;
    public TVector V3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Quad(TVector v0, TVector v1, TVector v2, TVector v3)
    {
        V0 = v0;
        V1 = v1;
        V2 = v2;
        V3 = v3;
    }
}

/// <summary>
/// Computes on four consecutive vectors together, for long chains of dependent operations. Two pipelines with a latency of 4 need eight chains in
/// flight, and the scheduler holds only two or three exponentials that follow each other.
/// </summary>
internal readonly unsafe struct QuadLanes<TLanes, TVector, T> : ILaneArithmetic<Quad<TVector>, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4 * TLanes.Count;
    }

    public static Quad<TVector> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(TLanes.Zero, TLanes.Zero, TLanes.Zero, TLanes.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad<TVector> Load(T* source) => new(
        TLanes.Load(source), TLanes.Load(source + TLanes.Count),
        TLanes.Load(source + 2 * TLanes.Count), TLanes.Load(source + 3 * TLanes.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* destination, Quad<TVector> value)
    {
        TLanes.Store(destination, value.V0);
        TLanes.Store(destination + TLanes.Count, value.V1);
        TLanes.Store(destination + 2 * TLanes.Count, value.V2);
        TLanes.Store(destination + 3 * TLanes.Count, value.V3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad<TVector> Broadcast(T value)
    {
        var lanes = TLanes.Broadcast(value);
        return new(lanes, lanes, lanes, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad<TVector> Add(Quad<TVector> a, Quad<TVector> b) =>
        new(TLanes.Add(a.V0, b.V0), TLanes.Add(a.V1, b.V1), TLanes.Add(a.V2, b.V2), TLanes.Add(a.V3, b.V3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad<TVector> Subtract(Quad<TVector> a, Quad<TVector> b) =>
        new(TLanes.Subtract(a.V0, b.V0), TLanes.Subtract(a.V1, b.V1), TLanes.Subtract(a.V2, b.V2), TLanes.Subtract(a.V3, b.V3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad<TVector> Multiply(Quad<TVector> a, Quad<TVector> b) =>
        new(TLanes.Multiply(a.V0, b.V0), TLanes.Multiply(a.V1, b.V1), TLanes.Multiply(a.V2, b.V2), TLanes.Multiply(a.V3, b.V3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad<TVector> Fma(Quad<TVector> a, Quad<TVector> b, Quad<TVector> c) =>
        new(TLanes.Fma(a.V0, b.V0, c.V0), TLanes.Fma(a.V1, b.V1, c.V1), TLanes.Fma(a.V2, b.V2, c.V2), TLanes.Fma(a.V3, b.V3, c.V3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad<TVector> Max(Quad<TVector> a, Quad<TVector> b) =>
        new(TLanes.Max(a.V0, b.V0), TLanes.Max(a.V1, b.V1), TLanes.Max(a.V2, b.V2), TLanes.Max(a.V3, b.V3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad<TVector> SelectLess(Quad<TVector> a, Quad<TVector> b, Quad<TVector> whenTrue, Quad<TVector> whenFalse) => new(
        TLanes.SelectLess(a.V0, b.V0, whenTrue.V0, whenFalse.V0), TLanes.SelectLess(a.V1, b.V1, whenTrue.V1, whenFalse.V1),
        TLanes.SelectLess(a.V2, b.V2, whenTrue.V2, whenFalse.V2), TLanes.SelectLess(a.V3, b.V3, whenTrue.V3, whenFalse.V3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad<TVector> ScaleByPowerOfTwo(Quad<TVector> value, Quad<TVector> shifted) => new(
        TLanes.ScaleByPowerOfTwo(value.V0, shifted.V0), TLanes.ScaleByPowerOfTwo(value.V1, shifted.V1),
        TLanes.ScaleByPowerOfTwo(value.V2, shifted.V2), TLanes.ScaleByPowerOfTwo(value.V3, shifted.V3));
}
