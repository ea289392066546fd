namespace Gmm.Report;

/// <summary>An opaque color of a screen.</summary>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
public readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    /// <summary>#rrggbb.</summary>
    public string Hex => $"#{Red:x2}{Green:x2}{Blue:x2}";
}

/// <summary>
/// One color per component, the same in every figure: the eight colors of Okabe and Ito (Color Universal Design, 2008), told apart under all
/// common color-vision deficiencies, without black; from the eighth component on the same hues lighter and darker in turn.
/// </summary>
public static class Palette
{
    private static readonly Rgb[] s_base =
    [
        new(0, 114, 178), new(213, 94, 0), new(0, 158, 115), new(204, 121, 167), new(230, 159, 0), new(86, 180, 233), new(240, 228, 66),
    ];

    /// <summary>The color of component <paramref name="k"/>, from 0.</summary>
    public static Rgb Component(int k)
    {
        Require.AtLeast(nameof(k), k, 0);
        var color = s_base[k % s_base.Length];
        var round = k / s_base.Length;
        if (round == 0) return color;
        var toward = round % 2 == 1 ? 255.0 : 0.0;
        var share = 1 - 1 / (1 + 0.45 * ((round + 1) / 2));
        return new(Blend(color.Red, toward, share), Blend(color.Green, toward, share), Blend(color.Blue, toward, share));
    }

    /// <summary>The components' colors mixed in the proportions of one point's responsibilities, in linear light as eyes add it.</summary>
    /// <param name="responsibilities">[K], sum 1.</param>
    public static Rgb Mix(ReadOnlySpan<double> responsibilities)
    {
        double red = 0, green = 0, blue = 0;
        for (var k = 0; k < responsibilities.Length; k++)
        {
            var color = Component(k);
            red += responsibilities[k] * ToLinear(color.Red);
            green += responsibilities[k] * ToLinear(color.Green);
            blue += responsibilities[k] * ToLinear(color.Blue);
        }
        return new(FromLinear(red), FromLinear(green), FromLinear(blue));
    }

    private static byte Blend(byte value, double toward, double share) => (byte)Math.Round(value + (toward - value) * share);

    private static double ToLinear(byte value)
    {
        var v = value / 255.0;
        return v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);
    }

    private static byte FromLinear(double value)
    {
        var v = value <= 0.0031308 ? 12.92 * value : 1.055 * Math.Pow(value, 1 / 2.4) - 0.055;
        return (byte)Math.Round(Math.Clamp(v, 0, 1) * 255);
    }
}
