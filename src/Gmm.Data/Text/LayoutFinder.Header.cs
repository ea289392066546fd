namespace Gmm.Data.Text;

// Decides whether a record is a header.
internal sealed partial class LayoutFinder
{
    /// <summary>Decides whether a record holds names, by what stands below each of its cells.</summary>
    private bool IsHeader(int record)
    {
        var cells = _rows.Cells(record);
        var row = _rows.Records[record];
        if (AsksFor(record))
        {
            return true;
        }

        if (Count == record + 1)
        {
            // Nothing below: texts alone are a header without rows.
            return IsTexts(record) && !AnyStartsLikeNumber(record);
        }

        var (textsOverNumbers, likeNumbers, numbersOverTexts, numbers, texts) = (0, 0, 0, 0, 0);
        var (isWhole, isRising, last) = (true, true, double.NegativeInfinity);
        var hasNumbersBelow = false;
        for (var i = 0; i < Math.Min(cells.Length, _width); i++)
        {
            var below = Statistics(i, record + 1);
            var isBelowNumbers = RoleOf(below) is ColumnRole.Numbers;
            hasNumbersBelow |= isBelowNumbers;
            switch (Kind(cells[i]))
            {
                case CellKind.Empty or CellKind.Missing:
                    break;
                case CellKind.Number or CellKind.ForeignNumber:
                    numbersOverTexts += RoleOf(below) >= ColumnRole.Text ? 1 : 0;
                    numbers++;
                    isWhole &= cells[i].IsWhole && Kind(cells[i]) == CellKind.Number;
                    isRising &= cells[i].Value > last && double.IsFinite(cells[i].Value);
                    last = cells[i].Value;
                    break;
                case var kind:
                    texts++;
                    textsOverNumbers += isBelowNumbers ? 1 : 0;
                    likeNumbers += isBelowNumbers && kind == CellKind.NumberLike ? 1 : 0;
                    break;
            }
        }

        if (numbers == 0)
        {
            // A single cell that begins like a number is a damaged one.
            return texts > 0 && (!hasNumbersBelow || textsOverNumbers > likeNumbers || likeNumbers > 1);
        }

        if (texts > 0 || numbersOverTexts > 0)
        {
            // Names that are numbers are whole and rise: years, counts. A damaged first row has other numbers.
            var isNames = isWhole && isRising && (textsOverNumbers > 0 || numbersOverTexts > 0) && Fits(record);
            if (isNames && numbers > 1 && numbersOverTexts == 0 && !IsYears(record) && !AreFractionsBelow(record))
            {
                GuessHeader(record, isHeader: true);
            }

            return isNames || (Fits(record) && IsScaleBesideTexts(record, isRising));
        }

        return Fits(record) && ((isWhole && IsHeaderOfNumbers(record, isRising, row)) || IsScale(record, isRising));
    }

    /// <summary>Decides whether a record of whole numbers, and empty cells, holds names.</summary>
    private bool IsHeaderOfNumbers(int record, bool isRising, SampleRecord row)
    {
        var cells = _rows.Cells(record);
        var below = Count - record - 1;
        var areFractions = AreFractionsBelow(record);
        if (Kind(cells[0]) == CellKind.Empty && row.Filled == _width - 1 && isRising && !HasEmptyFirst(record + 1))
        {
            // The frame's index has no name.
            if (IsCounting(record, 1) || areFractions || IsIndex(record + 1))
            {
                return true;
            }
        }

        if (row.Filled < _width)
        {
            return false;
        }

        if (IsQuotedAbove(record))
        {
            return true;
        }

        const int Few = 3;
        var (isCounting, isOutside) = (IsCounting(record, 0), IsOutside(record));
        var isYears = IsYears(record) && !AreYearsBelow(record);
        var isNames = (isCounting && (_width >= Few || (areFractions && isOutside)))
            || (isYears && isOutside) || (areFractions && isRising && isOutside && below >= Few);
        var isSure = isCounting && _width >= Few && areFractions;
        var isDoubtful = isNames ? !isSure : !IsScaleLike(record, isRising)
            && (isCounting || (IsYears(record) && _width > 1) || (areFractions && below >= Few) || (_width >= Few && IsCountingFromOne(record)));
        if (isDoubtful)
        {
            GuessHeader(record, isNames);
        }

        return isNames;
    }

    private void GuessHeader(int record, bool isHeader)
    {
        var cells = string.Join(", ", _rows.Texts(record).Take(ShownCells).Select(ErrorText.Short)) + (_width > ShownCells ? ", ..." : "");
        var line = _rows.Records[record].Line;
        Guess(Text($"line {line} ({cells}) is taken for {(isHeader ? "names" : "a point")}"),
            isHeader ? $"{_options.Words.HeaderNo} makes it a point" : $"{_options.Words.HeaderYes} makes it names");
    }

