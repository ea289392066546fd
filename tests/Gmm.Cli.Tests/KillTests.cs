using System.Diagnostics;
using Gmm.TestKit;

namespace Gmm.Cli.Tests;

/// <summary>The process is killed, at a moment that nobody chose: what it leaves is complete or absent.</summary>
public sealed class KillTests : IDisposable
{
    // 200 with GMM_SLOW=1; a run takes about a third of a second.
    private static readonly int s_kills = SlowTests.AreOn ? 200 : 6;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task OutputFilesAreCompleteOrAbsent()
    {
        Tool.Run("sample", _scratch.Model("start.json"), "-n", "30000", "-o", _scratch.Path("data.csv")).Clean();
        string[] arguments = ["fit", "data.csv", "-k", "3", "--init", "points", "--stop", "fixed", "--max-iter", "3", "-o", "m.json", "--responsibilities", "r.csv"];
        var duration = TimeSpan.MaxValue;
        for (var run = 0; run < 3; run++)
        {
            var clock = Stopwatch.StartNew();
            using (var whole = Tool.Start(_scratch.Folder, arguments)) Assert.Equal(0, (await Tool.Finish(whole)).ExitCode);
            if (clock.Elapsed < duration) duration = clock.Elapsed;
        }
        var (model, table) = (Read("m.json")!, Read("r.csv")!);

        var random = new Random(17);
        int killed = 0, between = 0;
        for (var run = 0; run < s_kills; run++)
        {
            File.Delete(_scratch.Path("m.json"));
            File.Delete(_scratch.Path("r.csv"));
            using var process = Tool.Start(_scratch.Folder, arguments);
            var finish = Tool.Finish(process);

            // Most of the time passes before anything is written.
            var moment = duration * (run % 3 == 0 ? random.NextDouble() : 0.6 + 0.5 * random.NextDouble());
            await Task.Delay(moment, TestContext.Current.CancellationToken);
            if (!process.HasExited)
            {
                process.Kill();
                killed++;
            }
            await finish;
            var (thisModel, thisTable) = (Read("m.json"), Read("r.csv"));
            if (thisModel is not null) Assert.Equal(model, thisModel);
            if (thisTable is not null) Assert.Equal(table, thisTable);
            if (thisModel is not null && thisTable is null) between++;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{killed} of {s_kills} killed, {between} between the two files");
        Assert.True(killed > 0, $"none of {s_kills} was killed in time");

        // What the killed left is recognisable, and in nobody's way.
        Assert.All(_scratch.Files.Except(["data.csv", "m.json", "r.csv", "start.json"]), file => Assert.Matches(@"^\..*\.tmp$", file));
        using var last = Tool.Start(_scratch.Folder, arguments);
        Assert.Equal(0, (await Tool.Finish(last)).ExitCode);
        Assert.Equal(model, Read("m.json"));
        Assert.Equal(table, Read("r.csv"));
    }

    private byte[]? Read(string file) => File.Exists(_scratch.Path(file)) ? File.ReadAllBytes(_scratch.Path(file)) : null;
}
