using System.Globalization;
using System.Text.RegularExpressions;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>Checks that the comparison of docs/numerics.md has every situation once for every type, within the limits of Gmm.Fast.</summary>
public partial class SklearnTableTests
{
    private const double UnitRoundoff = 1.0 / (1L << 53);
    private const double FloatUnitRoundoff = 1.0 / (1 << 24);

    // Those that scikit-learn has as well.
    private static readonly string[] s_types = ["full", "tied", "diag", "spherical"];

    private static readonly ILookup<(string, string), string[]> s_doubles = ByType(Rows("numerics.md", "<!-- scikit-learn -->"));
    private static readonly ILookup<(string, string), string[]> s_floats = ByType(Rows("numerics.md", "<!-- scikit-learn, floats -->"));
    private static readonly ILookup<(string, string), string[]> s_details = ByType(Rows("numerics/sklearn.md", "# Errors by type"));

    public static TheoryData<string> Types => [.. s_types];

    [Fact]
    public void TheTablesHaveEverySituationOnce()
    {
        Same(SituationSets.All, s_doubles);
        Same(SituationSets.All, s_details);
        Same(SituationSets.FittingInSingle, s_floats);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void GmmFastKeepsTheLimits(string type)
    {
        Assert.All(SituationSets.Fitting(type), situation => Assert.InRange(Engine(s_doubles, situation), 0, 100 * UnitRoundoff));
        Assert.All(SituationSets.FittingInSingle(type), situation => Assert.InRange(Engine(s_floats, situation), 0, 150 * FloatUnitRoundoff));
        foreach (var (situation, condition) in SituationSets.NearlySingular(type).Zip(SituationSets.Conditions))
            Assert.InRange(Engine(s_doubles, situation), 0, condition * UnitRoundoff);
        Assert.All(SituationSets.Collapsing(type), situation => Assert.StartsWith("collapses [", s_doubles[(situation.Name, type)].Single()[0]));
    }

    [Fact]
    public void ANumberIsTheWorstOfItsTypes()
    {
        var measures = s_details.First().First().Length / 2;
        foreach (var row in Rows("numerics.md", "<!-- scikit-learn -->"))
        {
            var members = TypesOf(row).Select(type => s_details[(row[0], type)].Single()).ToArray();
            Assert.Equal(Worst(members.SelectMany(cells => cells[..measures])), Number(row[2]));
            Assert.Equal(Worst(members.SelectMany(cells => cells[measures..])), Number(row[3]));
        }
    }

    private static void Same(Func<string, Situation[]> situations, ILookup<(string, string), string[]> table) => Assert.Equal(
        s_types.SelectMany(type => situations(type).Select(situation => (situation.Name, type))).Order(),
        table.SelectMany(entry => entry.Select(_ => entry.Key)).Order());

    private static double Engine(ILookup<(string, string), string[]> table, Situation situation) =>
        Number(table[(situation.Name, situation.Start.CovarianceType)].Single()[0])!.Value;

    private static double? Worst(IEnumerable<string> cells) => cells.Max(Number);

    private static double? Number(string cell) =>
        FirstNumber().Match(cell) is { Success: true } match ? double.Parse(match.Value, CultureInfo.InvariantCulture) : null;

    // Situation and type: the cells behind them.
    private static ILookup<(string, string), string[]> ByType(string[][] rows) =>
        rows.SelectMany(row => TypesOf(row).Select(type => (Key: (row[0], type), Cells: row[2..]))).ToLookup(entry => entry.Key, entry => entry.Cells);

    private static IEnumerable<string> TypesOf(string[] row) => row[1] == "all" ? s_types : row[1].Split(", ");

    // The first table behind the marker, without its header.
    private static string[][] Rows(string document, string marker)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", document));
        var at = text.IndexOf(marker, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{document} has no {marker}");
        var lines = text[at..].Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|'));
        return [.. lines.Skip(2).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];
    }

    [GeneratedRegex(@"^\d\.\de[+-]\d+")]
    private static partial Regex FirstNumber();
}
