using System.Diagnostics;
using Gmm.Fast;

namespace Gmm.Cli.Tests;

/// <summary>gmm expect and gmm maximize.</summary>
public sealed class RoundsTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void RoundsOfFilesAreTheFit()
    {
        string[] options = ["-k", "3", "--stop", "total", "--tol", "0.5", "--reg-relative", "1e-6", "--quiet"];
        Tool.Run(["fit", Tool.Iris, .. options, "-o", _scratch.Path("whole.json"), "--columns", "1-4"]).Clean();
        Tool.Run(["fit", Tool.Iris, .. options, "-o", _scratch.Path("m.json"), "--columns", "1-4", "--max-iter", "0"]);
        var expected = Load("whole.json");
        var (lines, model) = (new List<string>(), _scratch.Path("m.json"));
        do
        {
            // Of a table of one shard the second part is empty.
            string[] files = [_scratch.Path("1.stats"), _scratch.Path("2.stats")];
            for (var part = 1; part <= 2; part++) Tool.Run("expect", model, Tool.Iris, "--part", $"{part}/2", "-o", files[part - 1]).Clean();
            lines.Add(Tool.Run(["maximize", model, .. files, "-o", model]).Output);
        }
        while (lines[^1].Contains("goes on"));
        Assert.Equal(expected.Iterations + 1, lines.Count);
        Assert.StartsWith("iteration 0: goes on, log-likelihood ", lines[0]);
        Assert.StartsWith($"iteration {expected.Iterations}: converged, log-likelihood {expected.TotalLogLikelihood}, change ", lines[^1]);
        var fit = Load("m.json");
        Assert.Equal(expected.Trace.ToArray(), fit.Trace.ToArray());
        Assert.Equal(expected.Model.Means.ToArray(), fit.Model.Means.ToArray());
        Assert.Equal((expected.Status, expected.Stop, expected.Regularization), (fit.Status, fit.Stop, fit.Regularization));
    }

    [Fact]
    public async Task TheSampleRunsAWholeFit()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the sample is a shell script");
        Tool.Run("fit", Tool.Faithful, "-k", "2", "-o", _scratch.Path("whole.json"), "--quiet").Clean();
        var script = Path.Combine(AppContext.BaseDirectory, "samples", "fit.sh");
        using var shell = Process.Start(new ProcessStartInfo("sh", [script, Tool.Faithful, "2", "2", "2", _scratch.Path("jobs")])
        {
            Environment = { ["GMM"] = $"dotnet {Path.Combine(AppContext.BaseDirectory, "gmm.dll")}" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var end = await Tool.Finish(shell);
        Assert.Equal(0, end.ExitCode);
        var (expected, fit) = (Load("whole.json"), Load(Path.Combine("jobs", "model.json")));
        Assert.Contains(": converged, ", end.Lines[^1]);
        Assert.Equal(expected.Trace.ToArray(), fit.Trace.ToArray());
        Assert.Equal(expected.Model.Means.ToArray(), fit.Model.Means.ToArray());
    }

    [Fact]
    public void WrongFilesAreRefused()
    {
        var (model, other, sums) = (_scratch.Model(), _scratch.Path("other.json"), _scratch.Path("1.stats"));
        Tool.Run("fit", Tool.Faithful, "-k", "2", "--seed", "5", "--max-iter", "3", "--stop", "fixed", "-o", other, "--quiet").Clean();
        Tool.Run("expect", model, Tool.Faithful, "-o", sums).Clean();
        var next = _scratch.Path("next.json");
        Tool.Run("maximize", other, sums, "-o", next).Fails(ExitCode.Input, $"{sums}: has sums under another model than {other}; gmm expect takes them anew");
        Tool.Run("maximize", model, model, "-o", next).Fails(ExitCode.Input, $"{model}: is no file of the format gmm-statistics");
        var whole = File.ReadAllBytes(sums);
        File.WriteAllBytes(sums, whole[..^4]);
        Tool.Run("maximize", model, sums, "-o", next).Fails(ExitCode.Input, $"{sums}: is damaged or cut short: its checksum differs");
        Assert.False(File.Exists(next));
        Tool.Run("expect", model, Tool.Faithful, "--part", "3/2", "-o", sums)
            .Fails(ExitCode.Usage, "--part is '3/2'; a part of all, from 1/N to N/N, is required, as 3/40 (see gmm expect --help)");
        Tool.Run("expect", model, Tool.Faithful, "-o", model).Fails(ExitCode.Usage, $"-o is '{model}', the same file as '{model}'; another file is required (see gmm expect --help)");
    }

    private FitResult Load(string name)
    {
        using var stream = File.OpenRead(_scratch.Path(name));
        return FitResult.Load(stream)!;
    }
}
