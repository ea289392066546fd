using System.Diagnostics;
using Gmm.TestKit;

namespace Gmm.Cli.Tests;

/// <summary>Checks checkpoints of the tool: killed fits go on to the bits of one that was not, and what is refused says why.</summary>
public sealed class CheckpointTests : IDisposable
{
    // 200 with GMM_SLOW=1; a kill takes about half a second.
    private static readonly int s_kills = SlowTests.AreOn ? 200 : 2;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task KilledFitsGoOnToTheSameBits()
    {
        Tool.Run("sample", _scratch.Model("start.json"), "-n", "20000", "-o", _scratch.Path("data.npy")).Clean();
        string[] fit =
        [
            "fit", "data.npy", "-k", "4", "--init", "points", "--restarts", "2", "--accelerate", "anderson", "--stop", "fixed", "--max-iter", "80", "-o", "m.json",
            "--quiet", "--checkpoint", "c.bin", "--every", "0s",
        ];
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, (await Finish(fit)).ExitCode);
        var duration = clock.Elapsed;
        var expected = await File.ReadAllBytesAsync(_scratch.Path("m.json"), TestContext.Current.CancellationToken);

        var random = new Random(23);
        int killed = 0, resumed = 0;
        while (killed < s_kills)
        {
            File.Delete(_scratch.Path("m.json"));
            File.Delete(_scratch.Path("c.bin"));
            int exitCode;
            do
            {
                // Whatever the process had written when it ended is whole, so each attempt goes on where that is.
                var goesOn = File.Exists(_scratch.Path("c.bin"));
                using var process = Tool.Start(_scratch.Folder, goesOn ? [.. fit, "--resume", "c.bin"] : fit);
                var finish = Tool.Finish(process);
                if (killed < s_kills)
                {
                    await Task.WhenAny(finish, Task.Delay(duration * (0.3 + 0.8 * random.NextDouble()), TestContext.Current.CancellationToken));
                    if (!process.HasExited)
                    {
                        process.Kill();
                        killed++;
                    }
                }
                var end = await finish;
                exitCode = end.ExitCode;
                Assert.Equal("", end.Error);
                if (goesOn) resumed++;
            }
            while (exitCode != 0);
            Assert.Equal(expected, await File.ReadAllBytesAsync(_scratch.Path("m.json"), TestContext.Current.CancellationToken));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{killed} killed, {resumed} went on from a checkpoint");
        Assert.True(resumed > 0, "none was killed between its first checkpoint and its end");
    }

    [Fact]
    public void TheTimeEndsAFitWithItsModel()
    {
        string[] fit = ["fit", Tool.Iris, "-k", "2", "--columns", "1,2", "--stop", "total", "--quiet"];
        Tool.Run([.. fit, "-o", _scratch.Path("whole.json")]).Clean();
        var part = Tool.Run([.. fit, "-o", _scratch.Path("m.json"), "--time-budget", "0.000001s", "--checkpoint", _scratch.Path("c.bin")]);
        Assert.Equal(0, part.ExitCode);
        Assert.Equal($"gmm: warning: out of time after 0 iterations; --resume goes on from a checkpoint, --continue from the model{Environment.NewLine}", part.Error);
        Assert.Contains("\"status\": \"timeBudget\"", File.ReadAllText(_scratch.Path("m.json")));
        Assert.Contains("out of time after 0 iterations", Tool.Run("info", _scratch.Path("m.json")).Output);
        Tool.Run([.. fit, "-o", _scratch.Path("m.json"), "--resume", _scratch.Path("c.bin")]).Clean();
        Assert.Equal(File.ReadAllText(_scratch.Path("whole.json")), File.ReadAllText(_scratch.Path("m.json")));
    }

    [Fact]
    public void OtherDataAndOptionsAreRefused()
    {
        var checkpoint = _scratch.Path("c.bin");
        string[] options = ["-k", "2", "--stop", "total", "--quiet"];
        Tool.Run(["fit", Tool.Faithful, .. options, "--checkpoint", checkpoint, "--every", "0s"]).Clean();
        Tool.Run(["fit", Tool.Faithful, .. options, "--resume", checkpoint, "--seed", "3"])
            .Fails(ExitCode.Input, $"{Tool.Faithful}: the checkpoint {checkpoint} is of another fit: the seed is 3, there it is 0; the same is required");
        Tool.Run(["fit", Tool.Iris, .. options, "--resume", checkpoint])
            .Fails(ExitCode.Input, $"{Tool.Iris}: the checkpoint {checkpoint} is of another fit: the number of points is 150, there it is 272; the same is required");
        var rows = File.ReadAllLines(Tool.Faithful);
        var other = _scratch.Write("other.csv", string.Join('\n', rows[..^9].Append("3.5,80").Concat(rows[^8..])) + "\n");
        Tool.Run(["fit", other, .. options, "--resume", checkpoint])
            .Fails(ExitCode.Input, $"{other}: the checkpoint {checkpoint} is of another fit: its points were others; the same are required");
        Tool.Run(["fit", Tool.Faithful, .. options, "--resume", other])
            .Fails(ExitCode.Input, $"{other}: is no file of the format gmm-checkpoint");
        Tool.Run(["fit", Tool.Faithful, .. options, "--resume", _scratch.Path("none")])
            .Fails(ExitCode.Input, $"{_scratch.Path("none")}: the file does not exist");
    }

    [Theory]
    [InlineData("--every is given without --checkpoint; a file is required", "--every", "5s")]
    [InlineData("--every is '5'; a time of at least 0 is required, as 90s, 10m or 2h", "--every", "5")]
    [InlineData("--time-budget is '0s'; a time above 0 is required, as 90s, 10m or 2h", "--time-budget", "0s")]
    [InlineData("-k names 3 numbers; --checkpoint, --resume and --time-budget are of one fit, so one is required", "-k", "1-3", "--time-budget", "1h")]
    public void WrongOptionsAreRefused(string message, params string[] options)
    {
        string[] k = options.Contains("-k") ? [] : ["-k", "2"];
        Tool.Run(["fit", Tool.Faithful, .. k, .. options]).Fails(ExitCode.Usage, $"{message} (see gmm fit --help)");
    }

    private async Task<ToolResult> Finish(string[] arguments)
    {
        using var process = Tool.Start(_scratch.Folder, arguments);
        return await Tool.Finish(process);
    }
}
