using System.Globalization;
using Gmm.Report.Html;

namespace Gmm.Cli.Notebook;

/// <summary>A number or text of the document beside ours.</summary>
/// <param name="What">What it is.</param>
/// <param name="Printed">As the document prints it.</param>
/// <param name="Ours">To as many digits.</param>
/// <param name="Difference">Ours minus printed; empty for text.</param>
/// <param name="Agrees">Null where the document's is not known.</param>
internal sealed record NotebookCheck(string What, string Printed, string Ours, string Difference, bool? Agrees)
{
    private const string NotKnown = "not known here";

    // Sums in another order: 24 iterations on 100 points move the last one or two of 16 digits.
    private const double AllDigitsTolerance = 1e-12;

    // A number printed with 8 decimals may itself be half a unit off, and a double that says so may be a hair more.
    private const double HalfUnit = 0.5 + 1e-6;

    /// <summary>Text, which must be the same.</summary>
    public static NotebookCheck Text(string what, string printed, string ours) => new(what, printed, ours, "", printed == ours);

    /// <summary>A number that was rounded to so many decimals when printed.</summary>
    public static NotebookCheck Rounded(string what, string printed, double ours, int decimals)
    {
        var difference = ours - Parse(printed);
        return new(what, printed, NotebookText.Decimals(ours, decimals), NotebookText.Small(difference),
            Math.Abs(difference) <= HalfUnit * Math.Pow(10, -decimals));
    }

    /// <summary>A number printed with all digits of a double.</summary>
    public static NotebookCheck AllDigits(string what, string printed, double ours) => Within(what, printed, ours, "R", AllDigitsTolerance);

    /// <summary>A number that may differ by a known share.</summary>
    public static NotebookCheck Within(string what, string printed, double ours, string format, double tolerance)
    {
        var value = Parse(printed);
        var difference = ours - value;
        return new(what, printed, ours.ToString(format, CultureInfo.InvariantCulture), NotebookText.Small(difference),
            Math.Abs(difference) <= tolerance * Math.Abs(value));
    }

    /// <summary>Something that the document has, but not in the copies this program was made from.</summary>
    public static NotebookCheck Unknown(string what, string ours) => new(what, NotKnown, ours, "", null);

    /// <summary>The checks as a table: printed, ours, agree.</summary>
    public static Table Table(IReadOnlyList<NotebookCheck> checks, string? caption = null)
    {
        var table = new Table(["", "Printed", "Ours", "Difference", "Agree"], caption);
        foreach (var check in checks)
        {
            table.Add(check.What, check.Printed, check.Ours, check.Difference, check.Agrees switch
            {
                true => new Cell("agrees", Mark.Good),
                false => new Cell("differs", Mark.Warning),
                _ => "–",
            });
        }
        return table;
    }

    /// <summary>agrees, or how many do not.</summary>
    public static string Verdict(IReadOnlyList<NotebookCheck> checks) => checks.Count(check => check.Agrees == false) switch
    {
        0 => "agrees",
        var bad => $"differs in {bad} of {checks.Count}",
    };

    private static double Parse(string printed) => double.Parse(printed, CultureInfo.InvariantCulture);
}
