namespace Gmm.Data.Text;

// Watches the columns that are left out as text, for what is said of them.
internal sealed partial class TableReader
{
    // Cells that are looked at for signs and units: enough to tell, and no time in long columns.
    private const long MostMarked = 1000;

    /// <summary>Counts the numbers in a column that is left out as text: where they are the most, it is no column of text.</summary>
    private void Watch(TextColumn text)
    {
        var cell = _reader.GetSpan(text.Column);
        if (_cells.TryNumber(cell, out _))
        {
            text.Numbers++;
        }
        else if (!_cells.IsMissing(cell))
        {
            text.Texts++;
            text.Percentages += _cells.IsPercentage(cell) ? 1 : 0;
            if (text.Marked == text.Texts - 1 && text.Marked < MostMarked && _cells.IsMarkedNumber(cell))
            {
                text.Marked++;
                text.Example ??= ErrorText.Quoted(cell);
            }

            if (text.Texts == 1)
            {
                text.FirstLine = _rows.CellLine(text.Column);
            }

            if (text.First is null && _placed < MostPlaced)
            {
                text.First = Error(text.Column);
                _placed++;
            }
        }
    }

    private void CheckTexts()
    {
        foreach (var text in _texts)
        {
            if (text.Numbers > text.Texts && text.Texts > 0 && !(_layout.HasRowNames && text.Column == 0))
            {
                throw text.First ?? new TableFormatException(
                    $"{_rows.CellPlace(text.FirstLine, text.Column, _layout.Names)}: the cell is text, and most of the column are numbers; "
                    + $"{_options.Words.Exclude(FormattableString.Invariant($"{text.Column + 1}"))} leaves the column out");
            }
        }
    }

    /// <summary>Counts what a column that is left out as text holds.</summary>
    private sealed class TextColumn(int column)
    {
        internal int Column => column;

        internal long Numbers { get; set; }

        internal long Texts { get; set; }

        internal long Percentages { get; set; }

        internal bool ArePercentages => Percentages > 0 && Percentages == Texts;

        /// <summary>The first cells that are numbers with signs or units, up to <see cref="MostMarked"/>.</summary>
        internal long Marked { get; set; }

        internal bool AreMarked => Marked > 0 && Marked == Math.Min(Texts, MostMarked);

        /// <summary>The first of them, as messages show it.</summary>
        internal string? Example { get; set; }

        /// <summary>The error of the first cell of text, for the first columns that have one.</summary>
        internal TableFormatException? First { get; set; }

        /// <summary>The line of the first cell of text.</summary>
        internal long FirstLine { get; set; }
    }
}
