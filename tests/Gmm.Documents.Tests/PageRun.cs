using System.Text;
using System.Text.RegularExpressions;
using Gmm.Cli;
using Gmm.Fast.Tests;

namespace Gmm.Documents.Tests;

/// <summary>Runs the blocks of a page from its top to its end, in one folder with the data of the repository.</summary>
internal sealed partial class PageRun : IDisposable
{
    private const string Tool = "gmm";
    private const string Prompt = "$ ";
    private const string Gap = "...";

    private readonly string _outside = Environment.CurrentDirectory;
    private readonly string _folder = Directory.CreateTempSubdirectory("gmm-page-").FullName;

    // Of the last program, which the next block may continue.
    private string _script = "";
    private string _printed = "";

    public PageRun()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "data"), "*.csv")) File.Copy(file, Path.Combine(data, Path.GetFileName(file)));
        Environment.CurrentDirectory = _folder;
    }

    /// <summary>What could not be run here, and why.</summary>
    public List<string> Skipped { get; } = [];

    public void Dispose()
    {
        Environment.CurrentDirectory = _outside;
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Runs a page.</summary>
    public void Run(string page)
    {
        string? printed = null;
        var blocks = Pages.Blocks(page);
        for (var i = 0; i < blocks.Count; i++)
        {
            var block = blocks[i];
            if (block.IsPrinted) AssertShown(block, Assert.IsType<string>(printed));
            else printed = Printed(block);
        }
    }

    // Null for a block that is not run.
    private string? Printed(Block block)
    {
        if (block.IsLeftOut) return null;
        switch (block.Language)
        {
            case "csharp" or "cs":
                return Program(block);
            case "console":
                foreach (var (command, shown) in Commands(block.Text)) AssertShown(block, Shell(command), shown);
                return null;
            case "sh" when block.Find(NoteKind.Run) is not null:
                return Shell(block.Text);
            case "python":
                return Script(block, Interpreter.Python);
            case "r":
                return Script(block, Interpreter.R);
            default:
                return null;
        }
    }

    private string? Program(Block block)
    {
        var snippet = Snippets.All.Single(snippet => snippet.Place == block.Place);
        if (!snippet.Runs) return null;
        return Own(block, snippet.Output(Snippets.Assembly));
    }

    // What the block itself prints, behind what it continues.
    private string Own(Block block, string printed)
    {
        var before = block.Find(NoteKind.Continues) is null ? "" : _printed;
        _printed = printed;
        Assert.StartsWith(before, printed, StringComparison.Ordinal);
        return printed[before.Length..];
    }

    private string? Script(Block block, Interpreter interpreter)
    {
        _script = block.Find(NoteKind.Continues) is null ? block.Text : _script + block.Text;
        var modules = interpreter.Modules(_script);
        if (interpreter.For(modules) is not { } command)
        {
            Skipped.Add($"{block.Place} needs {interpreter.Name} with {string.Join(", ", modules)}");
            return null;
        }
        var file = Path.Combine(_folder, $"line-{block.Line}");
        File.WriteAllText(file, _script);
        return Own(block, Finished(command, [file]));
    }

    private string Finished(string program, string[] arguments)
    {
        var (exitCode, output, error) = Interpreter.Run(program, arguments, _folder) ?? throw new InvalidOperationException($"there is no {program}");
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}\n{output}{error}");
        return output;
    }

    // Lines that are commands of the tool and nothing else run in this process, which takes a tenth of the time.
    private string Shell(string commands)
    {
        var lines = commands.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (!lines.All(line => PlainCommand().IsMatch(line))) return Finished("/bin/sh", ["-c", Defined(commands)]);
        var printed = new StringBuilder();
        foreach (var line in lines)
        {
            using var output = new MemoryStream();
            using var error = new StringWriter { NewLine = "\n" };
            var words = WhiteSpace().Split(line)[1..];
            var exitCode = Cli.Program.Run(words, new StandardStreams(Stream.Null, output, error, ErrorIsTerminal: false), CancellationToken.None);
            Assert.True(exitCode == 0, $"{line}\n{error}");
            printed.Append(error).Append(Encoding.UTF8.GetString(output.ToArray()));
        }
        return printed.ToString();
    }

    private static string Defined(string commands)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        return $"set -e\n{Tool}() {{ '{host}' '{Path.Combine(AppContext.BaseDirectory, "gmm.dll")}' \"$@\"; }}\n{{ {commands}\n}} 2>&1";
    }

    private static IEnumerable<(string Command, string Shown)> Commands(string text) => ('\n' + text).Split('\n' + Prompt)[1..].Select(part =>
    {
        var end = part.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? (part, "") : (part[..end], part[(end + 1)..]);
    });

    private static void AssertShown(Block block, string printed) => AssertShown(block, printed, block.Text);

    private static void AssertShown(Block block, string printed, string shown) =>
        Assert.True(IsShown(Lines(printed), Lines(shown)), $"{block.Place}: this is printed:\n{printed}");

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    /// <summary>Tells whether lines are those that a page shows, where "..." stands for any number of them.</summary>
    internal static bool IsShown(ReadOnlySpan<string> printed, ReadOnlySpan<string> shown)
    {
        if (shown.IsEmpty) return printed.IsEmpty;
        if (shown[0] != Gap) return !printed.IsEmpty && printed[0] == shown[0] && IsShown(printed[1..], shown[1..]);
        for (var skipped = 0; skipped <= printed.Length; skipped++)
        {
            if (IsShown(printed[skipped..], shown[1..])) return true;
        }
        return false;
    }

    [GeneratedRegex(@"^gmm [\w\s./:,=%+-]+$")]
    private static partial Regex PlainCommand();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
