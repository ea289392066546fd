using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Gmm.Cli.Tests;

/// <summary>
/// Runs the commands that documents show, and compares what they print. Commands stand after "$ " in blocks of the language console, their output below
/// them; "..." stands for any number of lines.
/// </summary>
public class DocumentCommandTests
{
    private const string Begin = "```console\n";
    private const string Prompt = "$ ";
    private const string Gap = "...";

    public static TheoryData<string> Documents =>
        [.. Directory.EnumerateFiles(Folder(), "*.md").Where(path => File.ReadAllText(path).Contains(Begin)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task CommandsPrintWhatTheDocumentShows(string document)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "commands need a POSIX shell");
        using var scratch = new Scratch();
        var data = Directory.CreateDirectory(scratch.Path("data")).FullName;
        foreach (var file in Directory.EnumerateFiles(Tool.Data(""), "*.csv")) File.Copy(file, Path.Combine(data, Path.GetFileName(file)));
        foreach (var (command, shown) in Commands(await File.ReadAllTextAsync(Path.Combine(Folder(), document), TestContext.Current.CancellationToken)))
        {
            var printed = await Run(scratch.Folder, command);
            Assert.True(IsShown(printed, shown), $"{Prompt}{command}\n{string.Join('\n', printed)}");
        }
    }

    [Theory]
    [InlineData("a\nb\nc", "a\n...\nc", true)]
    [InlineData("a\nb\nc", "a\nb\nc\n...", true)]
    [InlineData("a\nb\nc", "...\nb", false)]
    [InlineData("a\nb\nb", "...\nb", true)]
    [InlineData("a", "a\nb", false)]
    [InlineData("a\nb", "a", false)]
    public void DotsStandForAnyLines(string printed, string shown, bool expected) => Assert.Equal(expected, IsShown(printed.Split('\n'), shown.Split('\n')));

    private static IEnumerable<(string Command, string[] Shown)> Commands(string text) =>
        text.Split(Begin)[1..].SelectMany(block => ('\n' + block.Split("```")[0]).Split('\n' + Prompt)[1..]).Select(part =>
        {
            var lines = part.TrimEnd('\n').Split('\n');
            return (lines[0], lines[1..]);
        });

    private static bool IsShown(ReadOnlySpan<string> printed, ReadOnlySpan<string> shown)
    {
        if (shown.IsEmpty) return printed.IsEmpty;
        if (shown[0] != Gap) return !printed.IsEmpty && printed[0] == shown[0] && IsShown(printed[1..], shown[1..]);
        for (var skipped = 0; skipped <= printed.Length; skipped++)
        {
            if (IsShown(printed[skipped..], shown[1..])) return true;
        }
        return false;
    }

    private static async Task<string[]> Run(string folder, string command)
    {
        var gmm = Tool.Info(folder);
        var info = new ProcessStartInfo("/bin/sh", ["-c", $"gmm() {{ '{gmm.FileName}' '{gmm.ArgumentList[0]}' \"$@\"; }}; {{ {command} ; }} 2>&1"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(info)!;
        var output = (await Tool.Finish(process)).Output;
        return output.Length == 0 ? [] : output.TrimEnd('\n').Split('\n');
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "docs"));
}
