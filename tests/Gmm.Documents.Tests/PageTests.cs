using System.Text.Json;
using System.Xml.Linq;
using Gmm.Fast.Tests;

namespace Gmm.Documents.Tests;

/// <summary>Checks the code on every page of docs/: see the section of CONTRIBUTING.md about it.</summary>
public class PageTests
{
    public static TheoryData<string> All => [.. Pages.All];

    [Theory]
    [MemberData(nameof(All))]
    public void EveryBlockIsTestedOrSaysWhyNot(string page) =>
        Faults.AreNone(
            from block in Pages.Blocks(page)
            let fault = Fault(block)
            where fault is not null
            select $"{block.Place}: {fault}");

    [Theory]
    [InlineData("```\nx\n```", "a language is required")]
    [InlineData("```text\nx\n```", "text needs a note: what it is the output of, or why it is untested")]
    [InlineData("<!-- untested -->\n```yaml\nx\n```", "untested needs a reason")]
    [InlineData("<!-- untested: no cluster -->\n```yaml\nx\n```", null)]
    [InlineData("<!-- untested: of another block -->\n\nText.\n\n```yaml\nx\n```", "nothing tests yaml; it needs a note that says why")]
    [InlineData("<!-- tested by PageTests -->\n```python\nx\n```", null)]
    [InlineData("<!-- tested by NoSuchTests -->\n```python\nx\n```", "there are no tests NoSuchTests")]
    [InlineData("```json\n{ x }\n```", "it is no JSON")]
    [InlineData("```sh\ngmm fit a.csv -k 2\n```", null)]
    public void AFaultIsFound(string text, string? fault) => Assert.Equal(fault, Fault(Assert.Single(Pages.Parse("page.md", text))));

    [Fact]
    public void CSharpCompiles() => Faults.AreNone(Snippets.Errors);

    [Theory]
    [MemberData(nameof(All))]
    public void PagesRunFromTopToEnd(string page)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "commands need a POSIX shell");
        using var run = new PageRun();
        run.Run(page);
        Assert.SkipUnless(run.Skipped.Count == 0, $"all else ran; {string.Join("; ", run.Skipped)}");
    }

    [Theory]
    [InlineData("a\nb\nc", "a\n...\nc", true)]
    [InlineData("a\nb\nc", "a\nb\nc\n...", true)]
    [InlineData("a\nb\nc", "...\nb", false)]
    [InlineData("a\nb\nb", "...\nb", true)]
    [InlineData("a", "a\nb", false)]
    [InlineData("a\nb", "a", false)]
    public void DotsStandForAnyLines(string printed, string shown, bool expected) => Assert.Equal(expected, PageRun.IsShown(printed.Split('\n'), shown.Split('\n')));

    // Null for a block that a test looks at.
    private static string? Fault(Block block)
    {
        if (block.Notes.FirstOrDefault(note => note.Kind is NoteKind.Untested or NoteKind.CompiledOnly) is { } note)
            return note.Text.Length > 0 ? null : $"{(note.Kind == NoteKind.Untested ? "untested" : "compiled only")} needs a reason";
        if (block.Find(NoteKind.TestedBy) is { } test) return IsThere(test.Text) ? null : $"there are no tests {test.Text}";
        return block.Language switch
        {
            "" => "a language is required",
            "text" => block.IsPrinted ? null : "text needs a note: what it is the output of, or why it is untested",
            "csharp" or "cs" or "sh" or "console" or "python" or "r" => null,
            "json" => IsRead(() => JsonDocument.Parse(block.Text).Dispose()) ? null : "it is no JSON",
            "xml" => IsRead(() => XElement.Parse($"<block>{block.Text}</block>")) ? null : "it is no XML",
            var other => $"nothing tests {other}; it needs a note that says why",
        };
    }

    private static bool IsThere(string tests) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), $"{tests}.cs", SearchOption.AllDirectories).Any();

    private static bool IsRead(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (Exception e) when (e is JsonException or System.Xml.XmlException)
        {
            return false;
        }
    }
}
