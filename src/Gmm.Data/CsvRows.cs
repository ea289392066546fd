using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace Gmm.Data;

/// <summary>
/// Reads the records of a CSV stream that are worth looking at, and the place of each cell. Blank lines are passed over; broken quoting and NUL bytes
/// end the reading, in whatever column they stand, because what follows them cannot be trusted.
/// </summary>
internal sealed class CsvRows : IDisposable
{
    private const int BufferSize = 1 << 18;

    /// <summary>An open quote would otherwise swallow the rest of the file into memory; a million columns still fit.</summary>
    private const int MaxRecordSize = 1 << 24;

    private readonly string _name;
    private readonly char _separator;
    private readonly Utf8Source _source;
    private CsvMalformedRecord? _malformed;

    internal CsvRows(Stream stream, string name, char separator)
    {
        _name = name;
        _separator = separator;
        _source = new Utf8Source(stream, name);
        var options = new CsvReaderOptions
        {
            Separator = separator,
            HasHeader = false,
            TrackLineNumbers = true,
            MaxRecordSize = MaxRecordSize,
            BufferSize = BufferSize,
            OnMalformedRecord = record => _malformed ??= record,
        };
        Reader = CsvReader.Create(_source, options, leaveOpen: true);
    }

    internal CsvReader Reader { get; }

    internal bool IsEmptyFile => _source.IsEmpty;

    /// <summary>The file and the physical line of the current record's start.</summary>
    internal string Place => PlaceOf(Reader.LineNumber);

    /// <summary>Estimates how many records like those so far the whole input holds, or 0 when its size is not known.</summary>
    internal long ExpectedRecords(long soFar) =>
        _source.BytesLeft is { } size && Reader.ByteOffset > 0 ? (long)(soFar * 1.01 * size / Reader.ByteOffset) : 0;

    internal bool Next()
    {
        bool read;
        do
        {
            try
            {
                read = Reader.Read();
            }
            catch (CsvFormatException e)
            {
                throw new TableFormatException($"{PlaceOf(e.LineNumber)}: row is longer than {MaxRecordSize >> 20} MiB; a quote may be left open", e);
            }
        }
        while (read && Reader.FieldCount == 1 && IsBlank(Reader.RawRecord));

        if (read && Reader.ByteOffset + Reader.RawRecord.Length > _source.FirstNul)
        {
            var column = ColumnAt(_source.FirstNul);
            throw CellError(column, null, $"{ErrorText.Quoted(Reader.GetSpan(column))} holds a NUL byte; UTF-8 text is required");
        }

        if (read && _malformed is { } malformed)
        {
            throw CellError(ColumnAt(malformed.ByteOffset), null, Describe(malformed.Reason));
        }

        return read;
    }

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
    internal TableFormatException CellError(int column, IReadOnlyList<string>? header) =>
        CellError(column, header, CsvCell.Problem(Reader.GetSpan(column), _separator));

    /// <summary>Makes the error for a cell of the current record that is a number and no weight.</summary>
    internal TableFormatException WeightError(int column, IReadOnlyList<string>? header) =>
        CellError(column, header, RowWeights.Problem(ErrorText.Quoted(Reader.GetSpan(column))));

    public void Dispose() => Reader.Dispose();

    private static bool IsBlank(ReadOnlySpan<byte> line) => !line.ContainsAnyExcept((byte)' ', (byte)'\t');

    private static string Describe(CsvMalformedReason reason) => reason switch
    {
        CsvMalformedReason.UnterminatedQuote => "a quote is opened and never closed",
        CsvMalformedReason.TextAfterClosingQuote => "text follows a closing quote; quotes inside a cell must be doubled",
        _ => "a quote stands inside an unquoted cell; quote the whole cell and double the quotes inside",
    };

    private TableFormatException CellError(int column, IReadOnlyList<string>? header, string problem)
    {
        var line = Reader.LineNumber + LineBreaks(Reader.RawRecord[..StartOf(column)]);
        return new TableFormatException($"{PlaceOf(line)}: {RowWeights.Column(column, header)}: {problem}");
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
