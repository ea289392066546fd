using System.Runtime.CompilerServices;

namespace Gmm.Fast.Simd;

/// <summary>
/// Holds <see cref="Vectors"/> vectors side by side: 4 with 32 registers, 2 with 16. The lanes decide the shape of a register tile, so the kernels
/// are the same for both. The compiler keeps at most four fields in registers.
/// </summary>
internal unsafe struct VectorTile<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    public TVector V0;
    public TVector V1;
    public TVector V2;
    public TVector V3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public VectorTile(TVector v0, TVector v1, TVector v2, TVector v3)
    {
        V0 = v0;
        V1 = v1;
        V2 = v2;
        V3 = v3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private VectorTile(TVector v0, TVector v1)
    {
        V0 = v0;
        V1 = v1;
    }

    /// <summary>Vectors in use.</summary>
    public static int Vectors
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Four ? 4 : 2;
    }

    /// <summary>Lanes in use.</summary>
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vectors * TLanes.Count;
    }

    public static VectorTile<TLanes, TVector, T> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => default;
    }

    private static bool Four
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLanes.HasManyRegisters;
    }

    /// <summary>Loads vectors whose first lanes are <paramref name="step"/> numbers apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorTile<TLanes, TVector, T> Load(T* source, nint step) => Four
        ? new(TLanes.Load(source), TLanes.Load(source + step), TLanes.Load(source + 2 * step), TLanes.Load(source + 3 * step))
        : new(TLanes.Load(source), TLanes.Load(source + step));

    /// <summary>Loads vectors from four places, of which only two are read with 16 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorTile<TLanes, TVector, T> Load(T* source0, T* source1, T* source2, T* source3) => Four
        ? new(TLanes.Load(source0), TLanes.Load(source1), TLanes.Load(source2), TLanes.Load(source3))
        : new(TLanes.Load(source0), TLanes.Load(source1));

    /// <summary>Loads consecutive vectors, <paramref name="source"/> [Count].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorTile<TLanes, TVector, T> Load(T* source) => Load(source, TLanes.Count);

    /// <summary>Broadcasts consecutive numbers, <paramref name="source"/> [Vectors], one to all lanes of each vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorTile<TLanes, TVector, T> BroadcastEach(T* source) => Four
        ? new(TLanes.Broadcast(source[0]), TLanes.Broadcast(source[1]), TLanes.Broadcast(source[2]), TLanes.Broadcast(source[3]))
        : new(TLanes.Broadcast(source[0]), TLanes.Broadcast(source[1]));

    /// <summary>Stores consecutive vectors to <paramref name="target"/> [Count].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T* target)
    {
        TLanes.Store(target, V0);
        TLanes.Store(target + TLanes.Count, V1);
        if (!Four) return;
        TLanes.Store(target + 2 * TLanes.Count, V2);
        TLanes.Store(target + 3 * TLanes.Count, V3);
    }

    /// <summary>Stores the lanes in double precision, the vectors <paramref name="step"/> numbers apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void StoreWide(double* target, nint step)
    {
        TLanes.StoreWide(target, V0);
        TLanes.StoreWide(target + step, V1);
        if (!Four) return;
        TLanes.StoreWide(target + 2 * step, V2);
        TLanes.StoreWide(target + 3 * step, V3);
    }

    /// <summary>Tells whether a lane is less than the number at its place in <paramref name="limits"/> [Count].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool AnyLess(T* limits) =>
        TLanes.AnyLess(V0, TLanes.Load(limits)) || TLanes.AnyLess(V1, TLanes.Load(limits + TLanes.Count))
        || (Four && (TLanes.AnyLess(V2, TLanes.Load(limits + 2 * TLanes.Count)) || TLanes.AnyLess(V3, TLanes.Load(limits + 3 * TLanes.Count))));

    /// <summary>Subtracts one vector from every vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly VectorTile<TLanes, TVector, T> Minus(TVector value) => Minus(new VectorTile<TLanes, TVector, T>(value, value, value, value));

    /// <summary>Subtracts vector by vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly VectorTile<TLanes, TVector, T> Minus(in VectorTile<TLanes, TVector, T> value) => Four
        ? new(TLanes.Subtract(V0, value.V0), TLanes.Subtract(V1, value.V1), TLanes.Subtract(V2, value.V2), TLanes.Subtract(V3, value.V3))
        : new(TLanes.Subtract(V0, value.V0), TLanes.Subtract(V1, value.V1));

    /// <summary>Multiplies every vector by one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly VectorTile<TLanes, TVector, T> Times(TVector value) => Four
        ? new(TLanes.Multiply(V0, value), TLanes.Multiply(V1, value), TLanes.Multiply(V2, value), TLanes.Multiply(V3, value))
        : new(TLanes.Multiply(V0, value), TLanes.Multiply(V1, value));

    /// <summary>Adds factor * value in place: a sum that is a new tile each time costs moves from register to register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(TVector factor, in VectorTile<TLanes, TVector, T> value)
    {
        V0 = TLanes.Fma(factor, value.V0, V0);
        V1 = TLanes.Fma(factor, value.V1, V1);
        if (!Four) return;
        V2 = TLanes.Fma(factor, value.V2, V2);
        V3 = TLanes.Fma(factor, value.V3, V3);
    }

    /// <summary>Adds a * b, vector by vector, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(in VectorTile<TLanes, TVector, T> a, in VectorTile<TLanes, TVector, T> b)
    {
        V0 = TLanes.Fma(a.V0, b.V0, V0);
        V1 = TLanes.Fma(a.V1, b.V1, V1);
        if (!Four) return;
        V2 = TLanes.Fma(a.V2, b.V2, V2);
        V3 = TLanes.Fma(a.V3, b.V3, V3);
    }
}
