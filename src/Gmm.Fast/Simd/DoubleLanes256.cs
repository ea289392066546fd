using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gmm.Fast.Simd;

/// <summary>Computes on four doubles in one vector of 256 bits.</summary>
internal readonly unsafe struct DoubleLanes256 : ILanes<Vector256<double>, double>
{
    public static int Count => 4;

    public static bool HasManyRegisters => Avx512F.VL.IsSupported;

    public static Vector256<double> Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Load(double* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* destination, Vector256<double> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo(double* sums, Vector256<double> value) => (Vector256.Load(sums) + value).Store(sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWide(double* destination, Vector256<double> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Broadcast(double value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Add(Vector256<double> a, Vector256<double> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Subtract(Vector256<double> a, Vector256<double> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Multiply(Vector256<double> a, Vector256<double> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Divide(Vector256<double> a, Vector256<double> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyLess(Vector256<double> a, Vector256<double> b) => Vector256.LessThanAny(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Fma(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Vector256.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Max(Vector256<double> a, Vector256<double> b) =>
        X86Base.IsSupported ? Vector256.MaxNative(a, b) : Vector256.ConditionalSelect(Vector256.GreaterThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> SelectLess(Vector256<double> a, Vector256<double> b, Vector256<double> whenTrue, Vector256<double> whenFalse) =>
        Vector256.ConditionalSelect(Vector256.LessThan(a, b), whenTrue, whenFalse);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ScaleByPowerOfTwo(Vector256<double> value, Vector256<double> shifted) =>
        (value.AsInt64() + (shifted.AsInt64() << DoubleBits.MantissaBits)).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> SplitExponent(Vector256<double> value, out Vector256<double> exponent)
    {
        var bits = value.AsInt64() - Vector256.Create(DoubleBits.SqrtHalf);
        var biased = (bits + Vector256.Create(DoubleBits.Bias << DoubleBits.MantissaBits)) >>> DoubleBits.MantissaBits;
        exponent = (biased + Vector256.Create(DoubleBits.ShiftBits)).AsDouble() - Vector256.Create(DoubleBits.Shift + DoubleBits.Bias);
        return ((bits & Vector256.Create(DoubleBits.MantissaMask)) + Vector256.Create(DoubleBits.SqrtHalf)).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TAny Exp2<TAnyLanes, TAny>(TAny x)
        where TAnyLanes : struct, ILaneArithmetic<TAny, double>
        where TAny : struct => LaneMath.Exp2<TAnyLanes, TAny>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Log(Vector256<double> x) => LaneMath.Log<DoubleLanes256, Vector256<double>>(x);
}
