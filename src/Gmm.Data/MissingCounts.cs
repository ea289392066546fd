namespace Gmm.Data;

/// <summary>Counts the missing values of a table, of which it may see some rows at a time.</summary>
internal sealed class MissingCounts
{
    private long _rows;
    private long _cells;
    private long _incomplete;
    private long _empty;

    /// <summary>Whether some value is missing.</summary>
    internal bool Any => _cells > 0;

    /// <summary>Counts rows.</summary>
    /// <param name="values">Row-major; NaN for missing values.</param>
    /// <param name="d">The number of columns.</param>
    internal void Add(ReadOnlySpan<double> values, int d)
    {
        var rows = values.Length / d;
        _rows += rows;
        for (var row = 0; row < rows; row++)
        {
            var missing = 0;
            foreach (var value in values.Slice(row * d, d))
            {
                missing += double.IsNaN(value) ? 1 : 0;
            }

            _cells += missing;
            _incomplete += missing > 0 ? 1 : 0;
            _empty += missing == d ? 1 : 0;
        }
    }

    /// <summary>Counts rows without a missing value.</summary>
    internal void AddComplete(int rows) => _rows += rows;

    /// <summary>Says how many values are missing, and how many rows have none.</summary>
    public override string ToString() =>
        $"{ErrorText.Count(_cells, "value")} in {_incomplete} of {ErrorText.Count(_rows, "row")} {(_cells == 1 ? "is" : "are")} missing"
            + (_empty == 0 ? "" : $"; {ErrorText.Count(_empty, "row")} {(_empty == 1 ? "has" : "have")} no value at all");
}
