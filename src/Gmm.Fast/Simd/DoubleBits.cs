namespace Gmm.Fast.Simd;

/// <summary>Holds the layout of IEEE 754 binary64.</summary>
internal static class DoubleBits
{
    public const int MantissaBits = 52;

    public const long MantissaMask = (1L << MantissaBits) - 1;

    /// <summary>The bits of sqrt(1/2), rounded down: subtracting them moves the octave to [sqrt(1/2), sqrt(2)).</summary>
    public const long SqrtHalf = 0x3FE6A09E667F3BCC;

    /// <summary>Makes exponents positive, so that a logical shift serves: an arithmetic one of 64 bits is not one instruction everywhere.</summary>
    public const long Bias = 1024;

    /// <summary>1.5 * 2^52: adding it to |n| &lt; 2^51 leaves n, rounded to nearest, in the low bits.</summary>
    public const double Shift = 6755399441055744.0;

    /// <summary>The bits of <see cref="Shift"/>.</summary>
    public const long ShiftBits = 0x4338000000000000;
}
