using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace Gmm.Data.Text;

/// <summary>
/// Reads the records of a UTF-8 text that are worth looking at, and the place of each cell. Blank lines, and comments where a text may have them, are
/// passed over; broken quoting and NUL bytes end the reading, in whatever column they stand, because what follows them cannot be trusted.
/// </summary>
internal sealed class CsvRows : IDisposable
{
    private const int BufferSize = 1 << 18;

    /// <summary>An open quote would otherwise swallow the rest of the file into memory; a million columns still fit.</summary>
    private const int MaxRecordSize = 1 << 24;

    private const byte FirstComment = (byte)'#';
    private const byte SecondComment = (byte)'%';

    private static readonly CellReader s_numbers = new(false, []);

    private readonly string _name;
    private readonly char _separator;
    private readonly bool _isTable;
    private readonly long? _size;
    private readonly NulGuard _source;
    private CsvMalformedRecord? _malformed;
    private bool _hasStray;
    private long _searched = -1;
    private long _records;
    private int _cells;
    private bool _beginsWithNumber;
    private long _lastLine;
    private bool _hasLineBreaks;

    /// <summary>Begins to read.</summary>
    /// <param name="stream">The text, without a byte order mark; it stays open.</param>
    /// <param name="name">The file in messages.</param>
    /// <param name="separator">Between the cells; a space stands for runs of spaces and tabs.</param>
    /// <param name="isTable">Whether comments, lines that begin with '#' or '%', and records without any value are passed over.</param>
    /// <param name="size">The bytes of the whole text, where that is known.</param>
    /// <param name="hasQuotes">Whether cells may be quoted, so that spaces before a quote are looked for; without, reading is faster.</param>
    internal CsvRows(Stream stream, string name, char separator, bool isTable = false, long? size = null, bool hasQuotes = true)
    {
        _name = name;
        _separator = separator == ' ' ? '\t' : separator;
        _isTable = isTable;
        _size = size ?? (stream.CanSeek ? stream.Length - stream.Position : null);
        _source = new NulGuard(separator == ' ' ? new SpacesStream(stream) : stream);
        var options = new CsvReaderOptions
        {
            Separator = _separator,
            HasHeader = false,
            TrackLineNumbers = true,
            TrimWhitespace = hasQuotes,
            MaxRecordSize = MaxRecordSize,
            BufferSize = BufferSize,
            OnMalformedRecord = record =>
            {
                // An inch mark in a text harms nothing; in a column of numbers the cell is an error.
                _hasStray |= record.Reason == CsvMalformedReason.StrayQuote;
                _malformed ??= record.Reason == CsvMalformedReason.StrayQuote ? null : record;
            },
        };
        Reader = CsvReader.Create(_source, options, leaveOpen: true);
    }

    internal const string StrayQuote = "a quote stands inside an unquoted cell; quote the whole cell and double the quotes inside";

    internal CsvReader Reader { get; }

    /// <summary>The last comment before the current record, without its sign; null where there was none.</summary>
    internal string? Comment { get; private set; }

    /// <summary>The number of records so far that had separators and nothing between them.</summary>
    internal long BareRecords { get; private set; }

    /// <summary>How many of them stand right before the current record.</summary>
    internal int BareBefore { get; private set; }

    /// <summary>The number of comments so far with as many cells as the rows.</summary>
    internal long ShapedComments { get; private set; }

    /// <summary>The line of the first of them.</summary>
    internal long FirstShapedComment { get; private set; }

    /// <summary>The number of blank lines so far between records of one cell.</summary>
    internal long BlankLines { get; private set; }

    /// <summary>Whether NUL bytes and broken quoting are passed over; what reads to the end will meet them again.</summary>
    internal bool IsLenient { get; init; }

    /// <summary>The file and the physical line of the current record's start.</summary>
    internal string Place => PlaceOf(Line);

    internal long Line => Reader.LineNumber;

    /// <summary>Estimates how many records like those so far the whole input holds, or 0 when its size is not known.</summary>
    internal long ExpectedRecords(long soFar) =>
        _size is { } size && Reader.ByteOffset > 0 ? (long)(soFar * 1.01 * size / Reader.ByteOffset) : 0;

