using CsvHelper;

namespace Gmm.Data.Text;

/// <summary>Reads the points of a text whose layout is known.</summary>
internal sealed partial class TableReader
{
    private const int FirstCapacity = 1024;

    // Columns of text whose first cell keeps its error. Each of more keeps the line alone.
    private const int MostPlaced = 4096;

    private readonly CsvRows _rows;
    private readonly CsvReader _reader;
    private readonly TextLayout _layout;
    private readonly TableOptions _options;
    private readonly string _place;
    private readonly CellReader _cells;
    private readonly List<TableNote> _notes;
    private readonly bool _isMatch;
    private readonly int _weightColumn;

    /// <summary>The columns of the file that are read, in the order of the table.</summary>
    private readonly int[] _wanted;

    /// <summary>By column of the table: nothing in it was seen yet, so that it may still be text.</summary>
    private readonly bool[] _isOpen;

    /// <summary>By column of the table: the first text in an open column.</summary>
    private readonly TableFormatException?[] _openTexts;

    private readonly TextColumn[] _texts;
    private int _placed;
    private readonly MissingCounts _counts = new();
    private MissingCells _missing = null!;
    private RowWeights _weights = null!;
    private long _withoutWeight;
    private long _keptBare;
    private long _allRecords;
    private long _allRows;

    /// <summary>Once known: by column of those read, why it is left out; null for one that stays.</summary>
    private string?[]? _leftOut;

    /// <summary>The columns of those read that the table has, once known.</summary>
    private int[] _kept = [];

    internal TableReader(CsvRows rows, TextLayout layout, TableOptions options, string place)
    {
        (_rows, _reader, _layout, _options, _place) = (rows, rows.Reader, layout, options, place);
        _cells = new CellReader(layout.Dialect.HasDecimalComma, options.MissingMarkers);
        _notes = layout.Guesses;
        var choice = new ColumnChoice(layout.Width, layout.Names, TextLayout.At(place, layout.Line), "there is no header row");
        var (chosen, weight) = choice.Resolve(options, out _isMatch);
        foreach (var doubt in choice.Doubts)
        {
            _notes.Add(new TableNote(TableNoteKind.Guess, $"{place}: {doubt}"));
        }

        IsAuto = options.Columns is null && !_isMatch;
        _weightColumn = weight;
        _wanted = IsAuto ? [.. chosen.Where(IsRead)] : chosen;
        _texts = IsAuto ? [.. chosen.Where(column => !IsRead(column)).Select(column => new TextColumn(column))] : [];
        _isOpen = Array.ConvertAll(_wanted, column => IsAuto && layout.Roles[column] == ColumnRole.Nothing);
        _openTexts = new TableFormatException?[_wanted.Length];
        (_probe, _probeName) = Probe();
        if (_wanted.Length == 0)
        {
            throw NoNumbers([.. _texts.Select(text => (text.Column, Reason(text.Column)))]);
        }

        bool IsRead(int column) => layout.Roles[column] is ColumnRole.Numbers or ColumnRole.Nothing && !(layout.HasRowNames && column == 0);
    }

    /// <summary>The number of columns that are read.</summary>
    internal int Width => _wanted.Length;

    private bool IsAuto { get; }

    /// <summary>Reads all rows.</summary>
    internal NumericTable Read() => Piece(int.MaxValue, out _);

    /// <summary>
    /// Reads some rows at a time. The first ones decide which columns the table has, so numbers that appear later in a column without any are an error.
    /// What was left out is told with the last rows.
    /// </summary>
    /// <param name="most">The most rows of a piece.</param>
    internal IEnumerable<NumericTable> ReadPieces(int most)
    {
        for (var isLast = false; !isLast;)
        {
            yield return Piece(most, out isLast);
        }
    }

    // Reads rows until there are enough.
    private NumericTable Piece(int most, out bool isLast)
    {
        _missing = new MissingCells(_wanted.Length);
        _weights = new RowWeights(_weightColumn, _place);
        var values = Rows(most, out isLast);
        if (isLast)
        {
            CheckTexts();
        }

        return Table(values, isLast);
    }

    private GrowingArray Rows(int most, out bool isLast)
    {
        var d = _wanted.Length;
        var values = new GrowingArray(Math.Max(FirstCapacity, d), _place);

        // The parser of the reader is the fastest; it knows neither, and takes a comma for a thousands separator.
        var isPlain = !_cells.HasNumericMarkers && !_cells.HasDecimalComma;
        for (isLast = false; values.Count / d < most;)
        {
            if (!_rows.Next())
            {
                isLast = true;
                break;
            }

            if (_probe >= 0 && IsHeaderAgain())
            {
                _headers++;
                _firstHeader = _headers == 1 ? _rows.Line : _firstHeader;
                continue;
            }

            if (_reader.FieldCount != _layout.Width)
            {
                CheckWidth();
            }

            if (_rows.BareBefore > 0 && _options.Missing == TableMissing.Keep && _weightColumn < 0)
            {
                AddBareRows(values);
            }

            var mayHoldComma = _rows.MayHoldComma();
            if (_weightColumn >= 0 && !TakeWeight())
            {
                continue;
            }

            var row = values.HasRoom(d) ? values.Add(d) : values.Add(d, Math.Min(most, _rows.ExpectedRecords(values.Count / d)) * d);
            for (var i = 0; i < d; i++)
            {
                row[i] = isPlain && _reader.TryParse(_wanted[i], out double value) && double.IsFinite(value)
                    && !(mayHoldComma && _reader.GetSpan(_wanted[i]).Contains((byte)','))
                    ? value
                    : Cell(i, (values.Count / d) - 1);
            }

            foreach (var text in _texts)
            {
                Watch(text);
            }

            if (_texts.Length > 0)
            {
                WatchLabel(_texts[0].Column, row);
            }
        }

        return values;
    }

