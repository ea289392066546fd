using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Gmm.Data;

/// <summary>Tells what one CSV cell is, for the header decision and for the words of an error.</summary>
internal static class CsvCell
{
    private static readonly SearchValues<byte> s_numberCharacters = SearchValues.Create("0123456789+-.,eE "u8);

    private static readonly SearchValues<byte> s_numberRowCharacters = SearchValues.Create("0123456789+-.,;eE \r\n"u8);

    private static readonly string[] s_missingMarkers = ["NA", "N/A", "NAN", "NULL", "NONE", "NIL", "INF", "INFINITY", "MISSING", "-", "?", "."];

    internal enum Kind
    {
        /// <summary>A finite number.</summary>
        Number,

        /// <summary>Empty, a mark for a missing value, or the start of a number: as likely a damaged number as a name.</summary>
        Unclear,

        /// <summary>Any other text.</summary>
        Name,
    }

    internal static Kind KindOf(string cell)
    {
        if (IsNumber(cell))
        {
            return Kind.Number;
        }

        var text = cell.AsSpan().Trim();
        var unsigned = text.TrimStart("+-.");
        if (text.IsEmpty || (!unsigned.IsEmpty && char.IsAsciiDigit(unsigned[0])))
        {
            return Kind.Unclear;
        }

        foreach (var marker in s_missingMarkers)
        {
            if (unsigned.Equals(marker, StringComparison.OrdinalIgnoreCase) || text.Equals(marker, StringComparison.OrdinalIgnoreCase))
            {
                return Kind.Unclear;
            }
        }

        return Kind.Name;
    }

    internal static bool IsNumber(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && !cell.Contains('\0');

    internal static bool IsWholeNumber(string cell) => cell.Length > 0 && cell.All(char.IsAsciiDigit);

    /// <summary>Says why a cell that is not a finite number was refused.</summary>
    internal static string Problem(ReadOnlySpan<byte> cell, char separator)
    {
        var shown = ErrorText.Quoted(cell);
        var text = cell.Trim(" \t"u8);
        if (text.IsEmpty)
        {
            return "the cell is empty; a number is required";
        }

        var unsigned = text[0] is (byte)'+' or (byte)'-' ? text[1..] : text;
        if (Ascii.EqualsIgnoreCase(unsigned, "nan"u8) || Ascii.EqualsIgnoreCase(unsigned, "inf"u8) || Ascii.EqualsIgnoreCase(unsigned, "infinity"u8))
        {
            return $"{shown} is not finite";
        }

        if (text.Contains((byte)',') && !text.ContainsAnyExcept(s_numberCharacters))
        {
            return $"{shown} is not a number; the decimal separator must be '.', and thousands separators are not allowed";
        }

        if (StartsWithNumber(text, out var length) && length == text.Length)
        {
            return $"{shown} is beyond the range of a double (1.8e308)";
        }

        // A file with another separator is one wide column of such cells.
        return length > 0 && length < text.Length && text[length] is (byte)' ' or (byte)'\t' or (byte)';' or (byte)'|'
            ? $"{shown} is not a number; cells must be separated by {(separator == '\t' ? "tabs" : $"'{separator}'")}"
            : $"{shown} is not a number";
    }

    /// <summary>
    /// Guesses what a row of numbers with too many cells was meant to be: its numbers cut at the decimal comma. Empty where that is no help.
    /// </summary>
    internal static string Hint(ReadOnlySpan<byte> row, int cells, int required, char separator)
    {
        if (separator != ',' || cells <= required || row.ContainsAnyExcept(s_numberRowCharacters))
        {
            return "";
        }

        return row.Contains((byte)';')
            ? "; cells must be separated by ',', and the decimal separator must be '.'"
            : cells == 2 * required ? "; the decimal separator must be '.'" : "";
    }

    private static bool StartsWithNumber(ReadOnlySpan<byte> text, out int length) => Utf8Parser.TryParse(text, out double _, out length);
}
