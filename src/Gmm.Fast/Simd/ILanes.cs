namespace Gmm.Fast.Simd;

/// <summary>
/// Computes lane by lane, on one vector or on several together. Every operation is exactly rounded or made of such operations, so a lane has the
/// same bits at every width. Pointers need no alignment.
/// </summary>
/// <typeparam name="TVector">The vector, or the vectors.</typeparam>
/// <typeparam name="T">One lane.</typeparam>
internal unsafe interface ILaneArithmetic<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>The number of lanes.</summary>
    static abstract int Count { get; }

    static abstract TVector Zero { get; }

    /// <summary>Loads <paramref name="source"/> [Count].</summary>
    static abstract TVector Load(T* source);

    /// <summary>Stores to <paramref name="destination"/> [Count].</summary>
    static abstract void Store(T* destination, TVector value);

    static abstract TVector Broadcast(T value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>Gives a * b + c with one rounding.</summary>
    static abstract TVector Fma(TVector a, TVector b, TVector c);

    /// <summary>Gives a &gt; b ? a : b, so b where one of them is NaN.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>Gives a &lt; b ? whenTrue : whenFalse.</summary>
    static abstract TVector SelectLess(TVector a, TVector b, TVector whenTrue, TVector whenFalse);

    /// <summary>
    /// Gives value * 2^n where that is normal. n is the integer in the low bits of <paramref name="shifted"/>, which is
    /// n + <see cref="DoubleBits.Shift"/> or n + <see cref="FloatBits.Shift"/>.
    /// </summary>
    static abstract TVector ScaleByPowerOfTwo(TVector value, TVector shifted);
}

/// <summary>Computes on one vector. Kernels are written once over this interface and compiled once per width.</summary>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="T">One lane.</typeparam>
internal unsafe interface ILanes<TVector, T> : ILaneArithmetic<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>Whether there are 32 vector registers of this width and not 16: a constant for the JIT that decides the shape of the tiles.</summary>
    static abstract bool HasManyRegisters { get; }

    /// <summary>Adds lane i to sums[i], in double precision; <paramref name="sums"/> is [Count].</summary>
    static abstract void AddTo(double* sums, TVector value);

    /// <summary>Stores lane i to destination[i], in double precision; <paramref name="destination"/> is [Count].</summary>
    static abstract void StoreWide(double* destination, TVector value);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>Tells whether a lane of a is less than that of b.</summary>
    static abstract bool AnyLess(TVector a, TVector b);

    /// <summary>Splits positive normal values: value = mantissa * 2^exponent. Returns the mantissa, in [sqrt(1/2), sqrt(2)).</summary>
    static abstract TVector SplitExponent(TVector value, out TVector exponent);

    /// <summary>
    /// Gives 2^x for x up to 0, and exactly 0 for x below -64.5 and NaN, of any vectors with this element type; see <see cref="LaneMath"/> and
    /// <see cref="LaneMathSingle"/>.
    /// </summary>
    static abstract TAny Exp2<TAnyLanes, TAny>(TAny x)
        where TAnyLanes : struct, ILaneArithmetic<TAny, T>
        where TAny : struct;

    /// <summary>Gives ln x for positive normal x, see <see cref="LaneMath"/> and <see cref="LaneMathSingle"/>.</summary>
    static abstract TVector Log(TVector x);
}
