namespace Gmm.Data.Text;

// Decides, once the rows are read, which columns a table has, and tells which were left out.
internal sealed partial class TableReader
{
    // The first rows decide which columns stay; others must not contradict them.
    private void Choose(double[] values, int records)
    {
        var open = OpenColumns(values, records);
        if (_leftOut is null)
        {
            _leftOut = open;
            _kept = [.. Enumerable.Range(0, _wanted.Length).Where(i => open[i] is null)];
            if (_kept.Length == 0)
            {
                throw NoNumbers(Left());
            }

            // From now on a text among its numbers is an error like any other.
            foreach (var i in _kept)
            {
                _isOpen[i] = false;
            }

            return;
        }

        for (var i = 0; i < _wanted.Length; i++)
        {
            if (_isOpen[i] && _leftOut[i] is not null && open[i] is null)
            {
                throw new TableFormatException($"{_place}: {Called(_wanted[i])} has numbers after {ErrorText.Count(_allRecords, "row")} without any; "
                    + $"{_options.Words.Exclude(Entry(_wanted[i]))} leaves it out");
            }
        }
    }

    // Lists the columns that the table does not have, with reasons.
    private List<(int Column, string Reason)> Left()
    {
        var left = new List<(int Column, string Reason)>(_texts.Length + _wanted.Length - _kept.Length);
        left.AddRange(_texts.Select(text => (text.Column, text.ArePercentages ? "percentages, which are numbers without the sign"
            : text.AreMarked ? $"numbers with signs or units about them, such as {text.Example}; without these they are numbers" : Reason(text.Column))));
        left.AddRange(Enumerable.Range(0, _wanted.Length).Where(i => _leftOut![i] is not null).Select(i => (_wanted[i], _leftOut![i]!)));
        return left;
    }

    // Takes out the columns that are indexes of a frame, unless there are no others.
    private double[] WithoutIndexes(double[] values, int rows)
    {
        var d = _kept.Length;
        int[] others = [.. Enumerable.Range(0, d).Where(i => !IsIndex(values, d, i, _wanted[_kept[i]], rows))];
        if (others.Length == d || others.Length == 0)
        {
            return values;
        }

        foreach (var i in Enumerable.Range(0, d).Except(others))
        {
            _leftOut![_kept[i]] = "counts the rows, without a name";
        }

        _kept = [.. others.Select(i => _kept[i])];
        return TableColumns.Keep(values, d, others);
    }

    /// <summary>Finds the open columns that hold no number, and says why each is left out; null for columns that stay.</summary>
    private string?[] OpenColumns(double[] values, int records)
    {
        var result = new string?[_wanted.Length];
        for (var i = 0; i < _wanted.Length; i++)
        {
            if (!_isOpen[i])
            {
                continue;
            }

            var hasNumber = false;
            for (var row = 0; row < records && !hasNumber; row++)
            {
                hasNumber = !double.IsNaN(values[(row * _wanted.Length) + i]);
            }

            if (!hasNumber)
            {
                result[i] = _openTexts[i] is null ? Words(ColumnRole.Nothing) : Words(ColumnRole.Text);
            }
            else if (_openTexts[i] is { } error)
            {
                throw error;
            }
        }

        return result;
    }

    /// <summary>Tells whether a column is the index of a frame: without a name, and whole numbers that are all different.</summary>
    private bool IsIndex(double[] values, int d, int i, int column, int rows)
    {
        if (_layout.Names is not { } names)
        {
            return column == 0 && rows >= TableColumns.FewestToCount && TableColumns.CountsInOrder(values, d, i);
        }

        // Frames that were written with their index and read again call it so.
        return names[column] is "" or "Unnamed: 0" or "...1" or "__index_level_0__" && TableColumns.AreDifferentWholeNumbers(values, d, i);
    }

    private void Warn(double[] values, int records)
    {
        string[]? names = _layout.Names is { } all ? [.. _kept.Select(i => all[_wanted[i]])] : null;
        _endsInSum = TableWarnings.Add(_notes, values, _kept.Length, records, [.. _kept.Select(i => _wanted[i])], names, _place, _options.Words);
    }

    // What --exclude names a column by.
    private string Entry(int column) => _layout.Names is { } names && names[column].Length > 0 ? names[column] : FormattableString.Invariant($"{column + 1}");

    private void Tell()
    {
        var parts = new List<string>();
        var left = Left();
        if (IsAuto && left.Count > 0)
        {
            const int MostShown = 20;
            left.Sort((a, b) => a.Column.CompareTo(b.Column));
            var shown = left.Take(MostShown).Select(pair => $"{Called(pair.Column)} ({pair.Reason})");
            parts.Add("left out: " + string.Join(", ", shown) + (left.Count > MostShown ? $" and {left.Count - MostShown} more" : ""));
        }

        if (_layout.Padding > 0 && IsAuto)
        {
            parts.Add($"{ErrorText.Count(_layout.Padding, "empty column")} at the end passed over");
        }

        var bare = _rows.BareRecords - _keptBare;
        if (bare > 0)
        {
            parts.Add($"{ErrorText.Count(bare, "row")} without any value passed over");
        }

        if (_rows.BlankLines > 0)
        {
            parts.Add($"{ErrorText.Count(_rows.BlankLines, "blank line")} between rows passed over; a missing value is a marker such as NA");
        }

        if (_headers > 0)
        {
            parts.Add(FormattableString.Invariant($"{ErrorText.Count(_headers, "line")} that {(_headers == 1 ? "repeats" : "repeat")} the header passed over, as where files ")
                + FormattableString.Invariant($"are put one after the other, the first at line {_firstHeader}"));
        }

        if (_rows.ShapedComments > 0)
        {
            parts.Add(FormattableString.Invariant(
                $"{ErrorText.Count(_rows.ShapedComments, "line")} with as many cells as the rows taken for comments, the first at line {_rows.FirstShapedComment}"));
        }

        var dropped = _allRecords - _allRows + _withoutWeight;
        if (dropped > 0)
        {
            parts.Add($"{dropped} of {ErrorText.Count(_allRecords + _withoutWeight, "row")} left out for missing values");
        }

        if (_counts.Any)
        {
            parts.Add($"{_counts}");
        }

        if (parts.Count > 0)
        {
            _notes.Add(new TableNote(TableNoteKind.LeftOut,
                $"{_place}: {ErrorText.Count(_allRows, "point")} of {ErrorText.Count(_kept.Length, "column")}; {string.Join("; ", parts)}"));
        }
    }

    private string Reason(int column) => _layout.HasRowNames && column == 0 ? "names of the rows" : Words(_layout.Roles[column]);

    private string Called(int column) => _layout.Names is { } names && names[column].Length > 0
        ? ErrorText.Short(names[column]) : FormattableString.Invariant($"column {column + 1}");

    private TableFormatException NoNumbers(List<(int Column, string Reason)> left)
    {
        const int MostShown = 10;
        var shown = string.Join(", ", left.OrderBy(pair => pair.Column).Take(MostShown).Select(pair => $"{Called(pair.Column)} ({pair.Reason})"));
        return new TableFormatException($"{_place}: no column holds numbers: {shown}{(left.Count > MostShown ? " and others" : "")}; "
            + _layout.Separation(_options));
    }
}
