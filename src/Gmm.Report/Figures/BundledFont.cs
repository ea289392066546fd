using System.Text;
using ScottPlot;
using SkiaSharp;

namespace Gmm.Report.Figures;

/// <summary>
/// DejaVu Sans out of this assembly. The plotting library asks the system for its fonts and draws no text at all, without a word, where the system
/// has none; so every text of a figure uses these two faces, under a name that no system font has.
/// </summary>
internal sealed class BundledFont : IFontResolver
{
    /// <summary>Under which the plotting library finds the regular face.</summary>
    public const string Name = "Gmm.Report DejaVu Sans";

    private static readonly SKTypeface s_regular = Load("DejaVuSans.ttf");
    private static readonly SKTypeface s_bold = Load("DejaVuSans-Bold.ttf");

    // First in the list, before the resolver that asks the system.
    static BundledFont() => Fonts.FontResolvers.Insert(0, new BundledFont());

    /// <summary>The face in a size, in pixels of the figure; the caller disposes of it.</summary>
    public static SKFont Of(float size, bool bold = false) => new(bold ? s_bold : s_regular, size)
    {
        Subpixel = true,
        Edging = SKFontEdging.Antialias,

        // Widths of letters that do not depend on the scale, so that what fits at one fits at all.
        Hinting = SKFontHinting.None,
    };

    /// <summary>Whether the faces have a glyph for the character.</summary>
    public static bool Has(Rune rune) => s_regular.ContainsGlyph(rune.Value) && s_bold.ContainsGlyph(rune.Value);

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        fontName == Name ? s_regular : null;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? s_regular : null;

    private static SKTypeface Load(string resource)
    {
        using var stream = typeof(BundledFont).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not in the assembly");
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data);
    }
}
