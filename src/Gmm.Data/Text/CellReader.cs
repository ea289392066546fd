using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gmm.Data.Text;

/// <summary>Reads one cell of a text: its number, or what else it is.</summary>
internal sealed partial class CellReader
{
    private const int LongestKnown = 40;
    private const NumberStyles Style = NumberStyles.Float;

    private static readonly HashSet<string> s_usual = new(
        [
            "NA", "N/A", "#N/A", "#NA", "#N/A N/A", "<NA>", "NaN", "-NaN", "+NaN", "1.#QNAN", "-1.#QNAN", "1.#IND", "-1.#IND", "NULL", "None", "NaT", "\\N",
            "?", ".", "-", "--",
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _usual = s_usual.GetAlternateLookup<ReadOnlySpan<char>>();
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _own;
    private readonly int _longestMarker;
    private readonly double[] _numbers;

    /// <summary>Makes a reader of cells.</summary>
    /// <param name="hasDecimalComma">Whether ',' is the decimal separator, and not '.'.</param>
    /// <param name="markers">Further markers of missing values, as <see cref="TableOptions.MissingMarkers"/>.</param>
    internal CellReader(bool hasDecimalComma, IReadOnlyList<string> markers)
    {
        HasDecimalComma = hasDecimalComma;
        _own = new HashSet<string>(markers.Select(marker => marker.Trim()), StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _longestMarker = Math.Max(LongestKnown, markers.Select(marker => marker.Length).DefaultIfEmpty().Max());
        _numbers = [.. markers.Select(Number).Where(double.IsFinite)];

        double Number(string marker) => TryNumber(Encoding.UTF8.GetBytes(marker), out var value) ? value
            : double.TryParse(marker, Style, CultureInfo.InvariantCulture, out value) ? value : double.NaN;
    }

    internal bool HasDecimalComma { get; }

    /// <summary>Whether numbers have to be looked at, because some stand for missing values.</summary>
    internal bool HasNumericMarkers => _numbers.Length > 0;

    /// <summary>Removes spaces, tabs and quotes that were left around a cell.</summary>
    internal static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> cell)
    {
        cell = cell.Trim(" \t"u8);

        // Spaces that do not break, as pages and word processors pad with.
        while (cell.StartsWith("\u00A0"u8))
        {
            cell = cell["\u00A0"u8.Length..].TrimStart(" \t"u8);
        }

        while (cell.EndsWith("\u00A0"u8))
        {
            cell = cell[..^"\u00A0"u8.Length].TrimEnd(" \t"u8);
        }

        return cell;
    }

    /// <summary>Tells whether a number stands for a missing value.</summary>
    internal bool IsMarker(double value) => Array.IndexOf(_numbers, value) >= 0;

    /// <summary>Reads a number, which may be infinite; NaN and thousands separators are none.</summary>
    internal bool TryNumber(ReadOnlySpan<byte> cell, out double value) => TryAscii(Trim(cell), out value) || TryTypographic(Trim(cell), out value);

    private bool TryAscii(ReadOnlySpan<byte> cell, out double value)
    {
        if (!HasDecimalComma || !cell.Contains((byte)','))
        {
            // The number parser takes zero bytes at the end for nothing.
            return (double.TryParse(cell, Style, CultureInfo.InvariantCulture, out value) || TryFortran(cell, out value)) && !double.IsNaN(value)
                && !(HasDecimalComma && cell.Contains((byte)'.')) && !cell.Contains((byte)0);
        }

        value = 0;
        if (cell[^1] == (byte)',' || cell.ContainsAny((byte)'.', (byte)0))
        {
            return false;
        }

        const int ShortCell = 128;
        byte[]? rented = cell.Length > ShortCell ? ArrayPool<byte>.Shared.Rent(cell.Length) : null;
        var copy = rented is null ? stackalloc byte[ShortCell] : rented;
        copy = copy[..cell.Length];
        cell.Replace(copy, (byte)',', (byte)'.');
        var isNumber = double.TryParse(copy, Style, CultureInfo.InvariantCulture, out value) && !double.IsNaN(value);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return isNumber;
    }

    // Reads a number with the minus sign of typography, which some languages write.
    private bool TryTypographic(ReadOnlySpan<byte> cell, out double value)
    {
        value = 0;
        var minus = "\u2212"u8;
        if (cell.Length > LongestKnown || cell.IndexOf(minus) < 0)
        {
            return false;
        }

        Span<byte> ascii = stackalloc byte[LongestKnown];
        var length = 0;
        while (!cell.IsEmpty)
        {
            var isMinus = cell.StartsWith(minus);
            ascii[length++] = isMinus ? (byte)'-' : cell[0];
            cell = cell[(isMinus ? minus.Length : 1)..];
        }

        return TryAscii(ascii[..length], out value);
    }

    /// <summary>Tells whether a cell is a number and a percent sign.</summary>
    internal bool IsPercentage(ReadOnlySpan<byte> cell) => Trim(cell) is [.. var number, (byte)'%'] && TryNumber(number, out _);

    /// <summary>Tells whether a cell is a number with a sign of money about it, in parentheses, or with a unit behind a space or a fraction.</summary>
    internal bool IsMarkedNumber(ReadOnlySpan<byte> cell)
    {
        cell = Trim(cell);

        // A spreadsheet keeps a text with ="1.5".
        if (cell is [(byte)'=', (byte)'"', .. var quoted, (byte)'"'] && TryNumber(quoted, out _))
        {
            return true;
        }

        if (cell.Length > LongestKnown || MarkedNumbers().Match(Encoding.UTF8.GetString(cell)) is not { Success: true } match)
        {
            return false;
        }

        var number = match.Groups["number"].Value;
        return TryNumber(Encoding.UTF8.GetBytes(number), out _) || ForeignNumbers().IsMatch(number);
    }

    /// <summary>
    /// Reads a number in parentheses, as accounts write negative ones, or with a minus behind it or a space behind the minus: the number as it may be
    /// written, and what says that it is negative. Null for any other cell.
    /// </summary>
    internal (string Number, string Sign)? AsNegative(ReadOnlySpan<byte> cell)
    {
        cell = Trim(cell);
        if (cell.Length > LongestKnown || NegativeNumbers().Match(Encoding.UTF8.GetString(cell)) is not { Success: true } match)
        {
            return null;
        }

        var number = match.Groups["number"].Value;
        number = Grouped().IsMatch(number) && !TryNumber(Encoding.UTF8.GetBytes(number), out _) ? number.Replace(HasDecimalComma ? "." : ",", "", StringComparison.Ordinal) : number;
        return TryNumber(Encoding.UTF8.GetBytes(number), out _) ? ($"-{number}", cell[0] == (byte)'(' ? "parentheses make" : "the minus makes") : null;
    }

    /// <summary>Tells whether a cell is empty or holds a marker; numbers that are markers are found by <see cref="IsMarker"/>.</summary>
    internal bool IsMissing(ReadOnlySpan<byte> cell)
    {
        cell = Trim(cell);
        if (cell.IsEmpty)
        {
            return true;
        }

        if (cell.Length > _longestMarker * 4)
        {
            return false;
        }

        var rented = ArrayPool<char>.Shared.Rent(cell.Length);
        ReadOnlySpan<char> text = rented.AsSpan(0, Encoding.UTF8.GetChars(cell, rented));
        var isMarker = _usual.Contains(text) || _own.Contains(text);
        ArrayPool<char>.Shared.Return(rented);
        return isMarker;
    }

    internal CellKind KindOf(ReadOnlySpan<byte> cell, out double value)
    {
        cell = Trim(cell);
        value = double.NaN;
        if (cell.IsEmpty)
        {
            return CellKind.Empty;
        }

        if (TryNumber(cell, out value))
        {
            return IsMarker(value) ? CellKind.Missing : CellKind.Number;
        }

        value = double.NaN;
        if (IsMissing(cell))
        {
            return CellKind.Missing;
        }

        if (IsInfinite(cell))
        {
            value = cell[0] == (byte)'-' ? double.NegativeInfinity : double.PositiveInfinity;
            return CellKind.Number;
        }

        if (cell.Length > LongestKnown)
        {
            return CellKind.Text;
        }

        Span<char> buffer = stackalloc char[LongestKnown];
        ReadOnlySpan<char> text = buffer[..Encoding.UTF8.GetChars(cell, buffer)];
        if (text.Equals("true", StringComparison.OrdinalIgnoreCase) || text.Equals("false", StringComparison.OrdinalIgnoreCase))
        {
            return CellKind.Truth;
        }

        var unsigned = text.TrimStart("+-.,\u2212");
        if (unsigned.IsEmpty || !char.IsAsciiDigit(unsigned[0]))
        {
            return CellKind.Text;
        }

        return Dates().IsMatch(text) ? CellKind.Date : ForeignNumbers().IsMatch(text) ? CellKind.ForeignNumber : CellKind.NumberLike;
    }

    /// <summary>Says why a cell that is not a finite number was refused.</summary>
    internal string Problem(ReadOnlySpan<byte> cell, OptionWords words)
    {
        var shown = ErrorText.Quoted(cell);
        var kind = KindOf(cell, out var value);
        if (kind == CellKind.Empty)
        {
            return "the cell is empty; a number is required";
        }

        if (IsInfinite(Trim(cell)))
        {
            return $"{shown} is not finite";
        }

        if (double.IsInfinity(value))
        {
            return $"{shown} is beyond the range of a double (1.8e308)";
        }

        if (kind != CellKind.ForeignNumber)
        {
            return $"{shown} is not a number";
        }

        if (!new CellReader(!HasDecimalComma, []).TryNumber(cell, out _))
        {
            return $"{shown} has thousands separators, which are not accepted; write it without them";
        }

        var (used, other) = HasDecimalComma ? (',', '.') : ('.', ',');
        return $"{shown} is not a number where the decimal separator is '{used}'; {words.Decimal(other)} says another, "
            + "and thousands separators are not accepted";
    }

    // Reads a double of Fortran, 1.5D+03. Without a point it may be a name.
    private static bool TryFortran(ReadOnlySpan<byte> cell, out double value)
    {
        value = 0;
        var letter = cell.IndexOfAny((byte)'D', (byte)'d');
        if (letter < 0 || cell.Length > LongestKnown || !cell[..letter].Contains((byte)'.'))
        {
            return false;
        }

        Span<byte> copy = stackalloc byte[LongestKnown];
        cell.CopyTo(copy);
        copy[letter] = (byte)'E';
        return double.TryParse(copy[..cell.Length], Style, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Tells whether a cell, trimmed, says infinity as C and Python write it.</summary>
    internal static bool IsInfinite(ReadOnlySpan<byte> cell)
    {
        var unsigned = !cell.IsEmpty && cell[0] is (byte)'+' or (byte)'-' ? cell[1..] : cell;
        return Ascii.EqualsIgnoreCase(unsigned, "inf"u8) || Ascii.EqualsIgnoreCase(unsigned, "infinity"u8);
    }

    [GeneratedRegex(@"^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})|\d{1,2}[:.]\d{2}[:.]\d{2}|\d{1,2}:\d{2}|\d{8}T\d{4,6})"
        + @"([T ,]*\d{1,2}[:.]\d{2}([:.]\d{2})?)?([.,]\d+)?\s*([aApP]\.?[mM]\.?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$")]
    private static partial Regex Dates();

    // With a currency before or behind, in parentheses, or with a unit: behind a space, behind a fraction, or a sign such as that of degrees.
    [GeneratedRegex(@"^(?:\((?:\p{Sc} ?)?(?<number>[\d.,'\u2019 ]+)\)|[+-]?(?:\p{Sc}|[A-Z]{2,3} ) ?(?<number>[+-]?[\d.,'\u2019 ]+)"
        + @"|(?<number>[+-]?[\d.,'\u2019 ]*\d)(?: ?(?:\p{Sc}|[%\u2030\u00B0]\p{L}?)|[ \u00A0][\p{L}\u00B5][\p{L}\d/%\u00B2\u00B3\u00B7^*-]{0,11}))$"
        + @"|^(?<number>[+-]?\d*[.,]\d+)[\p{L}\u00B5][\p{L}/]{0,5}$|^(?<number>\d[\d.,]*) ?[-\u2212]$|^[-\u2212] (?<number>\d[\d.,]*)$")]
    private static partial Regex MarkedNumbers();

    [GeneratedRegex(@"^(?:\((?:\p{Sc} ?)?(?<number>[\d.,]+)\)|(?<number>\d[\d.,]*) ?[-\u2212]|[-\u2212] +(?<number>\d[\d.,]*))$")]
    private static partial Regex NegativeNumbers();

    [GeneratedRegex(@"^\d{1,3}([.,])\d{3}(\1\d{3})*([.,]\d+)?$")]
    private static partial Regex Grouped();

    // The second form is that of India.
    [GeneratedRegex(@"^[+-]?(\d{1,2}(,\d{2})+,\d{3}(\.\d+)?|\d{1,3}([,.'\u2019 \u00A0\u202F]\d{3})+([.,]\d+)?|\d*[.,]\d+([eE][+-]?\d+)?)$")]
    private static partial Regex ForeignNumbers();
}
