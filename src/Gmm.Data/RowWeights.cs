namespace Gmm.Data;

/// <summary>Collects the weights of the rows of a table. A row of weight 0 is not there.</summary>
/// <param name="column">The 0-based column of the weights, or -1 where all rows count the same.</param>
/// <param name="place">The start of an error message.</param>
internal sealed class RowWeights(int column, string place)
{
    private const int FirstCapacity = 1024;

    private readonly GrowingArray? _weights = column < 0 ? null : new GrowingArray(FirstCapacity, place);
    private double _sum;

    /// <summary>Tells whether a number can be a weight.</summary>
    internal static bool IsWeight(double value) => value >= 0;

    /// <summary>Says why a number is no weight.</summary>
    internal static string Problem(string shown) => $"{shown} is negative; a weight of at least 0 is required";

    /// <summary>Names a column in a message, by its name too where it has one.</summary>
    internal static string Column(int column, IReadOnlyList<string>? header) =>
        $"column {column + 1}" + (header is not null && header[column].Length > 0 ? $" ({ErrorText.Short(header[column])})" : "");

    /// <summary>Takes the weight of the next row, which is there.</summary>
    internal void Add(double weight)
    {
        _weights!.Add(1)[0] = weight;
        _sum += weight;
    }

    /// <summary>Gives one weight per row that is there; null where all count the same. Checks that they are weights of something.</summary>
    /// <param name="header">The names of all columns of the file, or null.</param>
    internal double[]? ToArray(IReadOnlyList<string>? header)
    {
        if (_weights is null)
        {
            return null;
        }

        if (_weights.Count == 0)
        {
            throw new TableFormatException($"{place}: {Column(column, header)}: all weights are 0; at least one above 0 is required");
        }

        return double.IsFinite(_sum)
            ? _weights.ToArray()
            : throw new TableFormatException($"{place}: {Column(column, header)}: the sum of the weights is beyond the range of a double (1.8e308)");
    }
}
