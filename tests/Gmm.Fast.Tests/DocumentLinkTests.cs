using System.Text;
using System.Text.RegularExpressions;

namespace Gmm.Fast.Tests;

/// <summary>Checks that every relative link of every document names a file or folder of the repository, and its anchor a heading.</summary>
public partial class DocumentLinkTests
{
    private static readonly string[] s_built = ["bin", "obj", "artifacts", "shared", "BenchmarkDotNet.Artifacts", "TestResults"];

    public static TheoryData<string> Documents => [.. Markdown(Repository.Root).Select(Relative).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void EveryLinkLeadsSomewhere(string document)
    {
        var path = Path.Combine(Repository.Root, document);
        var prose = Prose(File.ReadAllText(path));
        var names = Definition().Matches(prose).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var undefined = Reference().Matches(prose).Select(match => match.Groups["name"].Value).Where(name => !names.Contains(name));
        var broken = Link().Matches(prose).Concat(Definition().Matches(prose)).Select(match => match.Groups["target"].Value)
            .Where(target => !IsOfTheWeb(target) && Fault(path, target) is not null).Select(target => $"{target}: {Fault(path, target)}");
        Assert.Empty(undefined.Select(name => $"[{name}] is not defined").Concat(broken));
    }

    [Theory]
    [InlineData("no/such/file.md")]
    [InlineData("README.md#no-such-heading")]
    [InlineData("../outside.md")]
    public void ABrokenLinkIsFound(string target) => Assert.NotNull(Fault(Path.Combine(Repository.Root, "README.md"), target));

    [Theory]
    [InlineData("# What bounds `Gmm.Fast`?", "what-bounds-gmmfast")]
    [InlineData("## A [link](there.md), and 2 x 3", "a-link-and-2-x-3")]
    public void AnAnchorIsMadeAsTheSiteMakesIt(string heading, string anchor) => Assert.Equal([anchor], Anchors(heading));

    // Null where the link is whole.
    private static string? Fault(string document, string target)
    {
        var (file, anchor) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, null);
        var path = file.Length == 0 ? document : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(document)!, Uri.UnescapeDataString(file)));
        if (Relative(path).StartsWith("..", StringComparison.Ordinal)) return "outside the repository";
        if (!Path.Exists(path)) return "does not exist";
        if (anchor is null) return null;
        return path.EndsWith(".md", StringComparison.Ordinal) && Anchors(File.ReadAllText(path)).Contains(anchor) ? null : "no such heading";
    }

    private static IEnumerable<string> Markdown(string folder) => Directory.EnumerateFiles(folder, "*.md").Concat(
        Directory.EnumerateDirectories(folder).Where(child => !Path.GetFileName(child).StartsWith('.') && !s_built.Contains(Path.GetFileName(child)))
            .SelectMany(Markdown));

    private static string Relative(string path) => Path.GetRelativePath(Repository.Root, path);

    // Not followed: tests need no network.
    private static bool IsOfTheWeb(string target) => target.StartsWith("https://", StringComparison.Ordinal);

    // Without code, where brackets are no links.
    private static string Prose(string text) => InlineCode().Replace(Fence().Replace(text, ""), "");

    // Small letters, digits, '-' and '_'; a space is '-'; a heading that comes again gets a number.
    private static List<string> Anchors(string text)
    {
        var anchors = new List<string>();
        foreach (Match heading in Heading().Matches(Fence().Replace(text, "")))
        {
            var slug = new StringBuilder();
            foreach (var c in LinkText().Replace(heading.Groups["text"].Value.Trim(), "$1").ToLowerInvariant())
            {
                if (char.IsLetterOrDigit(c) || c is '-' or '_') slug.Append(c);
                else if (c == ' ') slug.Append('-');
            }
            var earlier = anchors.Count(anchor => anchor == slug.ToString());
            anchors.Add(earlier == 0 ? slug.ToString() : $"{slug}-{earlier}");
        }
        return anchors;
    }

    [GeneratedRegex(@"^ *```.*?^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]+`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\[(?<name>[^\]]+)\]: +(?<target>\S+)", RegexOptions.Multiline)]
    private static partial Regex Definition();

    [GeneratedRegex(@"\]\[(?<name>[^\]]+)\]")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex("^#{1,6} +(?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
