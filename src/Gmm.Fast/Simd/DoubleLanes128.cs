using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Gmm.Fast.Simd;

/// <summary>Computes on two doubles in one vector of 128 bits.</summary>
internal readonly unsafe struct DoubleLanes128 : ILanes<Vector128<double>, double>
{
    public static int Count => 2;

    public static bool HasManyRegisters => Avx512F.VL.IsSupported || AdvSimd.IsSupported;

    public static Vector128<double> Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Load(double* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* destination, Vector128<double> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo(double* sums, Vector128<double> value) => (Vector128.Load(sums) + value).Store(sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWide(double* destination, Vector128<double> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Broadcast(double value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Add(Vector128<double> a, Vector128<double> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Subtract(Vector128<double> a, Vector128<double> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Multiply(Vector128<double> a, Vector128<double> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Divide(Vector128<double> a, Vector128<double> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyLess(Vector128<double> a, Vector128<double> b) => Vector128.LessThanAny(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Fma(Vector128<double> a, Vector128<double> b, Vector128<double> c) => Vector128.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Max(Vector128<double> a, Vector128<double> b) =>
        X86Base.IsSupported ? Vector128.MaxNative(a, b) : Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> SelectLess(Vector128<double> a, Vector128<double> b, Vector128<double> whenTrue, Vector128<double> whenFalse) =>
        Vector128.ConditionalSelect(Vector128.LessThan(a, b), whenTrue, whenFalse);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> ScaleByPowerOfTwo(Vector128<double> value, Vector128<double> shifted) =>
        (value.AsInt64() + (shifted.AsInt64() << DoubleBits.MantissaBits)).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> SplitExponent(Vector128<double> value, out Vector128<double> exponent)
    {
        var bits = value.AsInt64() - Vector128.Create(DoubleBits.SqrtHalf);
        var biased = (bits + Vector128.Create(DoubleBits.Bias << DoubleBits.MantissaBits)) >>> DoubleBits.MantissaBits;
        exponent = (biased + Vector128.Create(DoubleBits.ShiftBits)).AsDouble() - Vector128.Create(DoubleBits.Shift + DoubleBits.Bias);
        return ((bits & Vector128.Create(DoubleBits.MantissaMask)) + Vector128.Create(DoubleBits.SqrtHalf)).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TAny Exp2<TAnyLanes, TAny>(TAny x)
        where TAnyLanes : struct, ILaneArithmetic<TAny, double>
        where TAny : struct => LaneMath.Exp2<TAnyLanes, TAny>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Log(Vector128<double> x) => LaneMath.Log<DoubleLanes128, Vector128<double>>(x);
}
