using System.Globalization;
using System.Runtime.InteropServices;

namespace Gmm.Data.Text;

/// <summary>
/// Decides from the start of a text which lines are titles, which one is the header, and what the columns hold. The rules are those of docs/input.md.
/// </summary>
internal sealed partial class LayoutFinder
{
    private const int MostTitles = 50;
    private const int MostUnits = 3;
    private const int ShownCells = 4;

    /// <summary>A year that may be the name of a column.</summary>
    private const int FirstYear = 1800;

    private const int LastYear = 2200;

    private readonly SampleRows _rows;
    private readonly TableOptions _options;
    private readonly TextDialect _dialect;
    private readonly string _place;
    private readonly string? _comment;
    private readonly bool _isWhole;
    private readonly List<TableNote> _guesses = [];

    /// <summary>The kinds of cells below each record that was asked for, by column.</summary>
    private readonly Dictionary<int, ColumnStatistics[]> _statistics = [];
    private int _width;

    private LayoutFinder(TextSource text, SampleRows rows, TextDialect dialect, string place, TableOptions options)
    {
        _options = options;
        _dialect = dialect;
        _place = place;
        _isWhole = text.IsWhole;
        _rows = rows;
        _comment = _rows.Records.Count == 0 ? null : _rows.Records[0].Comment;
        _width = _rows.Records.Skip(First).Where(record => record.Count == _rows.Width).Select(record => record.Extent).DefaultIfEmpty(1).Max();
    }

    private int First => _rows.First;

    private int Count => _rows.Records.Count;

    internal static TextLayout Find(TextSource text, SampleRows rows, TextDialect dialect, string place, TableOptions options)
    {
        var finder = new LayoutFinder(text, rows, dialect, place, options);
        if (finder.Count <= finder.First)
        {
            var content = text.Sample.AsSpan().ContainsAny((byte)'#', (byte)'%') ? "comments" : "blank lines";
            throw new TableFormatException($"{place}: the file has only {content}; rows of numbers are required");
        }

        if (text.IsGuess)
        {
            finder.Guess("the text is not UTF-8 and is read as Windows-1252", $"{options.Words.Encoding} says another");
        }

        finder.CheckDecimals();
        var layout = finder.Find();
        finder.CheckPoints(layout);
        return layout;
    }

    private TextLayout Find()
    {
        var first = First + Titles();
        var names = CommentNames(first);
        var hasRowNames = false;
        var points = first;
        if (names is null || _options.Header == TableHeader.Yes)
        {
            names = null;
            hasRowNames = HasRowNames(first);
            if (_options.Header == TableHeader.Yes || (_options.Header == TableHeader.Auto && (hasRowNames || IsHeader(first))))
            {
                names = Names(first, hasRowNames);
                points = first + 1;
                points += _options.Header == TableHeader.Auto || points < Count ? Units(points) : 0;
            }
        }

        var line = _rows.Records[Math.Min(first, Count - 1)].Line;
        if (points > first && points == Count && _isWhole)
        {
            var signs = _rows.ShapedComments > 0 ? "; what begins with '#' or '%' is taken for a comment" : "";
            throw new TableFormatException($"{_place}: the file has a header and no rows; rows of numbers are required{signs}");
        }

        var padding = Math.Max(names is null || points == first ? _rows.Width : _rows.Records[first].Count + (hasRowNames ? 1 : 0), _width) - _width;
        var roles = Enumerable.Range(0, _width).Select(column => RoleOf(Statistics(column, points))).ToArray();
        return new TextLayout(_dialect, _width, padding, points, names, line, hasRowNames, roles, _guesses);
    }

    /// <summary>Counts the lines above the table: text in other numbers of cells, or in the first cell alone, and a header below.</summary>
    private int Titles()
    {
        var last = Math.Min(Count - 1, First + MostTitles);
        for (var table = First; table <= last; table++)
        {
            if (!IsTitle(table))
            {
                // Without a header below, one long cell above many is a title, and anything else a row of another length.
                var isTable = table > First && Fits(table)
                    && (IsTexts(table) || (_width > 2 && Enumerable.Range(First, table - First).All(i => _rows.Records[i].Filled == 1)));
                if (!isTable)
                {
                    return 0;
                }

                var (from, to) = (_rows.Records[First].Line, _rows.Records[table - 1].Line);
                var lines = from == to ? Text($"line {from} is") : Text($"lines {from} to {to} are");
                _guesses.Add(new TableNote(TableNoteKind.LeftOut, $"{_place}: {lines} taken for a title and passed over"));
                return table - First;
            }
        }

        return 0;
    }

