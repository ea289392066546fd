using System.Runtime.InteropServices;
using System.Text;

namespace Gmm.Data.Text;

/// <summary>Holds what is known of a cell of a sample.</summary>
/// <param name="Kind">What it is where the decimal separator is '.'.</param>
/// <param name="CommaKind">What it is where the decimal separator is ','.</param>
/// <param name="IsQuoted">Whether it stands between quotes.</param>
/// <param name="IsWhole">Whether it is written as a whole number.</param>
/// <param name="IsGroupLike">Whether it may be a whole number with a thousands separator as well as one with a decimal separator.</param>
/// <param name="HidesSeparator">Whether it is text, not in quotes, that holds a character that separates cells elsewhere.</param>
/// <param name="Value">The number, NaN for none.</param>
internal readonly record struct SampleCell(CellKind Kind, CellKind CommaKind, bool IsQuoted, bool IsWhole, bool IsGroupLike, bool HidesSeparator, double Value);

/// <summary>Holds a record of a sample.</summary>
/// <param name="Line">The line it begins at.</param>
/// <param name="First">Its first cell in the list of all.</param>
/// <param name="Count">The number of its cells.</param>
/// <param name="Extent">The number of its cells without the empty ones at its end.</param>
/// <param name="Filled">The number of its cells that are not empty.</param>
/// <param name="Comment">The comment before it, where it is the first record.</param>
internal readonly record struct SampleRecord(long Line, int First, int Count, int Extent, int Filled, string? Comment);

/// <summary>Splits the start of a text into cells at one separator.</summary>
internal sealed class SampleRows
{
    private const int MostRecords = 1000;
    private const int MostCells = 200_000;

    /// <summary>Of wide tables too, so many rows are looked at as far as the sample goes.</summary>
    private const int FewestRecords = 4;

    private static ReadOnlySpan<byte> Hint => "sep="u8;

    private static readonly CellReader s_comma = new(hasDecimalComma: true, []);

    private readonly List<SampleCell> _cells = [];
    private readonly List<SampleRecord> _records = [];
    private readonly TextSource _text;
    private readonly string _place;

    internal SampleRows(TextSource text, string place, char separator, TableOptions options)
    {
        _text = text;
        _place = place;
        Separator = separator;
        var (point, comma) = (new CellReader(false, options.MissingMarkers), new CellReader(true, options.MissingMarkers));
        using var rows = Open();
        while (_records.Count < MostRecords && (_cells.Count < MostCells || _records.Count <= FewestRecords) && rows.Next())
        {
            Add(rows, point, comma);
        }

        // Of a text that goes on, the last record may be a part of one.
        if (!text.IsWhole && _records.Count > 1 && !rows.Next())
        {
            _cells.RemoveRange(_records[^1].First, _records[^1].Count);
            _records.RemoveAt(_records.Count - 1);
        }

        ShapedComments = rows.ShapedComments;
        Width = _records.Count == 0 ? 0 : _records.Skip(First < _records.Count ? First : 0).GroupBy(record => record.Count).MaxBy(group => group.Count())!.Key;
    }

    internal char Separator { get; }

    /// <summary>The number of comments with as many cells as the rows.</summary>
    internal long ShapedComments { get; }

    internal IReadOnlyList<SampleRecord> Records => _records;

    /// <summary>The first record of the table: 1 below the line "sep=;" by which a spreadsheet says the separator, which is a record to the parser.</summary>
    internal int First { get; private set; }

    /// <summary>The number of cells that most records have; of several such numbers the one that comes first.</summary>
    internal int Width { get; }

    internal ReadOnlySpan<SampleCell> Cells(int record) =>
        CollectionsMarshal.AsSpan(_cells).Slice(_records[record].First, _records[record].Count);

    /// <summary>Gives the texts of a record.</summary>
    internal string[] Texts(int record)
    {
        using var rows = Open();
        for (var i = 0; i <= record; i++)
        {
            rows.Next();
        }

        return rows.Texts();
    }

    /// <summary>Tells whether a text of a record stands again in its column below.</summary>
    internal bool RepeatsBelow(int record, int column)
    {
        using var rows = Open();
        string? text = null;
        for (var i = 0; i < _records.Count && rows.Next(); i++)
        {
            if (i < record || column >= rows.Reader.FieldCount)
            {
                continue;
            }

            if (text is null)
            {
                text = Encoding.UTF8.GetString(CellReader.Trim(rows.Reader.GetSpan(column)));
            }
            else if (Encoding.UTF8.GetString(CellReader.Trim(rows.Reader.GetSpan(column))) == text)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Recognizes "1,234" and "1.234": after one to three digits, the first not 0, groups of exactly three.</summary>
    private static bool IsGroupLike(ReadOnlySpan<byte> text)
    {
        text = text is [(byte)'+' or (byte)'-', ..] ? text[1..] : text;
        var comma = text.IndexOfAny((byte)',', (byte)'.');
        return comma is >= 1 and <= 3 && text[0] != (byte)'0' && text.Length == comma + 4 && !text[(comma + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>Tells whether a text holds a separator: in a sentence a space follows a comma, and in an amount of money a number has one.</summary>
    private static bool Hides(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAny(";|"u8))
        {
            return true;
        }

        for (var rest = text; rest.IndexOf((byte)',') is >= 0 and var comma; rest = rest[(comma + 1)..])
        {
            if (rest[(comma + 1)..] is not [(byte)' ', _, ..])
            {
                return !s_comma.IsMarkedNumber(text);
            }
        }

        return false;
    }

    private CsvRows Open() => new(new MemoryStream(_text.Sample, writable: false), _place, Separator, isTable: true, hasQuotes: _text.HasQuotes) { IsLenient = true };

    private void Add(CsvRows rows, CellReader point, CellReader comma)
    {
        var reader = rows.Reader;
        var (first, extent, filled) = (_cells.Count, 0, 0);
        if (_records.Count == 0 && rows.Line == 1 && Ascii.EqualsIgnoreCase(reader.GetSpan(0)[..Math.Min(Hint.Length, reader.GetSpan(0).Length)], Hint))
        {
            First = 1;
        }

        _cells.EnsureCapacity(_cells.Count + reader.FieldCount);
        for (var i = 0; i < reader.FieldCount; i++)
        {
            var text = reader.GetSpan(i);
            var kind = point.KindOf(text, out var value);
            var commaKind = kind;
            if (text.Contains((byte)','))
            {
                commaKind = comma.KindOf(text, out var other);
                value = commaKind == CellKind.Number ? other : value;
            }
            else if (kind == CellKind.Number && text.Contains((byte)'.'))
            {
                commaKind = CellKind.ForeignNumber;
            }

            var isQuoted = CellReader.Trim(reader.GetRawSpan(i)) is [(byte)'"', ..];
            var hides = kind >= CellKind.NumberLike && commaKind >= CellKind.NumberLike && !isQuoted && Hides(text);
            _cells.Add(new SampleCell(kind, commaKind, isQuoted, !text.ContainsAny(".,eE"u8), IsGroupLike(CellReader.Trim(text)), hides, value));
            if (kind != CellKind.Empty)
            {
                extent = i + 1;
                filled++;
            }
        }

        _records.Add(new SampleRecord(rows.Line, first, reader.FieldCount, extent, filled, _records.Count == 0 ? rows.Comment : null));
    }
}
