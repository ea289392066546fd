using System.Globalization;
using System.Text.RegularExpressions;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>The comparison of docs/numerics.md has every situation, for every type once, and no others; Gmm.Fast keeps its limits there.</summary>
public partial class SklearnTableTests
{
    private const double UnitRoundoff = 1.0 / (1L << 53);

    // Situation and type: the cells of Gmm.Fast and of scikit-learn.
    private static readonly ILookup<(string, string), string[]> s_table = Rows("numerics.md")
        .SelectMany(row => (row[1] == "all" ? [.. Layout.CovarianceTypes] : row[1].Split(", ")).Select(type => (Type: type, Row: row)))
        .ToLookup(entry => (entry.Row[0], entry.Type), entry => entry.Row[2..]);

    private static readonly ILookup<(string, string), string[]> s_details =
        Rows(Path.Combine("numerics", "sklearn.md")).ToLookup(row => (row[0], row[1]), row => row[2..]);

    public static TheoryData<string> Types => Judge.Types;

    [Fact]
    public void BothTablesHaveEverySituationOnce()
    {
        (string, string)[] expected = [.. Layout.CovarianceTypes.SelectMany(type => SituationSets.All(type).Select(situation => (situation.Name, type))).Order()];
        Assert.Equal(expected, s_table.SelectMany(entry => entry.Select(_ => entry.Key)).Order());
        Assert.Equal(expected, s_details.SelectMany(entry => entry.Select(_ => entry.Key)).Order());
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void GmmFastKeepsTheLimits(string type)
    {
        Assert.All(SituationSets.Fitting(type), situation => Assert.InRange(Engine(situation, type), 0, 100 * UnitRoundoff));
        foreach (var (situation, condition) in SituationSets.NearlySingular(type).Zip(SituationSets.Conditions))
            Assert.InRange(Engine(situation, type), 0, condition * UnitRoundoff);
        Assert.All(SituationSets.Collapsing(type), situation => Assert.StartsWith("collapses [", s_table[(situation.Name, type)].Single()[0]));
    }

    [Fact]
    public void ANumberIsTheWorstOfItsTypes()
    {
        var measures = s_details.First().First().Length / 2;
        foreach (var row in Rows("numerics.md"))
        {
            var members = (row[1] == "all" ? Layout.CovarianceTypes : row[1].Split(", ")).Select(type => s_details[(row[0], type)].Single()).ToArray();
            Assert.Equal(Worst(members.SelectMany(cells => cells[..measures])), Number(row[2]));
            Assert.Equal(Worst(members.SelectMany(cells => cells[measures..])), Number(row[3]));
        }
    }

    private static double Engine(Situation situation, string type) => Number(s_table[(situation.Name, type)].Single()[0])!.Value;

    private static double? Worst(IEnumerable<string> cells) => cells.Max(Number);

    private static double? Number(string cell) =>
        FirstNumber().Match(cell) is { Success: true } match ? double.Parse(match.Value, CultureInfo.InvariantCulture) : null;

    // The cells of the table of a document that the comparison wrote.
    private static string[][] Rows(string document)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", document));
        var lines = text[Math.Max(0, text.IndexOf("<!-- scikit-learn -->", StringComparison.Ordinal))..].Split('\n').Where(line => line.StartsWith('|'));
        return [.. lines.Skip(2).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];
    }

    [GeneratedRegex(@"^\d\.\de[+-]\d+")]
    private static partial Regex FirstNumber();
}
