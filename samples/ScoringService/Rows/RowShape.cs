using System.Globalization;
using Gmm.Fast;
using ScoringService.Problems;

namespace ScoringService.Rows;

/// <summary>Says what rows have to look like, and words what is wrong with one that does not.</summary>
/// <param name="Dimension">D.</param>
/// <param name="Names">[D] names of the columns, or null.</param>
/// <param name="MayHaveGaps">Whether values may be missing.</param>
/// <param name="MaxRows">The most rows.</param>
internal sealed record RowShape(int Dimension, IReadOnlyList<string>? Names, bool MayHaveGaps, int MaxRows)
{
    public static RowShape Of(GaussianMixture mixture, int maxRows) =>
        new(mixture.Dimension, mixture.ColumnNames, mixture.MissingValues == MissingValues.Marginalize, maxRows);

    /// <summary>What a value has to be.</summary>
    public string Value => MayHaveGaps ? "a finite number, or null for a missing one," : "a finite number";

    /// <summary>Makes the problem of a value.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="column">The column in the request, from 0.</param>
    /// <param name="name">Its name, or null.</param>
    /// <param name="found">What stands there.</param>
    public ProblemException BadValue(int row, int column, string? name, string found) => new(
        new Problem(StatusCodes.Status400BadRequest, "bad-value", string.Create(CultureInfo.InvariantCulture, $"row {row}, column {column}{Named(name)} is {found}; {Value} is required"))
        {
            Row = row,
            Column = column,
            ColumnName = name,
        });

    /// <summary>Makes the problem of a row as a whole.</summary>
    public ProblemException BadRow(int row, string problem) => new(new Problem(
        StatusCodes.Status400BadRequest, "bad-row", string.Create(CultureInfo.InvariantCulture, $"row {row} {problem}; {Row} is required"))
    {
        Row = row,
    });

    /// <summary>Makes the problem of more rows than a request may have.</summary>
    public ProblemException TooManyRows() => new(new Problem(
        StatusCodes.Status413PayloadTooLarge, "too-many-rows", string.Create(CultureInfo.InvariantCulture, $"the request has more than {MaxRows} rows; send fewer a request")));

    private static string Named(string? name) => name is null ? "" : $" ('{Shown.Of(name)}')";

    private string Row => Dimension == 1
        ? "an array of 1 number"
        : string.Create(CultureInfo.InvariantCulture, $"an array of {Dimension} numbers");
}
