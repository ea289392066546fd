using System.Globalization;

namespace Gmm.Cli.Tests;

/// <summary>Where output goes, and what it must not do.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void NoCommandOverwritesWhatItReads()
    {
        var data = _scratch.Write("data.csv", "1,2\n3,4\n5,7\n");
        var model = _scratch.Model();
        var link = _scratch.Path("link.csv");
        File.CreateSymbolicLink(link, "data.csv");
        var folder = _scratch.Path("folder");
        Directory.CreateSymbolicLink(folder, _scratch.Folder);
        foreach (var spelling in new[] { data, link, Path.Combine(folder, "data.csv"), Path.Combine(_scratch.Folder, ".", "data.csv") })
        {
            Tool.Run("fit", data, "-k", "1", "-o", spelling)
                .Fails(2, $"-o is '{spelling}', the same file as '{data}'; another file is required (see gmm fit --help)");
            Tool.Run("predict", model, spelling, "-o", data)
                .Fails(2, $"-o is '{data}', the same file as '{spelling}'; another file is required (see gmm predict --help)");
        }
        Tool.Run("fit", data, "--init", model, "-o", model)
            .Fails(2, $"-o is '{model}', the same file as '{model}'; another file is required (see gmm fit --help)");
        var both = _scratch.Path("both.csv");
        Tool.Run("fit", data, "-k", "1", "-o", both, "--responsibilities", both)
            .Fails(2, $"--responsibilities is '{both}', the same file as '{both}'; another file is required (see gmm fit --help)");
        Assert.Equal("1,2\n3,4\n5,7\n", File.ReadAllText(data));
    }

    [Fact]
    public void APlaceThatCannotBeWrittenIsRefusedBeforeTheDataAreRead()
    {
        var missing = _scratch.Path("no/m.json");
        Tool.Run("fit", "no.csv", "-k", "2", "-o", missing).Fails(3, $"{missing}: the folder does not exist");
        Tool.Run("fit", "no.csv", "-k", "2", "-o", _scratch.Folder).Fails(3, $"{_scratch.Folder}: is a folder; a file is required");
    }

    [Fact]
    public void AFolderWithoutPermissionIsRefusedBeforeTheDataAreRead()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "Nothing is forbidden to this user.");
        Tool.Run("fit", "no.csv", "-k", "2", "-o", "/m.json").Fails(3, "/m.json: cannot be written: permission denied");
    }

    [Fact]
    public void AnOutputThatFailsLeavesTheOldFile()
    {
        var old = _scratch.Write("m.json", "old");
        Tool.Run("fit", _scratch.Write("bad.csv", "1,2\n3,x\n4,5\n"), "-k", "1", "-o", old);
        Assert.Equal("old", File.ReadAllText(old));
        Assert.Equal(["bad.csv", "m.json"], _scratch.Files);
    }

    [Fact]
    public void ADeviceCanBeWrittenTo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no /dev/null.");
        Tool.Run("fit", Tool.Faithful, "-k", "2", "-o", "/dev/null", "--quiet").Clean();
    }

    [Fact]
    public async Task RedirectedOutputIsPlainText()
    {
        var input = await File.ReadAllTextAsync(Tool.Iris, TestContext.Current.CancellationToken);
        var child = await Tool.Finish(Tool.Start(_scratch.Folder, "fit", "-", "-k", "7"), input);
        Assert.Equal(Tool.Run("fit", Tool.Iris, "-k", "7").Output, child.Output);
        Assert.DoesNotContain('\e', child.Output + child.Error);
        Assert.DoesNotContain('\r', child.Output);
        Assert.DoesNotContain("\n\n\n", child.Output);
    }

    [Fact]
    public void ATerminalShowsOneLineOfProgressOnStandardErrorOnly()
    {
        string[] arguments = ["fit", Tool.Faithful, "-k", "2"];
        var shown = Tool.RunWith("", [.. arguments, "--restarts", "2"], terminal: true);
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("start 1 of 2  iteration 0  log-likelihood -1", shown.Error);
        Assert.DoesNotContain("iteration 0", shown.Output);
        Assert.Equal(Tool.Run(arguments).Output, Tool.RunWith("", arguments, terminal: true).Output);
        Tool.RunWith("", [.. arguments, "--quiet"], terminal: true).Clean();
    }

    [Fact]
    public void NumbersDoNotDependOnTheCulture()
    {
        string[][] commands =
        [
            ["fit", Tool.Faithful, "-k", "2", "--tol", "1e-2", "--reg-covar", "0.005"], ["score", _scratch.Model(), Tool.Faithful],
            ["predict", _scratch.Model(), Tool.Faithful], ["info", _scratch.Model()], ["sample", _scratch.Model(), "-n", "3"],
        ];
        var invariant = commands.Select(command => Tool.Run(command).Clean().Output).ToArray();
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "~";
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(invariant, commands.Select(command => Tool.Run(command).Clean().Output));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