    private bool IsTitle(int record)
    {
        var row = _rows.Records[record];
        return IsTexts(record) && (!Fits(record) || (row.Filled == 1 && _width > 1)) && !HasRowNames(record);
    }

    /// <summary>Tells whether a record has no number and at least one text.</summary>
    private bool IsTexts(int record)
    {
        var hasText = false;
        foreach (var cell in _rows.Cells(record))
        {
            if (Kind(cell) is CellKind.Number or CellKind.ForeignNumber)
            {
                return false;
            }

            hasText |= Kind(cell) >= CellKind.Date;
        }

        return hasText;
    }

    private bool Fits(int record) => _rows.Records[record] is var row && row.Count >= _width && row.Extent <= _width;

    /// <summary>
    /// Tells whether a header lacks the cell of the first column, as R writes tables with the names of their rows: texts, or whole numbers that are all
    /// different.
    /// </summary>
    private bool HasRowNames(int header)
    {
        var row = _rows.Records[header];
        if (row.Extent != _width - 1 || row.Filled != row.Extent || header + 1 >= Count || !Fits(header + 1) || IsTexts(header + 1)
            || !(IsTexts(header) || IsCounting(header, 0)))
        {
            return false;
        }

        var seen = new HashSet<double>();
        var (texts, numbers, next) = (0, 0, double.NaN);
        var (isCounting, isQuoted) = (true, true);
        for (var i = header + 1; i < Count; i++)
        {
            var cell = _rows.Cells(i)[0];
            isQuoted &= cell.IsQuoted;
            if (Kind(cell) == CellKind.Number && cell.IsWhole && seen.Add(cell.Value))
            {
                numbers++;
                isCounting &= double.IsNaN(next) ? cell.Value is 0 or 1 : cell.Value == next;
                next = cell.Value + 1;
            }
            else if (Kind(cell) >= CellKind.Date)
            {
                texts++;
            }
            else
            {
                return false;
            }
        }

        // A single name above pairs of whole numbers may also be a decimal comma.
        const int Few = 3;
        return texts > 0 || isQuoted || (isCounting && (_width > 2 || numbers >= Few)) || (_width > 2 && numbers >= Few);
    }

    private string[] Names(int header, bool hasRowNames)
    {
        var texts = _rows.Texts(header);
        var extent = Math.Max(_rows.Records[header].Extent, 1);
        if (!hasRowNames && extent != _width)
        {
            // The header says the width, and the first row of another length is the error; missing names are those of empty columns at its end.
            _width = _rows.Records[header].Count >= _width && extent < _width ? _width : extent;
        }

        string[] names = hasRowNames ? ["", .. texts] : texts;
        Array.Resize(ref names, _width);
        return [.. names.Select(name => name ?? "")];
    }

    /// <summary>Reads names from the last comment above the table, such as "# x y z".</summary>
    private string[]? CommentNames(int first)
    {
        if (_comment is null || first > First || _options.Header != TableHeader.Auto || (Count > first + 1 && IsTexts(first) && !IsTexts(first + 1)))
        {
            return null;
        }

        foreach (var separator in (char[])[_dialect.Separator, ',', ';', '\t', '|', ' '])
        {
            var names = separator == ' ' ? _comment.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
                : _comment.Split(separator, StringSplitOptions.TrimEntries);
            if (names.Length != _width || (separator == '\t' && _dialect.Separator == ' '))
            {
                continue;
            }

            names = [.. names.Select((name, i) => name.Length == 0 && i == 0 ? "#" : name.Trim('"', ',', ';'))];
            if (names.Any(name => CellReaderOf().KindOf(System.Text.Encoding.UTF8.GetBytes(name), out _) >= CellKind.Date))
            {
                return names;
            }
        }

        return null;
    }

    private CellReader CellReaderOf() => new(_dialect.HasDecimalComma, []);

