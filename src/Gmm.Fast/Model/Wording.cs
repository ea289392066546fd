using System.Globalization;

namespace Gmm.Fast.Model;

/// <summary>Speaks of columns, components and options in the words of a caller.</summary>
/// <param name="vocabulary">The words.</param>
/// <param name="names">[D]: names of the columns, or null.</param>
internal sealed class Wording(Vocabulary vocabulary, IReadOnlyList<string>? names)
{
    // Longer lists are cut: a line is read, not counted.
    private const int MostListed = 8;

    /// <summary>The option that adds to variances.</summary>
    public string Regularization => vocabulary.Regularization;

    /// <summary>Says what option helps a covariance without variance in some direction.</summary>
    public string MoreThan(bool isZero) => isZero ? $"{Regularization} > 0" : $"a larger {Regularization}";

    /// <summary>Gives a column in a formula.</summary>
    public string Token(int column) => names is not null ? names[column] : Text($"{vocabulary.NamelessPrefix}{column + vocabulary.FirstColumn}");

    /// <summary>Gives a column in a sentence, before its verb.</summary>
    public string Column(int column)
    {
        if (names is not null) return $"{vocabulary.Column} '{names[column]}'";
        var token = Token(column);
        return token.StartsWith(vocabulary.Column, StringComparison.Ordinal) ? Text($"{token}, counted from {vocabulary.FirstColumn},") : $"{vocabulary.Column} {token}";
    }

    /// <summary>Says how nameless columns of a list or formula count; empty where the words show it.</summary>
    public string Counting => names is null && vocabulary.NamelessPrefix.StartsWith(vocabulary.Column, StringComparison.Ordinal)
        ? Text($" ({vocabulary.Column}s count from {vocabulary.FirstColumn})") : "";

    /// <summary>Lists items: "a, b and c".</summary>
    public static string List(IReadOnlyList<string> items)
    {
        if (items.Count > MostListed) return Text($"{string.Join(", ", items.Take(MostListed - 1))} and {items.Count - MostListed + 1} more");
        return items.Count == 1 ? items[0] : $"{string.Join(", ", items.Take(items.Count - 1))} and {items[^1]}";
    }

    /// <summary>Lists components: "component 1", "components 1 and 3".</summary>
    public static string Components(IReadOnlyList<int> components) =>
        $"component{(components.Count == 1 ? "" : "s")} {List([.. components.Select(k => Text($"{k}"))])}";

    /// <summary>Gives a number with six digits.</summary>
    public static string Number(double value) => value.ToString("g6", CultureInfo.InvariantCulture);

    /// <summary>Gives a number of points.</summary>
    public static string Points(double count) => Text($"{count:0.###} point{(count == 1 ? "" : "s")}");

    /// <summary>Makes text of an interpolated string, in no culture.</summary>
    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
