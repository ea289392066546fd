using System.Globalization;
using Gmm.Report.Html;

namespace Notebook;

/// <summary>Compares a number or a text of the document with ours.</summary>
/// <param name="What">Names the number.</param>
/// <param name="Printed">Repeats it as the document prints it.</param>
/// <param name="Ours">Gives ours to as many digits.</param>
/// <param name="Difference">Says ours minus printed; empty for text.</param>
/// <param name="Agrees">Says whether the two agree.</param>
public sealed record Check(string What, string Printed, string Ours, string Difference, bool Agrees)
{
    // Sums in another order: 24 iterations on 100 points move the last one or two of 16 digits.
    private const double AllDigitsTolerance = 1e-12;

    // A number printed with 8 decimals may itself be half a unit off, and a double that says so may be a hair more.
    private const double HalfUnit = 0.5 + 1e-6;

    /// <summary>Compares texts, which must be the same.</summary>
    public static Check Text(string what, string printed, string ours) => new(what, printed, ours, "", printed == ours);

    /// <summary>Compares a number that the document rounds to so many decimals.</summary>
    public static Check Rounded(string what, string printed, double ours, int decimals)
    {
        var difference = ours - Parse(printed);
        return new(what, printed, Format.Decimals(ours, decimals), Format.Small(difference),
            Math.Abs(difference) <= HalfUnit * Math.Pow(10, -decimals));
    }

    /// <summary>Compares a number that the document prints with all digits of a double.</summary>
    public static Check AllDigits(string what, string printed, double ours) => Within(what, printed, ours, "R", AllDigitsTolerance);

    /// <summary>Compares a number that may differ by a known share of its value.</summary>
    public static Check Within(string what, string printed, double ours, string format, double tolerance)
    {
        var value = Parse(printed);
        var difference = ours - value;
        return new(what, printed, ours.ToString(format, CultureInfo.InvariantCulture), Format.Small(difference),
            Math.Abs(difference) <= tolerance * Math.Abs(value));
    }

    /// <summary>Makes a table of checks: printed, ours, difference, agree.</summary>
    public static Table Table(IReadOnlyList<Check> checks, string? caption = null)
    {
        var table = new Table(["", "Printed", "Ours", "Difference", "Agree"], caption);
        foreach (var check in checks)
        {
            table.Add(check.What, check.Printed, check.Ours, check.Difference,
                check.Agrees ? new Cell("agrees", Mark.Good) : new Cell("differs", Mark.Warning));
        }
        return table;
    }

    /// <summary>Says "agrees", or how many checks do not.</summary>
    public static string Verdict(IReadOnlyList<Check> checks) => checks.Count(check => !check.Agrees) switch
    {
        0 => "agrees",
        var bad => $"differs in {bad} of {checks.Count}",
    };

    private static double Parse(string printed) => double.Parse(printed, CultureInfo.InvariantCulture);
}
