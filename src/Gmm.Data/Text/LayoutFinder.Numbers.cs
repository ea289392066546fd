namespace Gmm.Data.Text;

// Looks for numbers that may be written in two ways.
internal sealed partial class LayoutFinder
{
    private void CheckDecimals()
    {
        if (!_dialect.HasDecimalComma || _options.DecimalSeparator is not null)
        {
            return;
        }

        var (record, column, others) = (-1, -1, 0);
        for (var i = First; i < Count; i++)
        {
            var cells = _rows.Cells(i);
            for (var j = 0; j < cells.Length; j++)
            {
                if (cells[j].CommaKind != CellKind.Number || cells[j].IsWhole || cells[j].Kind == CellKind.Number)
                {
                    continue;
                }

                others += cells[j].IsGroupLike ? 0 : 1;
                (record, column) = record < 0 ? (i, j) : (record, column);
            }
        }

        if (others > 0 || record < 0)
        {
            return;
        }

        var text = _rows.Texts(record)[column];
        var place = Text($"{_place}:{_rows.Records[record].Line}: column {column + 1}");
        var (point, comma) = (_options.Words.Decimal('.'), _options.Words.Decimal(','));
        if (_dialect.Separator != ';')
        {
            throw new TableFormatException($"{place}: {ErrorText.Quoted(text)} may have a decimal comma or a thousands separator; {comma} reads it as "
                + $"{text.Replace(',', '.')}, and thousands separators are not accepted");
        }

        _guesses.Add(new TableNote(TableNoteKind.Guess,
            $"{place}: {ErrorText.Quoted(text)} is taken for {text.Replace(',', '.')}, like all numbers with a comma; {point} refuses them"));
    }

    /// <summary>
    /// Looks for a column whose points may separate thousands: every number with one has three digits behind it and none more than three before it, and
    /// beside them are whole numbers of three digits, but none of more.
    /// </summary>
    private void CheckPoints(TextLayout layout)
    {
        const int Few = 2;
        const double Hundred = 100;
        const double Thousand = 1000;
        if (_dialect.HasDecimalComma || _options.DecimalSeparator is not null)
        {
            return;
        }

        for (var column = 0; column < _width; column++)
        {
            var (first, groups, hundreds, others) = (-1, 0, 0, 0);
            for (var i = layout.FirstPoint; i < Count; i++)
            {
                var cells = _rows.Cells(i);
                if (column >= cells.Length || cells[column].Kind != CellKind.Number)
                {
                    continue;
                }

                var cell = cells[column];
                var size = Math.Abs(cell.Value);
                groups += cell.IsGroupLike ? 1 : 0;
                hundreds += cell.IsWhole && size is >= Hundred and < Thousand ? 1 : 0;
                others += (cell.IsWhole && size >= Thousand) || (!cell.IsWhole && !cell.IsGroupLike) ? 1 : 0;
                first = cell.IsGroupLike && first < 0 ? i : first;
            }

            if (groups >= Few && hundreds > 0 && others == 0)
            {
                var text = _rows.Texts(first)[column];
                _guesses.Add(new TableNote(TableNoteKind.Guess,
                    Text($"{_place}:{_rows.Records[first].Line}: column {column + 1}: {ErrorText.Quoted(text)} is taken for {text}, like all of the column; ")
                    + $"where its points separate thousands, take them out"));
            }
        }
    }
}
