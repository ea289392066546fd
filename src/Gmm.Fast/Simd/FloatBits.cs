namespace Gmm.Fast.Simd;

/// <summary>Holds the layout of IEEE 754 binary32.</summary>
internal static class FloatBits
{
    public const int MantissaBits = 23;

    public const int MantissaMask = (1 << MantissaBits) - 1;

    /// <summary>The bits of sqrt(1/2), rounded down: subtracting them moves the octave to [sqrt(1/2), sqrt(2)).</summary>
    public const int SqrtHalf = 0x3F3504F3;

    /// <summary>1.5 * 2^23: adding it to |n| &lt; 2^22 leaves n, rounded to nearest, in the low bits.</summary>
    public const float Shift = 12582912f;
}
