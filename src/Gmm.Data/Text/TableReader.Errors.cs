namespace Gmm.Data.Text;

// Says what is wrong with a row or a cell, and what can be done.
internal sealed partial class TableReader
{
    private void CheckWidth()
    {
        var (count, width) = (_reader.FieldCount, _layout.Width);
        var isPadded = count > width;
        for (var i = width; i < count && isPadded; i++)
        {
            isPadded = CellReader.Trim(_reader.GetSpan(i)).IsEmpty;
        }

        if (!isPadded)
        {
            for (var i = 0; i < count; i++)
            {
                if (_rows.HasStrayQuote(i))
                {
                    throw _rows.CellError(i, null, CsvRows.StrayQuote);
                }
            }

            var decimals = count == 2 * width && _layout.Dialect.Separator == ',' ? "; decimal commas need another separator" : "";
            throw new TableFormatException($"{_rows.Place}: row has {ErrorText.Count(count, "cell")}; {width} {(width == 1 ? "is" : "are")} required; "
                + _layout.Separation(_options) + decimals);
        }
    }

    /// <summary>Makes the error for a cell that is no number, with the options that help.</summary>
    private TableFormatException Error(int column)
    {
        var cell = _reader.GetSpan(column);
        var words = _options.Words;
        if (_rows.HasStrayQuote(column))
        {
            return _rows.CellError(column, _layout.Names, CsvRows.StrayQuote);
        }

        if (_reader.GetSpan(0).StartsWith(ByteOrderMark))
        {
            return _rows.CellError(0, _layout.Names, "a byte order mark stands at the start of the cell, as where another file begins; take it out, and what is no point below it");
        }

        var problem = _cells.Problem(cell, words);
        var kind = _cells.KindOf(cell, out _);
        if (kind < CellKind.Date)
        {
            return _rows.CellError(column, _layout.Names, problem);
        }

        if (_cells.AsNegative(cell) is { } negative)
        {
            return _rows.CellError(column, _layout.Names, $"{problem}; where {negative.Sign} it negative, write {negative.Number}");
        }

        if (_cells.IsMarkedNumber(cell))
        {
            return _rows.CellError(column, _layout.Names, $"{problem}; without its sign or unit it is one");
        }

        if (IsLikeHeader())
        {
            return _rows.CellError(column, _layout.Names, $"{problem}; the line holds no number, as a header does where another file begins; take it out if it is one");
        }

        if (kind == CellKind.NumberLike && cell.ContainsAny(" \t;|,"u8))
        {
            return _rows.CellError(column, _layout.Names, $"{problem}; {_layout.Separation(_options)}");
        }

        var name = _layout.Names is { } names && names[column].Length > 0 ? names[column] : FormattableString.Invariant($"{column + 1}");
        var shown = System.Text.Encoding.UTF8.GetString(CellReader.Trim(cell));
        var advice = ErrorText.Short(shown) == shown ? $"; {words.Marker(shown)} makes it a missing value" : "";
        if (IsAuto && column != _weightColumn && ErrorText.Short(name) == name && _wanted.Length > 1)
        {
            advice += $"{(advice.Length > 0 ? ", " : "; ")}{words.Exclude(name)} leaves the column out";
        }

        if (_layout.Names is null && _rows.Line == _layout.Line && _options.Header == TableHeader.Auto)
        {
            advice += $"{(advice.Length > 0 ? ", " : "; ")}{words.HeaderYes} takes the line for names";
        }

        return _rows.CellError(column, _layout.Names, problem + advice);
    }

    /// <summary>Tells whether the row, which is not the first line of the table, has a text in every cell.</summary>
    private bool IsLikeHeader()
    {
        if (_reader.FieldCount < 2 || _rows.Line == _layout.Line)
        {
            return false;
        }

        for (var i = 0; i < _reader.FieldCount; i++)
        {
            if (_cells.KindOf(_reader.GetSpan(i), out _) != CellKind.Text || _cells.IsMarkedNumber(_reader.GetSpan(i)) || _rows.HasStrayQuote(i))
            {
                return false;
            }
        }

        return true;
    }
}
