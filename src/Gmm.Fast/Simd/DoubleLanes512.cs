using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gmm.Fast.Simd;

/// <summary>Computes on eight doubles in one vector of 512 bits.</summary>
internal readonly unsafe struct DoubleLanes512 : ILanes<Vector512<double>, double>
{
    public static int Count => 8;

    public static bool HasManyRegisters => Avx512F.VL.IsSupported;

    public static Vector512<double> Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Load(double* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* destination, Vector512<double> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo(double* sums, Vector512<double> value) => (Vector512.Load(sums) + value).Store(sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWide(double* destination, Vector512<double> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Broadcast(double value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Add(Vector512<double> a, Vector512<double> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Subtract(Vector512<double> a, Vector512<double> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Multiply(Vector512<double> a, Vector512<double> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Divide(Vector512<double> a, Vector512<double> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyLess(Vector512<double> a, Vector512<double> b) => Vector512.LessThanAny(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Fma(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Vector512.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Max(Vector512<double> a, Vector512<double> b) => Vector512.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> SelectLess(Vector512<double> a, Vector512<double> b, Vector512<double> whenTrue, Vector512<double> whenFalse) =>
        Vector512.ConditionalSelect(Vector512.LessThan(a, b), whenTrue, whenFalse);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> ScaleByPowerOfTwo(Vector512<double> value, Vector512<double> shifted) =>
        (value.AsInt64() + (shifted.AsInt64() << DoubleBits.MantissaBits)).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> SplitExponent(Vector512<double> value, out Vector512<double> exponent)
    {
        var bits = value.AsInt64() - Vector512.Create(DoubleBits.SqrtHalf);
        var biased = (bits + Vector512.Create(DoubleBits.Bias << DoubleBits.MantissaBits)) >>> DoubleBits.MantissaBits;
        exponent = (biased + Vector512.Create(DoubleBits.ShiftBits)).AsDouble() - Vector512.Create(DoubleBits.Shift + DoubleBits.Bias);
        return ((bits & Vector512.Create(DoubleBits.MantissaMask)) + Vector512.Create(DoubleBits.SqrtHalf)).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TAny Exp2<TAnyLanes, TAny>(TAny x)
        where TAnyLanes : struct, ILaneArithmetic<TAny, double>
        where TAny : struct => LaneMath.Exp2<TAnyLanes, TAny>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Log(Vector512<double> x) => LaneMath.Log<DoubleLanes512, Vector512<double>>(x);
}
