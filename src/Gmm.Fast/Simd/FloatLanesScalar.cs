using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Gmm.Fast.Simd;

/// <summary>Computes on one float: for machines without vectors.</summary>
internal readonly unsafe struct FloatLanesScalar : ILanes<float, float>
{
    public static int Count => 1;

    public static bool HasManyRegisters => Avx512F.VL.IsSupported || AdvSimd.IsSupported;

    public static float Zero => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(float* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, float value) => *destination = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo(double* sums, float value) => *sums += value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWide(double* destination, float value) => *destination = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Broadcast(float value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float a, float b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Subtract(float a, float b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Multiply(float a, float b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Divide(float a, float b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyLess(float a, float b) => a < b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Fma(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(float a, float b) => a > b ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SelectLess(float a, float b, float whenTrue, float whenFalse) => a < b ? whenTrue : whenFalse;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ScaleByPowerOfTwo(float value, float shifted) =>
        BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(value) + (BitConverter.SingleToInt32Bits(shifted) << FloatBits.MantissaBits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SplitExponent(float value, out float exponent)
    {
        var bits = BitConverter.SingleToInt32Bits(value) - FloatBits.SqrtHalf;
        exponent = bits >> FloatBits.MantissaBits;
        return BitConverter.Int32BitsToSingle((bits & FloatBits.MantissaMask) + FloatBits.SqrtHalf);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TAny Exp2<TAnyLanes, TAny>(TAny x)
        where TAnyLanes : struct, ILaneArithmetic<TAny, float>
        where TAny : struct => LaneMathSingle.Exp2<TAnyLanes, TAny>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Log(float x) => LaneMathSingle.Log<FloatLanesScalar, float>(x);
}
