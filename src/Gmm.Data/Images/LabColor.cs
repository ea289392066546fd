using System.Numerics;

namespace Gmm.Data.Images;

/// <summary>
/// Converts sRGB of 8 or 16 bits to CIE 1976 L*a*b* and back, where equal distances look about equally large.
/// <para>
/// sRGB: IEC 61966-2-1:1999, the curve with 0.04045, 12.92, 0.055 and 2.4, and the matrix to XYZ (D65) with four decimals; the way back inverts that
/// matrix in double precision, since the standard's own inverse, rounded to four decimals, does not lead back. s_white is what the matrix makes of
/// (1, 1, 1): (0.9505, 1, 1.0890), so grays have a* = b* = 0 up to rounding. L*a*b*: CIE 15:2018, section 8.2.1, with its fractions (24/116)^3,
/// 841/108 and 16/116 instead of the rounded 0.008856 and 7.787. Every sRGB color comes back as the same three numbers.
/// </para>
/// </summary>
public static class LabColor
{
    private const double Offset = 16.0 / 116;
    private const double Slope = 841.0 / 108;
    private const double Edge = 24.0 / 116;

    private static readonly double[] s_toXyz = [0.4124, 0.3576, 0.1805, 0.2126, 0.7152, 0.0722, 0.0193, 0.1192, 0.9505];
    private static readonly double[] s_fromXyz = Inverse(s_toXyz);
    private static readonly double[] s_white = [s_toXyz[..3].Sum(), s_toXyz[3..6].Sum(), s_toXyz[6..].Sum()];
    private static readonly double[] s_linearOf = LinearOf(byte.MaxValue);
    private static readonly Lazy<double[]> s_linearOfDeep = new(() => LinearOf(ushort.MaxValue));

    /// <summary>Converts N pixels; may be called for parts of a picture by several threads.</summary>
    /// <param name="rgb">Red, green, blue, row-major [N x 3].</param>
    /// <param name="lab">L* (0 to 100), a*, b* (about -128 to 128), row-major [N x 3].</param>
    public static void FromSrgb(ReadOnlySpan<byte> rgb, Span<double> lab) => FromLevels(rgb, s_linearOf, lab);

    /// <summary>Converts N pixels of 16 bits a channel as <see cref="FromSrgb(ReadOnlySpan{byte}, Span{double})"/> does those of 8.</summary>
    /// <param name="rgb">Red, green, blue in 16 bits, row-major [N x 3].</param>
    /// <param name="lab">L* (0 to 100), a*, b* (about -128 to 128), row-major [N x 3].</param>
    public static void FromSrgb(ReadOnlySpan<ushort> rgb, Span<double> lab) => FromLevels(rgb, s_linearOfDeep.Value, lab);

    /// <summary>
    /// Converts N pixels to the nearest bytes; may be called for parts of a picture by several threads. Each channel of a color that sRGB does not
    /// have is cut off at 0 or 255.
    /// </summary>
    /// <param name="lab">L*, a*, b*, row-major [N x 3], finite.</param>
    /// <param name="rgb">Red, green, blue, row-major [N x 3].</param>
    public static void ToSrgb(ReadOnlySpan<double> lab, Span<byte> rgb) => ToLevels(lab, rgb);

    /// <summary>
    /// Converts N pixels to the nearest 16 bits; may be called for parts of a picture by several threads. Each channel of a color that sRGB does not
    /// have is cut off at 0 or 65535.
    /// </summary>
    /// <param name="lab">L*, a*, b*, row-major [N x 3], finite.</param>
    /// <param name="rgb">Red, green, blue, row-major [N x 3].</param>
    public static void ToSrgb(ReadOnlySpan<double> lab, Span<ushort> rgb) => ToLevels(lab, rgb);

