using System.Globalization;

namespace Gmm.Data.Text;

/// <summary>Says what a column of a text holds, from its start.</summary>
internal enum ColumnRole : byte
{
    /// <summary>Numbers; any other text in it is an error.</summary>
    Numbers,

    /// <summary>Nothing so far.</summary>
    Nothing,

    /// <summary>Text; it is left out unless it is asked for.</summary>
    Text,

    /// <summary>Dates or times.</summary>
    Dates,

    /// <summary>True and false.</summary>
    Truths,
}

/// <summary>
/// Says which lines of a text are points and what its columns are called and hold, decided from its start by <see cref="LayoutFinder"/>.
/// </summary>
/// <param name="Dialect">How cells are separated.</param>
/// <param name="Width">The number of columns. A record may have more cells if those are empty.</param>
/// <param name="Padding">The number of empty columns without a name behind them.</param>
/// <param name="FirstPoint">The number of records before the first point.</param>
/// <param name="Names">The names of all columns, empty for none; null without a header.</param>
/// <param name="Line">The line that tells the columns: of the header, or of the first point.</param>
/// <param name="HasRowNames">Whether the header has no cell for the first column, which then names the rows.</param>
/// <param name="Roles">What each column holds.</param>
/// <param name="Guesses">What was doubtful.</param>
internal sealed record TextLayout(
    TextDialect Dialect, int Width, int Padding, int FirstPoint, string[]? Names, long Line, bool HasRowNames, ColumnRole[] Roles, List<TableNote> Guesses)
{
    /// <summary>Says how cells were separated, for an error about the shape.</summary>
    internal string Separation(TableOptions options)
    {
        var name = TextDialect.NameOf(Dialect.Separator);
        return options.Separator is null ? $"cells are taken to be separated by {name}; {options.Words.Separator} says another"
            : $"cells are separated by {name}, as {options.Words.Separator} says";
    }

    internal static string At(string place, long line) => string.Create(CultureInfo.InvariantCulture, $"{place}:{line}");
}
