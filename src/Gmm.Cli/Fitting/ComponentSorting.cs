using Gmm.Fast;

namespace Gmm.Cli.Fitting;

/// <summary>Describes what <c>--sort</c> asks for: weights, or the means of a column that only the data or a model can find.</summary>
/// <param name="Column">The name or number of a column, or null for weights.</param>
internal sealed record ComponentSorting(string? Column)
{
    private const string Weight = "weight";
    private const string Mean = "mean:";

    public const string Requirement = "weight or mean:COLUMN is required";

    /// <summary>Reads the value of the option; null where it is none.</summary>
    public static ComponentSorting? Parse(string text)
    {
        if (text == Weight) return new ComponentSorting((string?)null);
        return text.StartsWith(Mean, StringComparison.Ordinal) && text.Length > Mean.Length ? new ComponentSorting(text[Mean.Length..].Trim()) : null;
    }

    /// <summary>Finds the column by name or, where none has that name, by number from 1.</summary>
    /// <param name="names">[D], or null.</param>
    /// <param name="columns">D.</param>
    /// <param name="source">What messages call the data or the model.</param>
    public ComponentOrder Order(IReadOnlyList<string>? names, int columns, string source)
    {
        if (Column is null) return ComponentOrder.ByWeight;
        var found = Enumerable.Range(0, names?.Count ?? 0).Where(j => names![j] == Column).ToArray();
        if (found.Length > 1) throw CommandFailure.Input($"{source}: --sort names '{Column}', which {found.Length} columns are called; its number is required");
        if (found.Length == 1) return ComponentOrder.ByMean(found[0]);
        if (int.TryParse(Column, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= columns)
            return ComponentOrder.ByMean(number - 1);
        var known = names is null ? $"numbers from 1 to {columns} are possible" : $"{string.Join(", ", names.Take(10))}{(columns > 10 ? ", ..." : "")} are possible";
        throw CommandFailure.Input($"{source}: --sort asks for the column '{Column}', which is not there; {known}");
    }
}
