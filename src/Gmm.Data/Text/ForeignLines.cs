using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gmm.Data.Text;

/// <summary>
/// Recognizes texts whose lines hold more than cells: statements of SQL, lists in brackets, tables with borders. Read as cells, their first and last
/// columns would be text, and be left out.
/// </summary>
internal static partial class ForeignLines
{
    private const int MostLines = 2000;
    private const int MostBytes = 1 << 16;
    private const int LongestLine = 4096;

    /// <summary>So many lines decide about brackets, and so many about borders.</summary>
    private const int Lists = 20;

    private const int Borders = 5;

    /// <summary>Refuses such a text.</summary>
    /// <param name="sample">Its start.</param>
    /// <param name="place">The start of an error message.</param>
    /// <exception cref="TableFormatException">It is one.</exception>
    internal static void Check(ReadOnlySpan<byte> sample, string place)
    {
        var rest = sample[..Math.Min(sample.Length, MostBytes)];
        var (lines, lists) = (0, 0);
        string? firstList = null;
        for (var number = 1; number <= MostLines && !rest.IsEmpty; number++)
        {
            var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
            var raw = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(rest[end..].StartsWith("\r\n"u8) ? end + 2 : end + 1)..];
            var isCut = raw.Length > LongestLine || (end < 0 && sample.Length > MostBytes);
            var line = Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, LongestLine)]).Trim(' ', '\t', '\uFEFF');
            if (line.Length == 0 || line[0] is '#' or '%' || line.StartsWith("--", StringComparison.Ordinal) && !Border().IsMatch(line))
            {
                continue;
            }

            lines++;
            if (Statement().IsMatch(line) && (isCut || StatementEnd().IsMatch(line)))
            {
                throw new TableFormatException($"{Line(place, number)}: the file is an SQL dump; sqlite3 -csv, mysql --batch or psql --csv prints a table for a .csv file");
            }

            if (lines <= Borders && Border().IsMatch(line))
            {
                throw new TableFormatException($"{Line(place, number)}: {ErrorText.Quoted(line)} is the border of a table as consoles show it; psql --csv, mysql --batch or "
                    + "sqlite3 -csv prints one without, or take such lines out");
            }

            if (lines <= Lists && IsList(line))
            {
                lists++;
                firstList ??= $"{Line(place, number)}: {ErrorText.Quoted(line)}";
            }
        }

        if (lists > 0 && 2 * lists >= Math.Min(lines, Lists))
        {
            throw new TableFormatException($"{firstList} is a list in brackets, as code and programs print it, and lines of cells alone are required; tr -d '()[]{{}}' "
                + "takes brackets out");
        }
    }

    /// <summary>
    /// Tells whether a line is one or several lists in brackets, of several cells that begin with a number, a text in quotes or NULL. An amount in
    /// parentheses, with thousands separators or without, is none.
    /// </summary>
    private static bool IsList(string line)
    {
        if (ListBegin().IsMatch(line) && !line.Contains(')'))
        {
            return true;
        }

        if (!ListLine().IsMatch(line))
        {
            return false;
        }

        var inner = ListInner().Match(line).Groups[1].Value.Trim();
        if (Thousands().IsMatch(inner))
        {
            return false;
        }

        var cells = inner.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (cells.Length > 1)
        {
            return CellBegin().IsMatch(cells[0]);
        }

        cells = inner.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return cells.Length > 1 && cells.All(cell => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
    }

    private static string Line(string place, int number) => TextLayout.At(place, number);

    [GeneratedRegex(@"^(INSERT\s+(INTO|IGNORE|OR)\s|CREATE\s+TABLE\s|COPY\s+\S+.*\sFROM\s+stdin)", RegexOptions.IgnoreCase)]
    private static partial Regex Statement();

    [GeneratedRegex(@"([;,()]|\sVALUES)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex StatementEnd();

    // Of pluses and dashes, as psql, mysql and org-mode draw them, and of the lines of boxes.
    [GeneratedRegex(@"^(\+[-=]+(\+[-=]+)*\+|\|[-=]+(\+[-=]+)+\||[-=]+(\+[-=]+)+|[\u2500-\u257F]{3,})$")]
    private static partial Regex Border();

    // x <- c(1, 2), POINT Z (1 2 3), (1, 2), (3, 4);
    [GeneratedRegex(@"^(?:[A-Za-z_][\w.]* ?(?:<-|=) ?)?(?:[A-Za-z_][\w.]*(?: Z| M| ZM)? ?)?(?:(?:\([^()\[\]{}]*\)|\[[^()\[\]{}]*\]|\{[^()\[\]{}]*\})[,; \t]*)+$")]
    private static partial Regex ListLine();

    [GeneratedRegex(@"[(\[{]([^()\[\]{}]*)[)\]}]")]
    private static partial Regex ListInner();

    // A vector of R over several lines.
    [GeneratedRegex(@"^(?:[A-Za-z_][\w.]* ?(?:<-|=) ?)?c\( ?[-+.\d""'][^()]*,$")]
    private static partial Regex ListBegin();

    [GeneratedRegex(@"^(?:[-+]?\.?\d|[""']|NULL\b|nan\b)", RegexOptions.IgnoreCase)]
    private static partial Regex CellBegin();

    [GeneratedRegex(@"^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$")]
    private static partial Regex Thousands();
}