    private static void FromLevels<TLevel>(ReadOnlySpan<TLevel> rgb, double[] linearOf, Span<double> lab)
        where TLevel : IBinaryInteger<TLevel>
    {
        Check(rgb.Length, lab.Length, nameof(rgb), nameof(lab));
        for (var i = 0; i < rgb.Length; i += 3)
        {
            var (red, green, blue) = (Linear(rgb[i]), Linear(rgb[i + 1]), Linear(rgb[i + 2]));
            var x = Compress(Row(s_toXyz, 0, red, green, blue) / s_white[0]);
            var y = Compress(Row(s_toXyz, 3, red, green, blue) / s_white[1]);
            var z = Compress(Row(s_toXyz, 6, red, green, blue) / s_white[2]);
            lab[i] = (116 * y) - 16;
            lab[i + 1] = 500 * (x - y);
            lab[i + 2] = 200 * (y - z);
        }

        double Linear(TLevel level) => linearOf[int.CreateTruncating(level)];
    }

    private static void ToLevels<TLevel>(ReadOnlySpan<double> lab, Span<TLevel> rgb)
        where TLevel : IBinaryInteger<TLevel>, IMinMaxValue<TLevel>
    {
        Check(lab.Length, rgb.Length, nameof(lab), nameof(rgb));
        for (var i = 0; i < lab.Length; i += 3)
        {
            var y = (lab[i] + 16) / 116;
            var x = s_white[0] * Expand(y + (lab[i + 1] / 500));
            var z = s_white[2] * Expand(y - (lab[i + 2] / 200));
            y = s_white[1] * Expand(y);
            rgb[i] = ToLevel<TLevel>(Row(s_fromXyz, 0, x, y, z));
            rgb[i + 1] = ToLevel<TLevel>(Row(s_fromXyz, 3, x, y, z));
            rgb[i + 2] = ToLevel<TLevel>(Row(s_fromXyz, 6, x, y, z));
        }
    }

    private static void Check(int from, int to, string fromName, string toName)
    {
        if (from % 3 != 0)
        {
            throw new ArgumentException($"{fromName} has {from} values; a multiple of 3 is required.", fromName);
        }

        if (to != from)
        {
            throw new ArgumentException($"{toName} has {to} values; {from} are required, as many as {fromName} has.", toName);
        }
    }

    private static double Row(double[] matrix, int start, double a, double b, double c) =>
        (matrix[start] * a) + (matrix[start + 1] * b) + (matrix[start + 2] * c);

    private static double[] LinearOf(int white) => [.. Enumerable.Range(0, white + 1).Select(level => Linear(level / (double)white))];

    private static double Linear(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);

    private static TLevel ToLevel<TLevel>(double linear)
        where TLevel : IBinaryInteger<TLevel>, IMinMaxValue<TLevel>
    {
        var value = linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055;
        return TLevel.CreateSaturating(Math.Round(double.CreateTruncating(TLevel.MaxValue) * value));
    }

    private static double Compress(double ratio) => ratio > Edge * Edge * Edge ? Math.Cbrt(ratio) : (Slope * ratio) + Offset;

    private static double Expand(double value) => value > Edge ? value * value * value : (value - Offset) / Slope;

    /// <summary>Inverts by cofactors; the matrix is well conditioned.</summary>
    private static double[] Inverse(double[] m)
    {
        double Cofactor(int i, int j) =>
            (m[(3 * ((i + 1) % 3)) + ((j + 1) % 3)] * m[(3 * ((i + 2) % 3)) + ((j + 2) % 3)])
            - (m[(3 * ((i + 1) % 3)) + ((j + 2) % 3)] * m[(3 * ((i + 2) % 3)) + ((j + 1) % 3)]);
        var determinant = (m[0] * Cofactor(0, 0)) + (m[1] * Cofactor(0, 1)) + (m[2] * Cofactor(0, 2));
        return [.. Enumerable.Range(0, 9).Select(index => Cofactor(index % 3, index / 3) / determinant)];
    }
}
