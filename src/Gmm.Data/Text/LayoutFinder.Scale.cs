namespace Gmm.Data.Text;

// Looks for names that are numbers: years, wavelengths, doses, times.
internal sealed partial class LayoutFinder
{
    private const int FewestBelow = 3;

    // Two numbers rise by chance.
    private const int Several = 3;

    // Texts of a record that are looked for among the rows.
    private const int MostTexts = 16;

    /// <summary>Decides whether a record without texts holds names because its numbers rise and lie outside of all columns.</summary>
    private bool IsScale(int record, bool isRising)
    {
        const int Enough = 5;
        if (IsUnnamedIndex(record))
        {
            return true;
        }

        var row = _rows.Records[record];
        if (row.Filled == _width && IsQuotedAbove(record))
        {
            return true;
        }

        if (!IsScaleLike(record, isRising))
        {
            return false;
        }

        var isNames = row.Filled >= Several && Count - record - 1 >= Enough;
        GuessHeader(record, isNames);
        return isNames;
    }

    /// <summary>Decides whether a record of texts above columns of texts, and numbers above numbers, holds names.</summary>
    private bool IsScaleBesideTexts(int record, bool isRising)
    {
        var cells = _rows.Cells(record);
        var (numbers, texts, areTextsSure, areQuoted, isWhole, isCounting, last) = (0, 0, false, true, true, true, double.NaN);
        for (var i = 0; i < Math.Min(cells.Length, _width); i++)
        {
            var role = RoleOf(Statistics(i, record + 1));
            switch (Kind(cells[i]))
            {
                case CellKind.Number when role == ColumnRole.Numbers:
                    isCounting &= numbers == 0 ? cells[i].Value is 0 or 1 : cells[i].Value == last + 1;
                    isWhole &= cells[i].IsWhole;
                    areQuoted &= cells[i].IsQuoted && !AnyQuotedBelow(record, i);
                    last = cells[i].Value;
                    numbers++;
                    break;
                case CellKind.Empty or CellKind.Missing:
                    break;
                case CellKind.Text when role is ColumnRole.Dates or ColumnRole.Truths:
                    areTextsSure = true;
                    break;
                case CellKind.Text when role != ColumnRole.Nothing && ++texts <= MostTexts && !_rows.RepeatsBelow(record, i):
                    break;
                default:
                    return false;
            }
        }

        if (numbers == 0 || Count - record - 1 < FewestBelow)
        {
            return false;
        }

        if (areTextsSure || areQuoted)
        {
            return true;
        }

        if (numbers == 1)
        {
            return false;
        }

        var (isOutside, areFractions) = (IsOutsideEverywhere(record), isWhole && AreFractionsBelow(record));
        var areYears = IsYears(record) && !AreYearsBelow(record);
        if (areYears && (isOutside || areFractions))
        {
            return true;
        }

        var isNames = isRising && (isOutside || areFractions || (isCounting && numbers >= Several));
        if (isNames && !(areFractions && (isOutside || isCounting)))
        {
            GuessHeader(record, isHeader: true);
        }

        return isNames;
    }

    /// <summary>Tells whether an empty cell and nothing but numbers stand above an index: texts, or whole numbers that count.</summary>
    private bool IsUnnamedIndex(int record)
    {
        var row = _rows.Records[record];
        if (!HasEmptyFirst(record) || row.Filled != _width - 1 || Count - record - 1 < FewestBelow - 1)
        {
            return false;
        }

        var next = double.NaN;
        for (var i = record + 1; i < Count; i++)
        {
            var cell = _rows.Cells(i)[0];
            var isText = Kind(cell) >= CellKind.Date;
            if (!isText && !(Kind(cell) == CellKind.Number && cell.IsWhole && (double.IsNaN(next) ? cell.Value is 0 or 1 : cell.Value == next)))
            {
                return false;
            }

            next = cell.Value + 1;
        }

        return true;
    }

    /// <summary>Tells whether at least two numbers of a record rise, and each is outside of its column.</summary>
    private bool IsScaleLike(int record, bool isRising) =>
        isRising && _rows.Records[record].Filled == _width && _width > 1 && Count - record - 1 >= FewestBelow && IsOutsideEverywhere(record);

    /// <summary>Tells whether every number of a record is farther from all those of its column than these are from each other.</summary>
    private bool IsOutsideEverywhere(int record)
    {
        var cells = _rows.Cells(record);
        for (var column = 0; column < Math.Min(_width, cells.Length); column++)
        {
            var below = Statistics(column, record + 1);
            var spread = below.Largest - below.Least;
            if (Kind(cells[column]) == CellKind.Number && below.Numbers > 0
                && cells[column].Value >= below.Least - spread && cells[column].Value <= below.Largest + spread)
            {
                return false;
            }
        }

        return true;
    }

    private bool AnyQuotedBelow(int record, int column)
    {
        for (var i = record + 1; i < Count; i++)
        {
            var cells = _rows.Cells(i);
            if (column < cells.Length && cells[column].IsQuoted && Kind(cells[column]) == CellKind.Number)
            {
                return true;
            }
        }

        return false;
    }
}
