using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Gmm.Fast.Simd;

/// <summary>Computes on one double: for machines without vectors, few components, and constants.</summary>
internal readonly unsafe struct DoubleLanesScalar : ILanes<double, double>
{
    public static int Count => 1;

    public static bool HasManyRegisters => Avx512F.VL.IsSupported || AdvSimd.IsSupported;

    public static double Zero => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Load(double* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double* destination, double value) => *destination = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo(double* sums, double value) => *sums += value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWide(double* destination, double value) => *destination = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Broadcast(double value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Add(double a, double b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Subtract(double a, double b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Multiply(double a, double b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Divide(double a, double b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyLess(double a, double b) => a < b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Fma(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Max(double a, double b) => a > b ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double SelectLess(double a, double b, double whenTrue, double whenFalse) => a < b ? whenTrue : whenFalse;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ScaleByPowerOfTwo(double value, double shifted) =>
        BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value) + (BitConverter.DoubleToInt64Bits(shifted) << DoubleBits.MantissaBits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double SplitExponent(double value, out double exponent)
    {
        var bits = BitConverter.DoubleToInt64Bits(value) - DoubleBits.SqrtHalf;
        exponent = bits >> DoubleBits.MantissaBits;
        return BitConverter.Int64BitsToDouble((bits & DoubleBits.MantissaMask) + DoubleBits.SqrtHalf);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TAny Exp2<TAnyLanes, TAny>(TAny x)
        where TAnyLanes : struct, ILaneArithmetic<TAny, double>
        where TAny : struct => LaneMath.Exp2<TAnyLanes, TAny>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Log(double x) => LaneMath.Log<DoubleLanesScalar, double>(x);
}
