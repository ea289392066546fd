using Microsoft.Data.Analysis;

namespace Gmm.MLNet;

/// <summary>Takes the data frames of Microsoft.Data.Analysis for points.</summary>
public static class DataFrames
{
    /// <summary>
    /// Copies columns of numbers to an array, which is points for fits and scores. A value that is missing becomes NaN: <see cref="Gmm.Fast.FitOptions.MissingValues"/>
    /// says what a fit makes of it.
    /// </summary>
    /// <param name="frame">N rows.</param>
    /// <param name="columns">The names of D columns of numbers; none for all columns of the frame.</param>
    /// <returns>[N x D].</returns>
    /// <exception cref="ArgumentException">A column is missing, or holds no numbers.</exception>
    public static double[,] ToPoints(this DataFrame frame, params IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(columns);
        DataFrameColumn[] chosen = columns.Count == 0 ? [.. frame.Columns] : [.. columns.Select(name => Column(frame, name))];
        var points = new double[checked((int)frame.Rows.Count), chosen.Length];
        for (var j = 0; j < chosen.Length; j++)
        {
            if (!chosen[j].IsNumericColumn())
                throw new ArgumentException($"column {chosen[j].Name} holds {chosen[j].DataType.Name}; numbers are required", nameof(columns));
            for (var i = 0; i < points.GetLength(0); i++) points[i, j] = chosen[j][i] is { } value ? Convert.ToDouble(value) : double.NaN;
        }
        return points;
    }

    private static DataFrameColumn Column(DataFrame frame, string name)
    {
        var at = frame.Columns.IndexOf(name);
        return at >= 0 ? frame.Columns[at]
            : throw new ArgumentException($"there is no column {name}; the columns are {string.Join(", ", frame.Columns.Select(column => column.Name))}", nameof(name));
    }
}