    /// <summary>Adds the rows without any value before the current one: where missing values are kept, they have their places like others.</summary>
    private void AddBareRows(GrowingArray values)
    {
        var d = _wanted.Length;
        for (var bare = 0; bare < _rows.BareBefore; bare++)
        {
            var line = _rows.Line - _rows.BareBefore + bare;
            values.Add(d).Fill(double.NaN);
            for (var i = 0; i < d; i++)
            {
                if (!_missing.Has(i))
                {
                    _missing.Add(i, (values.Count / d) - 1, line, _wanted[i], "the cell is empty");
                }
            }
        }

        _keptBare += _rows.BareBefore;
    }

    /// <summary>Names what a column was left out for.</summary>
    private static string Words(ColumnRole role) => role switch
    {
        ColumnRole.Dates => "dates or times",
        ColumnRole.Truths => "true or false",
        ColumnRole.Nothing => "empty",
        _ => "text",
    };

    /// <summary>Reads the weight of the row; false where the row is left out for it.</summary>
    private bool TakeWeight()
    {
        var cell = _reader.GetSpan(_weightColumn);
        if (!_cells.TryNumber(cell, out var weight) || !double.IsFinite(weight) || _cells.IsMarker(weight))
        {
            if (!_cells.IsMissing(cell) && !_cells.IsMarker(weight))
            {
                throw Error(_weightColumn);
            }

            if (_options.Missing == TableMissing.Drop)
            {
                _withoutWeight++;
                return false;
            }

            throw _rows.CellError(_weightColumn, _layout.Names, Missing(cell) + "; a weight is required");
        }

        if (!RowWeights.IsWeight(weight))
        {
            throw _rows.CellError(_weightColumn, _layout.Names, RowWeights.Problem(ErrorText.Quoted(cell)));
        }

        if (weight == 0)
        {
            return false;
        }

        _weights.Add(weight);
        return true;
    }

    /// <summary>Reads a cell that is no plain number.</summary>
    private double Cell(int i, long row)
    {
        var column = _wanted[i];
        var cell = _reader.GetSpan(column);
        if (_cells.TryNumber(cell, out var value) && double.IsFinite(value) && !_cells.IsMarker(value))
        {
            return value;
        }

        if (_cells.IsMissing(cell) || _cells.IsMarker(value))
        {
            if (!_missing.Has(i))
            {
                _missing.Add(i, row, _rows.CellLine(column), column, Missing(cell));
            }

            return double.NaN;
        }

        if (!_isOpen[i])
        {
            throw Error(column);
        }

        _openTexts[i] ??= Error(column);
        return double.NaN;
    }

    private static string Missing(ReadOnlySpan<byte> cell) =>
        CellReader.Trim(cell).IsEmpty ? "the cell is empty" : $"{ErrorText.Quoted(cell)} stands for a missing value";

    private NumericTable Table(GrowingArray read, bool isLast)
    {
        var d = _wanted.Length;
        var (records, values) = (read.Count / d, read.ToArray());
        if (isLast && records == 0 && _allRecords == 0 && _headers > 0 && _weightColumn < 0)
        {
            throw new TableFormatException($"{_place}: the file has a header and no rows; rows of numbers are required");
        }

        if (records == 0 && _withoutWeight > 0)
        {
            throw new TableFormatException($"{_place}: {RowWeights.Column(_weightColumn, _layout.Names)}: no row has a weight");
        }

        var isFirst = _leftOut is null;
        var weights = isFirst || records > 0 || _weightColumn < 0 ? _weights.ToArray(_layout.Names) : [];
        Choose(values, records);
        if (_kept.Length < d)
        {
            values = TableColumns.Keep(values, d, _kept);
        }

        var rows = records;
        if (_missing.Any)
        {
            rows = _missing.Settle(values, _kept, weights, _options, (line, column) => _rows.CellPlace(line, column, _layout.Names));
            (values, weights) = rows < records ? (values[..(rows * _kept.Length)], weights?[..rows]) : (values, weights);
        }

        _allRecords += records;
        _allRows += rows;
        if (isLast && _allRows == 0 && _allRecords > 0)
        {
            throw new TableFormatException($"{_place}: every row has a missing value; {_options.Words.MissingKeep}");
        }

        if (isFirst && IsAuto)
        {
            values = WithoutIndexes(values, rows);
            Warn(values, records);
        }

        if (_missing.Any)
        {
            _counts.Add(values, _kept.Length);
        }
        else
        {
            _counts.AddComplete(rows);
        }

        if (isLast)
        {
            TellLabels();
            Tell();
        }

        var names = _layout.Names;
        return new NumericTable(values, _kept.Length, names is null ? null : [.. _kept.Select(i => names[_wanted[i]])], weights)
        {
            Notes = isLast ? _notes : [],
            IsMatch = _isMatch,
            FileColumns = TablePieces.FileColumns(_kept.Select(i => _wanted[i]), _weightColumn, names),
        };
    }
}
