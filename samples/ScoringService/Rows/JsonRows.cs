using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using ScoringService.Problems;

namespace ScoringService.Rows;

/// <summary>
/// Reads {"columns": ["a", "b"], "rows": [[1, 2], [3, 4]]} token by token while it arrives. The names are optional and stand before the rows; they
/// may have any order.
/// </summary>
internal sealed class JsonRows(RowShape shape) : IDisposable
{
    // Objects and arrays of a body are three deep; what is deeper gets an error that names its row.
    private const int MaxDepth = 8;

    // A token is read anew with each piece that arrives until it is complete, so its length is bounded. No number or name is so long.
    private const int LongestToken = 64 << 10;

    // [D] names of the columns in the order of the request, and the column of the model that each is; null for the model's own order.
    private string[]? _names;
    private int[]? _targets;
    private RowBatch? _rows = new(shape.Dimension);
    private Place _place = Place.Start;
    private bool _hasRows;
    private int _column;

    private enum Place
    {
        Start,
        Member,
        BeforeColumns,
        Columns,
        BeforeRows,
        Rows,
        Row,
        End,
    }

    /// <summary>Reads a body to its end. The caller disposes of the rows.</summary>
    /// <param name="body">The body.</param>
    /// <param name="shape">What rows have to look like.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ProblemException">The body is not such a document; the problem names the place.</exception>
    /// <exception cref="OperationCanceledException">The reading was ended, also by <see cref="PipeReader.CancelPendingRead"/>.</exception>
    public static async ValueTask<RowBatch> ReadAsync(PipeReader body, RowShape shape, CancellationToken cancellation)
    {
        using var rows = new JsonRows(shape);
        var state = new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth });
        while (true)
        {
            // Of a body that is refused, the rest is passed over: the server reads to its end before the next request.
            var read = await body.ReadAsync(cancellation);
            var passed = read.Buffer.End;
            try
            {
                passed = rows.Take(read.Buffer, read.IsCompleted, ref state);
            }
            finally
            {
                body.AdvanceTo(passed, read.Buffer.End);
            }
            if (read.IsCanceled) throw new OperationCanceledException();
            if (read.IsCompleted) return rows.Complete();
        }
    }

    public void Dispose() => _rows?.Dispose();

    // Reads what has arrived; gives the place of the first token that is not complete.
    private SequencePosition Take(ReadOnlySequence<byte> text, bool isFinal, ref JsonReaderState state)
    {
        var json = new Utf8JsonReader(text, isFinal, state);
        try
        {
            while (json.Read()) Take(ref json);
        }
        catch (JsonException e)
        {
            throw NotJson(e);
        }
        if (text.Length - json.BytesConsumed > LongestToken) throw Bad("bad-json", $"a word or number is longer than {LongestToken >> 10} KiB");
        state = json.CurrentState;
        return json.Position;
    }

    private void Take(ref Utf8JsonReader json)
    {
        switch (_place)
        {
            case Place.Start:
                if (json.TokenType != JsonTokenType.StartObject) throw Bad("bad-json", $"the body is {Kind(ref json)}; {{\"rows\": [[...], ...]}} is required");
                _place = Place.Member;
                break;
            case Place.Member:
                _place = json.TokenType == JsonTokenType.EndObject ? Place.End : Member(ref json);
                break;
            case Place.BeforeColumns:
                if (json.TokenType != JsonTokenType.StartArray) throw Bad("bad-columns", $"\"columns\" is {Kind(ref json)}; an array of names is required");
                (_place, _column, _names, _targets) = (Place.Columns, 0, new string[shape.Dimension], new int[shape.Dimension]);
                break;
            case Place.Columns:
                if (json.TokenType == JsonTokenType.EndArray) EndColumns();
                else Name(ref json);
                break;
            case Place.BeforeRows:
                if (json.TokenType != JsonTokenType.StartArray) throw Bad("bad-json", $"\"rows\" is {Kind(ref json)}; an array of arrays is required");
                _place = Place.Rows;
                break;
            case Place.Rows:
                if (json.TokenType == JsonTokenType.EndArray) _place = Place.Member;
                else BeginRow(ref json);
                break;
            case Place.Row:
                if (json.TokenType == JsonTokenType.EndArray) EndRow();
                else Value(ref json);
                break;
            default:
                throw new UnreachableException($"a token after the end, at {_place}");
        }
    }

    private Place Member(ref Utf8JsonReader json)
    {
        var name = Text(ref json);
        if (name == "rows")
        {
            if (_hasRows) throw Bad("bad-json", "\"rows\" stands twice; once is required");
            _hasRows = true;
            return Place.BeforeRows;
        }
        if (name == "columns")
        {
            if (_hasRows) throw Bad("bad-columns", "\"columns\" stands after \"rows\"; the names are required before");
            if (_names is not null) throw Bad("bad-columns", "\"columns\" stands twice; once is required");
            return Place.BeforeColumns;
        }
        throw Bad("bad-json", $"\"{Shown.Of(name)}\" is not known; \"rows\" is required, and \"columns\" is possible");
    }

    private void Name(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String) throw Bad("bad-columns", $"columns[{_column}] is {Kind(ref json)}; a name is required");
        if (shape.Names is not { } names) throw Bad("bad-columns", "the model has no names of columns; leave out \"columns\"");
        var name = Text(ref json);
        var target = names.ToList().IndexOf(name);
        if (target < 0 || _names.AsSpan(0, _column).Contains(name))
            throw Bad("bad-columns", $"columns[{_column}] is '{Shown.Of(name)}'; each of {string.Join(", ", names.Select(Shown.Of))} is required once");
        (_targets![_column], _names![_column]) = (target, name);
        _column++;
    }

    private void EndColumns()
    {
        if (_column != shape.Dimension) throw Bad("bad-columns", $"\"columns\" has {_column} names; {shape.Dimension} are required");
        _place = Place.Member;
    }

    private void BeginRow(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw shape.BadRow(_rows!.Count, $"is {Kind(ref json)}");
        if (_rows!.Count == shape.MaxRows) throw shape.TooManyRows();
        _rows.Add(1);
        (_place, _column) = (Place.Row, 0);
    }

    private void Value(ref Utf8JsonReader json)
    {
        var row = _rows!.Count - 1;
        if (_column == shape.Dimension) throw shape.BadRow(row, $"has more than {shape.Dimension} values");
        double value;
        if (json.TokenType == JsonTokenType.Null && shape.MayHaveGaps) value = double.NaN;
        else if (json.TokenType != JsonTokenType.Number) throw shape.BadValue(row, _column, NameOf(_column), Kind(ref json));
        else if (!json.TryGetDouble(out value) || !double.IsFinite(value))
            throw shape.BadValue(row, _column, NameOf(_column), $"{Shown.Of(Text(ref json))}, beyond the range of a double");
        _rows.Row(row)[_targets?[_column] ?? _column] = value;
        _column++;
    }

    private void EndRow()
    {
        if (_column != shape.Dimension) throw shape.BadRow(_rows!.Count - 1, $"has {_column} value{(_column == 1 ? "" : "s")}");
        _place = Place.Rows;
    }

    private RowBatch Complete()
    {
        if (!_hasRows) throw Bad("bad-json", "there is no \"rows\"; {\"rows\": [[...], ...]} is required");
        var rows = _rows!;
        _rows = null;
        return rows;
    }

    private string? NameOf(int column) => _names?[column] ?? shape.Names?[column];

    // Within a row, also names the value at which the text ends to be JSON.
    private ProblemException NotJson(JsonException e)
    {
        var (line, position) = (e.LineNumber + 1, e.BytePositionInLine + 1);
        int? row = _place is Place.Rows ? _rows!.Count : _place is Place.Row ? _rows!.Count - 1 : null;
        int? column = _place is Place.Row ? _column : null;
        var place = string.Create(
            CultureInfo.InvariantCulture, $"{(row is null ? "" : $"row {row}, ")}{(column is null ? "" : $"column {column}, ")}line {line}, byte {position}");
        return new ProblemException(new Problem(StatusCodes.Status400BadRequest, "bad-json", $"the body is not JSON: {FirstSentence(e.Message)} ({place})")
        {
            Row = row,
            Column = column,
            ColumnName = column is { } j && j < shape.Dimension ? NameOf(j) : null,
            Line = line,
            BytePosition = position,
        });
    }

    // Cuts the " LineNumber: ... | BytePositionInLine: ..." that the reader appends.
    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }

    private static ProblemException Bad(string code, string detail) => new(new Problem(StatusCodes.Status400BadRequest, code, detail));

    // A string as such, a number as it was written.
    private static string Text(ref Utf8JsonReader json)
    {
        try
        {
            return json.TokenType == JsonTokenType.Number
                ? Encoding.UTF8.GetString(json.HasValueSequence ? json.ValueSequence.ToArray() : json.ValueSpan)
                : json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "text that is not valid Unicode";
        }
    }

    private static string Kind(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => $"the text \"{Shown.Of(Text(ref json))}\"",
        JsonTokenType.Number => $"the number {Shown.Of(Text(ref json))}",
        JsonTokenType.Null => "null",
        JsonTokenType.True => "true",
        _ => "false",
    };
}
