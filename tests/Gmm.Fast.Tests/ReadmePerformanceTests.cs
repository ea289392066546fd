using System.Text.RegularExpressions;

namespace Gmm.Fast.Tests;

/// <summary>The README's performance tables are those of the results it names, line for line, as bench/readme-table.sh copies them.</summary>
public partial class ReadmePerformanceTests
{
    [Fact]
    public void TheTablesAreThoseOfTheResults()
    {
        var section = Section().Match(File.ReadAllText(Path.Combine(Repository.Root, "README.md")));
        Assert.True(section.Success, "the README has no performance section between its two markers");
        var shown = Lines(section.Groups["text"].Value).Where(IsTable);

        // Without the name of a machine there is nothing to copy from, so nothing may be shown.
        string[] expected = section.Groups["cpu"] is { Success: true } cpu
            ? [.. FirstTable(cpu.Value, "targets.md", required: true), .. FirstTable(cpu.Value, "peers.md", required: false)]
            : [];
        Assert.Equal(expected, shown);
    }

    private static IEnumerable<string> FirstTable(string cpu, string file, bool required)
    {
        var path = Path.Combine(Repository.Root, "bench", "results", cpu, file);
        return !required && !File.Exists(path) ? [] : Lines(File.ReadAllText(path)).SkipWhile(line => !IsTable(line)).TakeWhile(IsTable);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries);

    private static bool IsTable(string line) => line.StartsWith('|');

    [GeneratedRegex("^<!-- performance(: (?<cpu>.+?))? -->$(?<text>.*?)^<!-- /performance -->$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();
}
