using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Gmm.Data.Images;

namespace Notebook.Tests;

/// <summary>Runs with pictures of one's own, and runs that end otherwise.</summary>
public sealed class EndingTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void PicturesOfOnesOwnTakeThePlaceOfTheSyntheticOnes()
    {
        var folder = Pictures("mine");
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "not a picture");
        var outcome = Sample.Run("--images", folder, "-o", _scratch.Path("out"));
        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith("notebook: warning: notes.txt: ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("24, mean colors", outcome.Output, StringComparison.Ordinal);
        var page = File.ReadAllText(_scratch.Path("out/notebook.html"));
        Assert.Contains("24 pictures of a folder of your own", page, StringComparison.Ordinal);
        Assert.DoesNotContain("synthetic", Regex.Replace(page, "<script.*?</script>", "", RegexOptions.Singleline), StringComparison.Ordinal);
        Assert.Equal(25, File.ReadLines(_scratch.Path("out/7-pictures-features.csv")).Count());
    }

    [Fact]
    public void SubFoldersAreCategories()
    {
        Pictures("mine/left");
        Pictures("mine/right");
        Sample.Run("--images", _scratch.Path("mine"), "-o", _scratch.Path("out")).Clean();
        Assert.Contains("Pictures by category and component", File.ReadAllText(_scratch.Path("out/notebook.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "-o DIR, the folder for the results, is required")]
    [InlineData("out", "'out' is not known; -o DIR is required")]
    [InlineData("-o", "-o has no path; one is required")]
    [InlineData("-o out --images", "--images has no path; one is required")]
    public void WrongUsageIsOneLineAndExitCode2(string arguments, string line) =>
        Sample.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Fails(2, $"{line} (see --help)");

    [Fact]
    public void HelpIsNoError() => Assert.Contains("-o DIR [--images FOLDER]", Sample.Run("--help").Clean().Output, StringComparison.Ordinal);

    [Fact]
    public void APathThatCannotBeUsedIsOneLine()
    {
        var file = _scratch.Path("file");
        File.WriteAllText(file, "");
        Sample.Run("-o", file).Fails(3, $"{file}: is a file; a folder is required");
        var empty = _scratch.MakeFolder("empty");
        Sample.Run("-o", _scratch.Path("out"), "--images", empty)
            .Fails(3, $"{empty}: 0 pictures can be used; the notebook's 4 components need at least 4");
        Sample.Run("-o", _scratch.Path("empty/out"), "--images", empty)
            .Fails(2, $"-o is '{_scratch.Path("empty/out")}', in the folder of --images; a folder outside it is required (see --help)");
        Assert.False(Directory.Exists(_scratch.Path("out")));
        Assert.Empty(Directory.GetFileSystemEntries(empty));
    }

    [Fact]
    public void ANumberThatDiffersIsMarkedAndExitCode1()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");

        // The program beside data of which one file is changed: the start of the points.
        var program = _scratch.MakeFolder("program");
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory))
        {
            var copy = Path.Combine(program, Path.GetFileName(file));
            if (Path.GetFileName(file).StartsWith("Notebook.", StringComparison.Ordinal)) File.Copy(file, copy);
            else File.CreateSymbolicLink(copy, file);
        }
        var data = _scratch.MakeFolder("program/data");
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "data")))
            File.Copy(file, Path.Combine(data, Path.GetFileName(file)));
        var start = Path.Combine(data, "notebook-init.json");
        File.WriteAllText(start, Regex.Replace(File.ReadAllText(start), "\"weights\": \\[[^]]*\\]", "\"weights\": [0.5, 0.25, 0.25]"));

        var outcome = Sample.RunFrom(program, "Notebook.dll", "-o", _scratch.Path("out"), "--images", Pictures("mine"));
        Assert.Equal("", outcome.Error);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("differs in 1 of 1", outcome.Output, StringComparison.Ordinal);
        Assert.True(Regex.Count(File.ReadAllText(_scratch.Path("out/notebook.html")), ">differs<") > 1);
    }

    [Fact]
    public async Task ACancelledReplayLeavesNoPage()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no kill.");
        Assert.SkipWhen(IgnoresInterrupts(), "This process ignores SIGINT, as a shell's background jobs do, and so would the sample.");
        var output = _scratch.Path("out");
        using var process = Sample.Start(AppContext.BaseDirectory, "Notebook.dll", "-o", output);
        while (!Directory.Exists(output) && !process.HasExited) await Task.Delay(5, TestContext.Current.CancellationToken);
        await Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExitAsync(TestContext.Current.CancellationToken);
        Sample.Finish(process).Fails(130, "canceled; notebook.html was not written");
        Assert.False(File.Exists(Path.Combine(output, "notebook.html")));
        Assert.Empty(Directory.GetFiles(output, "*.tmp"));
    }

    private string Pictures(string name)
    {
        var folder = _scratch.MakeFolder(name);
        var random = new Random(5);
        for (var i = 0; i < 24; i++)
        {
            var pixels = new byte[8 * 8 * 3];
            var center = 60 + (i % 4 * 50);
            for (var j = 0; j < pixels.Length; j++) pixels[j] = (byte)random.Next(center - (20 * (j % 3)), center + 40);
            PhotoFile.WritePng(Path.Combine(folder, $"p{i:00}.png"), 8, 8, pixels);
        }
        return folder;
    }

    // Signal 2 among those in the mask of ignored ones; children inherit it.
    private static bool IgnoresInterrupts()
    {
        const string Status = "/proc/self/status";
        const string Ignored = "SigIgn:";
        var mask = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) : null;
        return mask is not null && (ulong.Parse(mask[Ignored.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 2) != 0;
    }
}
