using System.Text.RegularExpressions;

namespace Gmm.Fast.Tests;

/// <summary>Compares the README's table of other systems with the first table of the file it links to, as bench/readme-table.sh copies it.</summary>
public partial class ReadmePerformanceTests
{
    [Fact]
    public void TheTableIsThatOfTheResults()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var section = Section().Match(readme);
        Assert.True(section.Success, "the README has no performance section between its two markers");
        var file = $"bench/results/{section.Groups["cpu"].Value}/peers.md";
        Assert.Contains($"({file})", readme, StringComparison.Ordinal);
        var expected = File.ReadLines(Path.Combine(Repository.Root, file)).SkipWhile(line => !IsTable(line)).TakeWhile(IsTable);
        Assert.Equal(expected, section.Groups["text"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static bool IsTable(string line) => line.StartsWith('|');

    [GeneratedRegex("^<!-- performance: (?<cpu>.+?) -->$(?<text>.*?)^<!-- /performance -->$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();
}
