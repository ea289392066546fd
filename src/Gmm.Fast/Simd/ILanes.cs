namespace Gmm.Fast.Simd;

/// <summary>
/// Arithmetic lane by lane, on one vector or on several that go through it together. Every operation is exactly rounded or made of such
/// operations, so a lane has the same bits at every width.
/// </summary>
/// <typeparam name="TVector">The vector, or the vectors.</typeparam>
/// <typeparam name="T">One lane.</typeparam>
internal unsafe interface ILaneArithmetic<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>Lanes.</summary>
    static abstract int Count { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Load(T* source);

    static abstract void Store(T* destination, TVector value);

    static abstract TVector Broadcast(T value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a * b + c with one rounding.</summary>
    static abstract TVector Fma(TVector a, TVector b, TVector c);

    /// <summary>Lane by lane: a &gt; b ? a : b, so b where one of them is NaN.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>Lane by lane: a &lt; b ? whenTrue : whenFalse.</summary>
    static abstract TVector SelectLess(TVector a, TVector b, TVector whenTrue, TVector whenFalse);

    /// <summary>
    /// value * 2^n for a normal result, n being the integer in the low bits of <paramref name="shifted"/> = n + 1.5 * 2^(mantissa bits):
    /// n + <see cref="DoubleBits.Shift"/> or n + <see cref="FloatBits.Shift"/>.
    /// </summary>
    static abstract TVector ScaleByPowerOfTwo(TVector value, TVector shifted);
}

/// <summary>The arithmetic of one vector. Kernels are written once over this interface and compiled once per width.</summary>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="T">One lane.</typeparam>
internal unsafe interface ILanes<TVector, T> : ILaneArithmetic<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>Whether there are 32 vector registers of this width and not 16: it decides the shape of the tiles, and the JIT knows it.</summary>
    static abstract bool HasManyRegisters { get; }

    /// <summary>sums[i] += lane i, in double precision; sums has <see cref="ILaneArithmetic{TVector, T}.Count"/> values, aligned or not.</summary>
    static abstract void AddTo(double* sums, TVector value);

    /// <summary>destination[i] = lane i, in double precision; room for as many values as there are lanes, aligned or not.</summary>
    static abstract void StoreWide(double* destination, TVector value);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>value = mantissa * 2^exponent with the mantissa in [sqrt(1/2), sqrt(2)), for positive normal values.</summary>
    static abstract TVector SplitExponent(TVector value, out TVector exponent);

    /// <summary>
    /// 2^x for x up to 0, and exactly 0 for x below -64.5 and NaN; of this vector or of others with its element type, see <see cref="LaneMath"/>
    /// and <see cref="LaneMathSingle"/>.
    /// </summary>
    static abstract TAny Exp2<TAnyLanes, TAny>(TAny x)
        where TAnyLanes : struct, ILaneArithmetic<TAny, T>
        where TAny : struct;

    /// <summary>ln x for positive normal x, see <see cref="LaneMath"/> and <see cref="LaneMathSingle"/>.</summary>
    static abstract TVector Log(TVector x);
}