    /// <summary>Counts the rows of units, or of other texts about the columns, right below a header: texts above columns of numbers.</summary>
    private int Units(int record)
    {
        var rows = 0;
        while (rows < MostUnits && IsUnits(record + rows))
        {
            rows++;
        }

        if (rows == 0)
        {
            return 0;
        }

        var shown = string.Join(", ", _rows.Texts(record).Take(ShownCells).Select(ErrorText.Short)) + (_width > ShownCells ? ", ..." : "");
        var (from, to) = (_rows.Records[record].Line, _rows.Records[record + rows - 1].Line);
        var lines = rows == 1 ? Text($"line {from} ({shown}) is") : Text($"lines {from} to {to} ({shown}; ...) are");
        _guesses.Add(new TableNote(TableNoteKind.LeftOut, $"{_place}: {lines} taken for units and passed over"));
        return rows;
    }

    private bool IsUnits(int record)
    {
        if (record + 1 >= Count || !IsTexts(record) || !Fits(record))
        {
            return false;
        }

        var (units, texts, unit) = (0, 0, -1);
        var cells = _rows.Cells(record);
        for (var i = 0; i < Math.Min(cells.Length, _width); i++)
        {
            var isUnit = Kind(cells[i]) >= CellKind.Truth && RoleOf(Statistics(i, record + 1)) == ColumnRole.Numbers;
            units += isUnit ? 1 : 0;
            texts += Kind(cells[i]) is CellKind.Empty or CellKind.Missing ? 0 : 1;
            unit = isUnit ? i : unit;
        }

        // A single one with nothing beside it, as of one column that has a unit.
        return units >= 2 || (units == 1 && texts == 1 && _width > 1 && IsUnit(_rows.Texts(record)[unit]));
    }

    private static bool IsUnit(string text)
    {
        const int Longest = 10;
        return text.Length is > 0 and <= Longest && !text.Any(char.IsDigit);
    }

    private CellKind Kind(SampleCell cell) => _dialect.HasDecimalComma ? cell.CommaKind : cell.Kind;

    private static ColumnRole RoleOf(ColumnStatistics column)
    {
        var texts = column.Texts + column.Dates + column.Truths;
        return column.Numbers + column.Foreign + texts == 0 ? ColumnRole.Nothing
            : column.Numbers + column.Foreign >= texts ? ColumnRole.Numbers
            : column.Dates >= Math.Max(column.Texts, column.Truths) ? ColumnRole.Dates
            : column.Truths > column.Texts ? ColumnRole.Truths : ColumnRole.Text;
    }

    private ColumnStatistics Statistics(int column, int from)
    {
        if (!_statistics.TryGetValue(from, out var known))
        {
            known = new ColumnStatistics[_width];
            Array.Fill(known, new ColumnStatistics());
            for (var i = from; i < Count; i++)
            {
                var cells = _rows.Cells(i);
                for (var j = 0; j < Math.Min(cells.Length, known.Length); j++)
                {
                    known[j].Add(Kind(cells[j]), cells[j]);
                }
            }

            _statistics[from] = known;
        }

        return column < known.Length ? known[column] : new ColumnStatistics();
    }

    private void Guess(string assumed, string otherwise) =>
        _guesses.Add(new TableNote(TableNoteKind.Guess, $"{_place}: {assumed}; {otherwise}"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Counts the cells of a column by kind.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct ColumnStatistics()
    {
        internal short Numbers;
        internal short Foreign;
        internal short Texts;
        internal short Dates;
        internal short Truths;
        internal short Whole;
        internal double Least = double.PositiveInfinity;
        internal double Largest = double.NegativeInfinity;

        internal void Add(CellKind kind, SampleCell cell)
        {
            switch (kind)
            {
                case CellKind.Number:
                    Numbers++;
                    Whole += cell.IsWhole ? (short)1 : (short)0;
                    Least = Math.Min(Least, cell.Value);
                    Largest = Math.Max(Largest, cell.Value);
                    break;
                case CellKind.ForeignNumber: Foreign++; break;
                case CellKind.Date: Dates++; break;
                case CellKind.Truth: Truths++; break;
                case CellKind.Text or CellKind.NumberLike: Texts++; break;
            }
        }
    }
}
