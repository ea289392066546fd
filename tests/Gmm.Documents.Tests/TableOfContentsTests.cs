using System.Text.RegularExpressions;
using Gmm.Fast.Tests;

namespace Gmm.Documents.Tests;

/// <summary>Checks that the table of contents of the site lists every page but the first one.</summary>
public partial class TableOfContentsTests
{
    private const string Home = "docs/index.md";

    [Fact]
    public void EveryPageIsListed()
    {
        var listed = Reference().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "toc.yml"))).Select(match => $"docs/{match.Groups["page"].Value}");
        Assert.Equal([Home], Pages.All.Except(listed));
    }

    [GeneratedRegex(@"href: (?<page>\S+\.md)")]
    private static partial Regex Reference();
}
