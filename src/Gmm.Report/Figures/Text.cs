using System.Globalization;
using System.Text;
using SkiaSharp;

namespace Gmm.Report.Figures;

/// <summary>Texts as they can be drawn: names come out of files and hold anything.</summary>
internal static class Text
{
    /// <summary>
    /// On one line, 300 characters at most: control and format characters and runs of blanks become one blank; halves of surrogate pairs, and
    /// characters that the fonts do not have and a vector file would drop, become the replacement character.
    /// </summary>
    public static string Clean(string text)
    {
        const int Most = 300;
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= Most) break;
            var category = Rune.GetUnicodeCategory(rune);
            var isBlank = Rune.IsWhiteSpace(rune) || category is UnicodeCategory.Control or UnicodeCategory.Format;
            if (isBlank && (clean.Length == 0 || clean[^1] == ' ')) continue;
            clean.Append(isBlank ? " " : BundledFont.Has(rune) ? rune.ToString() : "\uFFFD");
        }
        var line = clean.ToString().Trim();
        return line.Length == 0 ? "(no name)" : line;
    }

    /// <summary>The text, or as much of its start as fits with an ellipsis behind.</summary>
    public static string Shorten(string text, float width, SKFont font)
    {
        if (font.MeasureText(text) <= width) return text;
        var elements = new StringInfo(text);
        for (var length = elements.LengthInTextElements - 1; length > 0; length--)
        {
            var start = elements.SubstringByTextElements(0, length).TrimEnd() + "…";
            if (font.MeasureText(start) <= width) return start;
        }
        return "…";
    }

    /// <summary>The text in lines of words that fit, the last line shortened where the lines run out.</summary>
    public static List<string> Wrap(string text, float width, SKFont font, int maxLines)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length == 0 || lines.Count == maxLines - 1 || font.MeasureText(longer) <= width)
            {
                line = longer;
                continue;
            }
            lines.Add(Shorten(line, width, font));
            line = word;
        }
        if (line.Length > 0) lines.Add(Shorten(line, width, font));
        return lines;
    }
}