    /// <summary>Tells whether names are asked for and this record has one of them.</summary>
    private bool AsksFor(int record)
    {
        if (_options is { Columns: null, Match: null, Exclude: null, Weights: null })
        {
            return false;
        }

        var texts = _rows.Texts(record);
        if (_options.Columns is null && _options.Match is { } match)
        {
            return new HashSet<string>(match, StringComparer.OrdinalIgnoreCase).IsSubsetOf(texts);
        }

        // A number alone says nothing: it may be a place.
        string[] asked = [.. _options.Columns ?? [], .. _options.Exclude ?? [], .. _options.Weights is { } weights ? [weights] : Array.Empty<string>()];
        return asked.Any(name => !name.All(char.IsAsciiDigit) && Array.IndexOf(texts, name) >= 0);
    }

    private bool AnyStartsLikeNumber(int record)
    {
        foreach (var cell in _rows.Cells(record))
        {
            if (Kind(cell) is CellKind.NumberLike or CellKind.Date)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells whether the cells from a column on are start, start + 1, ...</summary>
    private bool IsCounting(int record, int from, int start = 0)
    {
        var cells = _rows.Cells(record);
        var extent = _rows.Records[record].Extent;
        for (var i = from; i < extent; i++)
        {
            if (Kind(cells[i]) != CellKind.Number || !cells[i].IsWhole || cells[i].Value != i - from + start)
            {
                return false;
            }
        }

        return extent > from;
    }

    private bool IsCountingFromOne(int record) => IsCounting(record, 0, 1);

    private bool IsYears(int record)
    {
        var (last, years, direction) = (double.NaN, 0, 0);
        foreach (var cell in _rows.Cells(record))
        {
            if (Kind(cell) != CellKind.Number)
            {
                continue;
            }

            // An infinite number has no value.
            if (!cell.IsWhole || cell.Value is not (>= FirstYear and <= LastYear))
            {
                return false;
            }

            var step = years == 0 ? 0 : Math.Sign(cell.Value - last);
            if (years > 0 && (step == 0 || (direction != 0 && step != direction)))
            {
                return false;
            }

            direction = step;
            last = cell.Value;
            years++;
        }

        return years > 0;
    }

    /// <summary>Tells whether the numbers below a record may all be years themselves.</summary>
    private bool AreYearsBelow(int record)
    {
        for (var column = 0; column < _width; column++)
        {
            var below = Statistics(column, record + 1);
            if (below.Numbers > 0 && (below.Least < FirstYear || below.Largest > LastYear || below.Whole < below.Numbers))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Tells whether every cell of a record is quoted, and no number below it.</summary>
    private bool IsQuotedAbove(int record)
    {
        for (var i = record; i < Count; i++)
        {
            foreach (var cell in _rows.Cells(i))
            {
                if (i == record ? !cell.IsQuoted : cell.IsQuoted && Kind(cell) == CellKind.Number)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool HasEmptyFirst(int record) => Kind(_rows.Cells(record)[0]) == CellKind.Empty;

    /// <summary>Tells whether the first column holds texts, or whole numbers that are all different.</summary>
    private bool IsIndex(int from)
    {
        var seen = new HashSet<double>();
        for (var i = from; i < Count; i++)
        {
            var cell = _rows.Cells(i)[0];
            if (Kind(cell) < CellKind.Date && !(Kind(cell) == CellKind.Number && cell.IsWhole && seen.Add(cell.Value)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Tells whether the numbers below a record are written with a decimal separator or an exponent, with hardly an exception.</summary>
    private bool AreFractionsBelow(int record)
    {
        var (numbers, whole) = (0, 0);
        for (var column = 0; column < _width; column++)
        {
            var below = Statistics(column, record + 1);
            if (Kind(_rows.Cells(record)[column]) == CellKind.Number && RoleOf(below) == ColumnRole.Numbers)
            {
                numbers += below.Numbers;
                whole += below.Whole;
            }
        }

        const int Exceptions = 20;
        return numbers > 0 && whole * Exceptions <= numbers;
    }

    /// <summary>Tells whether a number of a record is beyond all those of its column.</summary>
    private bool IsOutside(int record)
    {
        var cells = _rows.Cells(record);
        for (var column = 0; column < Math.Min(_width, cells.Length); column++)
        {
            var below = Statistics(column, record + 1);
            var spread = below.Largest - below.Least;
            if (Kind(cells[column]) == CellKind.Number && below.Numbers > 0
                && (cells[column].Value < below.Least - spread || cells[column].Value > below.Largest + spread))
            {
                return true;
            }
        }

        return false;
    }
}
