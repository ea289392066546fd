using System.Text.RegularExpressions;
using Gmm.Fast.Tests;

namespace Gmm.Documents.Tests;

/// <summary>Reads the blocks of code of the pages for users and builders.</summary>
internal static partial class Pages
{
    private const string Fence = "```";

    private static readonly Dictionary<string, NoteKind> s_notes = new()
    {
        ["given"] = NoteKind.Given,
        ["setup"] = NoteKind.Setup,
        ["continues"] = NoteKind.Continues,
        ["compiled only"] = NoteKind.CompiledOnly,
        ["run"] = NoteKind.Run,
        ["output"] = NoteKind.Output,
        ["tested by"] = NoteKind.TestedBy,
        ["untested"] = NoteKind.Untested,
    };

    private static readonly Dictionary<string, IReadOnlyList<Block>> s_blocks = [];

    /// <summary>The paths of all pages in docs/.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(path => $"docs/{Path.GetFileName(path)}").Order(StringComparer.Ordinal)];

    /// <summary>Gives the text of a page.</summary>
    public static string Text(string page) => File.ReadAllText(Path.Combine(Repository.Root, page));

    /// <summary>Gives the blocks of a page, in order.</summary>
    public static IReadOnlyList<Block> Blocks(string page) =>
        s_blocks.TryGetValue(page, out var known) ? known : s_blocks[page] = [.. Parse(page, Text(page))];

    /// <summary>Gives the blocks of a text, in order.</summary>
    /// <exception cref="FormatException">A fence is not closed.</exception>
    public static IEnumerable<Block> Parse(string page, string text)
    {
        var lines = text.Split('\n');
        var notes = new List<Note>();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.StartsWith("<!--", StringComparison.Ordinal))
            {
                var first = i;
                while (!lines[i].Contains("-->", StringComparison.Ordinal)) i++;
                if (Comment().Match(string.Join('\n', lines[first..(i + 1)])) is { Success: true } match)
                {
                    var body = match.Groups["text"];
                    notes.Add(new Note(s_notes[match.Groups["kind"].Value], first + 1 + match.Value[..body.Index].Count(c => c == '\n'), body.Value));
                }
            }
            else if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                var (first, indent) = (i + 1, lines[i].Length - lines[i].TrimStart().Length);
                do
                {
                    if (++i == lines.Length) throw new FormatException($"{page}:{first}: the block is not closed");
                }
                while (lines[i].Trim() != Fence);
                var body = string.Concat(lines[first..i].Select(inside => inside[Math.Min(indent, inside.Length)..] + '\n'));
                yield return new Block(page, first + 1, line[Fence.Length..].Trim(), body, [.. notes]);
                notes.Clear();
            }
            else if (line.Length > 0)
            {
                notes.Clear();
            }
        }
    }

    [GeneratedRegex(@"<!--\s*(?<kind>given|setup|continues|compiled only|run|output|tested by|untested)\b:?\s*(?<text>.*?)\s*-->", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