    internal bool Next()
    {
        BareBefore = 0;
        while (true)
        {
            bool read;
            try
            {
                read = Reader.Read();
            }
            catch (CsvFormatException e)
            {
                throw new TableFormatException($"{PlaceOf(e.LineNumber)}: row is longer than {MaxRecordSize >> 20} MiB; a quote may be left open", e);
            }

            if (!read)
            {
                return false;
            }

            var record = Reader.RawRecord;
            if (Reader.FieldCount == 1 && IsBlank(record))
            {
                continue;
            }

            if (_isTable && IsComment(record) && !IsRow())
            {
                PassComment();
                continue;
            }

            CheckNul();
            if (_malformed is { } malformed && !IsLenient)
            {
                throw CellError(ColumnAt(malformed.ByteOffset), null, Describe(malformed.Reason));
            }

            if (_hasStray && !IsLenient)
            {
                CheckStray();
            }

            if (_isTable && Reader.FieldCount > 1 && IsBare(record))
            {
                BareRecords++;
                BareBefore++;
                continue;
            }

            // A table of one column has its gaps so; in others a blank line parts nothing.
            const int FirstPoints = 2;
            BlankLines += _records >= FirstPoints && _cells == 1 && Reader.FieldCount == 1 ? Math.Max(0, Line - _lastLine - 1) : 0;
            _lastLine = Line;
            _records++;
            _cells = Reader.FieldCount;
            if (_records <= FirstPoints + 1)
            {
                _beginsWithNumber = s_numbers.TryNumber(Reader.GetSpan(0), out _);
            }

            return true;
        }
    }

    /// <summary>Tells whether a cell of this record holds a quote and does not begin with one.</summary>
    internal bool HasStrayQuote(int column) => CellReader.Trim(Reader.GetRawSpan(column)) is [not (byte)'"', .. var rest] && rest.Contains((byte)'"');

    /// <summary>Tells whether a cell of this record may hold a comma, which the number parser would skip as a thousands separator.</summary>
    internal bool MayHoldComma() => Reader.RawRecord.Contains((byte)(_separator == ',' ? '"' : ','));

    /// <summary>Gives the cells without the spaces around them: "a, b" names b.</summary>
    internal string[] Texts()
    {
        if (!Utf8.IsValid(Reader.RawRecord))
        {
            throw new TableFormatException($"{Place}: row is not UTF-8 text; UTF-8 is required");
        }

        var texts = new string[Reader.FieldCount];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = Encoding.UTF8.GetString(Reader.GetSpan(i)).Trim();
        }

