using System.Globalization;
using System.Text;

namespace Gmm.Data;

/// <summary>Makes text from files and command lines fit for one line on a terminal.</summary>
internal static class ErrorText
{
    private const int MaxShown = 40;
    private const int MaxNamesShown = 20;

    /// <summary>Escapes every character that would break the line or act on the terminal.</summary>
    internal static string OneLine(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Append(result, rune);
        }

        return result.ToString();
    }

    /// <summary>Puts text in quotes, escaped, and cut after 40 characters.</summary>
    internal static string Quoted(string text) => $"'{Short(text)}'";

    /// <summary>Gives text escaped, and cut after 40 characters.</summary>
    internal static string Short(string text)
    {
        var result = new StringBuilder();
        var shown = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown++ == MaxShown)
            {
                result.Append("...");
                break;
            }

            Append(result, rune);
        }

        return result.ToString();
    }

    /// <summary>Quotes a cell, decoded only as far as it is shown (a cell may be megabytes long).</summary>
    internal static string Quoted(ReadOnlySpan<byte> utf8)
    {
        const int MaxBytesPerRune = 4;
        return Quoted(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, (MaxShown + 1) * MaxBytesPerRune)]));
    }

    /// <summary>Gives the first names of a list, for "the columns are ...".</summary>
    internal static string List(IReadOnlyList<string> names)
    {
        var shown = string.Join(", ", names.Take(MaxNamesShown).Select(Quoted));
        return names.Count > MaxNamesShown ? $"{shown} and {names.Count - MaxNamesShown} more" : shown;
    }

    /// <summary>Counts things in words: "1 cell", "3 cells".</summary>
    internal static string Count(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static void Append(StringBuilder result, Rune rune)
    {
        switch (rune.Value)
        {
            case '\0': result.Append("\\0"); return;
            case '\t': result.Append("\\t"); return;
            case '\n': result.Append("\\n"); return;
            case '\r': result.Append("\\r"); return;
        }

        // Format characters include the ones that reverse the direction of writing.
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
        {
            result.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X4}}}");
            return;
        }

        result.Append(rune.ToString());
    }
}