        return texts;
    }

    /// <summary>Makes the error for a cell of the current record that is not a finite number.</summary>
    internal TableFormatException CellError(int column, IReadOnlyList<string>? header, string problem) =>
        new($"{CellPlace(column, header)}: {problem}");

    /// <summary>Gives the file, line and column of a cell of the current record.</summary>
    internal string CellPlace(int column, IReadOnlyList<string>? header) => CellPlace(CellLine(column), column, header);

    /// <summary>Gives the file, line and column of a cell.</summary>
    internal string CellPlace(long line, int column, IReadOnlyList<string>? header) => $"{PlaceOf(line)}: {RowWeights.Column(column, header)}";

    /// <summary>Gives the line of a cell of the current record. A record is searched once, however many of its cells are asked for.</summary>
    internal long CellLine(int column)
    {
        if (_searched != Reader.ByteOffset)
        {
            _searched = Reader.ByteOffset;
            _hasLineBreaks = Reader.RawRecord.TrimEnd("\r\n"u8).ContainsAny((byte)'\r', (byte)'\n');
        }

        return Reader.LineNumber + (_hasLineBreaks ? LineBreaks(Reader.RawRecord[..StartOf(column)]) : 0);
    }

    public void Dispose() => Reader.Dispose();

    private static bool IsBlank(ReadOnlySpan<byte> line) => !line.ContainsAnyExcept((byte)' ', (byte)'\t');

    private static string Describe(CsvMalformedReason reason) => reason switch
    {
        CsvMalformedReason.UnterminatedQuote => "a quote is opened and never closed",
        CsvMalformedReason.TextAfterClosingQuote => "text follows a closing quote; quotes inside a cell must be doubled",
        _ => StrayQuote,
    };

    private bool IsBare(ReadOnlySpan<byte> record) =>
        !record.ContainsAnyExcept((byte)_separator, (byte)' ', (byte)'\t');

    /// <summary>Recognizes a comment. Spreadsheets write the errors of their formulas, and #N/A, with the same sign.</summary>
    private static bool IsComment(ReadOnlySpan<byte> record)
    {
        if (record is [(byte)' ' or (byte)'\t', ..])
        {
            record = record.TrimStart(" \t"u8);
        }

        return record is [SecondComment, ..] || (record is [FirstComment, ..] && !IsFormulaError(record[1..]));
    }

    /// <summary>Recognizes "N/A" and its translations, and capitals before '!' or '?', in whatever language.</summary>
    private static bool IsFormulaError(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("N/"u8) || text.StartsWith("NA"u8) || text.StartsWith("NV"u8))
        {
            return true;
        }

        var end = text.IndexOfAny("!?"u8);
        return end > 0 && !text[..end].ContainsAny(" \t,;|\""u8) && !text[..end].ContainsAnyInRange((byte)'a', (byte)'z');
    }

    /// <summary>
    /// Tells whether a line that begins like a comment is a row: below the first record, with as many cells as the one before, and the sign is part of a
    /// text, such as a color. A space behind the sign, or a number below rows that begin with one, make it a comment; such ones are counted.
    /// </summary>
    private bool IsRow()
    {
        if (_records == 0 || Reader.FieldCount != _cells || _cells == 1)
        {
            return false;
        }

        var cell = CellReader.Trim(Reader.GetSpan(0));
        var text = cell.TrimStart("#%"u8);
        var isComment = cell is not [FirstComment or SecondComment, ..] || text is [(byte)' ' or (byte)'\t', ..]
            || ((_beginsWithNumber || _records == 1) && s_numbers.TryNumber(text, out _));
        if (isComment)
        {
            FirstShapedComment = ShapedComments++ == 0 ? Line : FirstShapedComment;
        }

        return !isComment;
    }

    private void PassComment()
    {
        var record = Reader.RawRecord;
        if (record.ContainsAny((byte)'\n', (byte)'\r') && !IsLenient)
        {
            throw new TableFormatException($"{Place}: the comment opens a quote that is closed on another line; take the quote out");
        }

        const int LongestComment = 1 << 20;
        (_malformed, _hasStray) = (null, false);
        _lastLine++;
        Comment = record.Length > LongestComment ? null : Encoding.UTF8.GetString(record).Trim().TrimStart('#', '%');
    }

    /// <summary>
    /// Looks at all cells of a record in which the first broken quote is harmless, since the parser tells of one alone. A quote between digits is no inch
    /// mark, but a damaged number.
    /// </summary>
    private void CheckStray()
    {
        _hasStray = false;
        for (var i = 0; i < Reader.FieldCount; i++)
        {
            var cell = CellReader.Trim(Reader.GetRawSpan(i));
            if (HasStrayQuote(i) && char.IsAsciiDigit((char)cell[^1]) && !cell.ContainsAnyExcept("0123456789.,+-\""u8))
            {
                throw CellError(i, null, StrayQuote);
            }

            if (cell is [(byte)'"', ..] && Broken(cell[1..]) is { } reason)
            {
                throw CellError(i, null, Describe(reason));
            }
        }
    }

    private static CsvMalformedReason? Broken(ReadOnlySpan<byte> behindQuote)
    {
        while (behindQuote.IndexOf((byte)'"') is >= 0 and var quote)
        {
            behindQuote = behindQuote[(quote + 1)..];
            if (behindQuote is not [(byte)'"', ..])
            {
                return behindQuote.IsEmpty ? null : CsvMalformedReason.TextAfterClosingQuote;
            }

            behindQuote = behindQuote[1..];
        }

        return CsvMalformedReason.UnterminatedQuote;
    }

    private void CheckNul()
    {
        if (Reader.ByteOffset + Reader.RawRecord.Length > _source.FirstNul && !IsLenient)
        {
            var column = ColumnAt(_source.FirstNul);
            throw CellError(column, null, $"{ErrorText.Quoted(Reader.GetSpan(column))} holds a NUL byte; UTF-8 text is required");
        }
    }

    private string PlaceOf(long line) => string.Create(CultureInfo.InvariantCulture, $"{_name}:{line}");

    private int StartOf(int column)
    {
        var start = 0;
        for (var i = 0; i < column; i++)
        {
            start += Reader.GetRawSpan(i).Length + 1;
        }

        return start;
    }

    private int ColumnAt(long byteOffset)
    {
        var end = Reader.ByteOffset;
        for (var i = 0; i < Reader.FieldCount; i++)
        {
            end += Reader.GetRawSpan(i).Length + 1;
            if (byteOffset < end)
            {
                return i;
            }
        }

        return Reader.FieldCount - 1;
    }

    private static int LineBreaks(ReadOnlySpan<byte> text) =>
        text.Count((byte)'\r') + text.Count((byte)'\n') - text.Count("\r\n"u8);
}
