using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Gmm.Bench;

/// <summary>
/// select TOOL ... [--quick] [--python PYTHON]: measures <c>gmm select</c> beside the same fits as processes of <c>gmm fit</c>, one after the other,
/// and beside a loop of scikit-learn over the same grid, in turns, and writes bench/results/CPU/select.md. TOOL is the built tool: gmm, compiled ahead of
/// time, or gmm.dll; each has a table. --quick takes one round of small data and prints only.
/// </summary>
internal static class SelectCommand
{
    private const int MostRounds = 3;

    // Of the rounds of a set; there is at least one.
    private const double SecondsOfSet = 30;
    private const int MostComponents = 9;
    private const double LeastOfProcesses = 5;
    private const double LeastOfSklearn = 20;

    // Those that scikit-learn has.
    private const string Types = "full,tied,diag,spherical";

    public static int Run(string[] args)
    {
        var (tools, quick) = (args.TakeWhile(arg => !arg.StartsWith("--", StringComparison.Ordinal)).ToArray(), args.Contains("--quick"));
        var python = Array.IndexOf(args, "--python") is var place and >= 0 ? args[place + 1] : null;
        var root = Path.GetFullPath(Path.Combine(Machine.ResultsFolder, "..", "..", ".."));
        var scratch = Directory.CreateTempSubdirectory("gmm-select-").FullName;
        List<(string Name, string Path)> sets = [("old-faithful, 272 x 2", Path.Combine(root, "data", "old-faithful.csv")), ("iris, 150 x 4", Path.Combine(root, "data", "iris.csv"))];
        if (!quick)
        {
            sets.Add(("drawn, 5000 x 4, K = 4", Draw(scratch, 5_000, 4, 4)));
            sets.Add(("drawn, 20000 x 8, K = 5", Draw(scratch, 20_000, 8, 5)));
        }
        var tables = string.Join("\n", tools.Select(tool =>
            $"## {(IsJustInTime(tool) ? "The tool as a package installs it, compiled just in time" : "The tool compiled ahead of time")}\n\n{Table(tool)}"));
        Directory.Delete(scratch, recursive: true);
        var text = $"""
            # Selection

            {Machine.Processor}, {Environment.ProcessorCount} processors; {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription};
            {DateTime.UtcNow:yyyy-MM-dd}. 1 to {MostComponents} components of {Types}: {MostComponents * Types.Split(',').Length} models. Medians of
            {MostRounds} rounds, taken in turns, of fewer where they would take more than {SecondsOfSet} s; ratios are formed within a round. Every fit stops at
            a change of 0.001 or after 100 iterations. `gmm select` is one process, its start and the reading of the data included, and starts each model
            twice, the second time from a split. The processes of `gmm fit` start each once, and so does scikit-learn, whose loop is timed without its
            import and the reading of the data.

            {tables}
            """;
        Console.WriteLine(text);
        if (!quick) Machine.WriteResult("select", text);
        return 0;

        MarkdownTable Table(string tool)
        {
            var table = new MarkdownTable("data", "rounds", "gmm select, s", "gmm fit processes, s", "ratio", "target", "met", "sklearn loop, s", "ratio", "target", "met");
            foreach (var (name, path) in sets)
            {
                var rounds = InTurns(quick ? 1 : MostRounds, () => Round(tool, path, root, python));
                double Median(Func<(double Select, double Fits, double Sklearn), double> of) => Timing.Median(rounds.Select(of));
                var (fits, sklearn) = (Median(round => round.Fits / round.Select), Median(round => round.Sklearn / round.Select));
                table.Add(
                    name, $"{rounds.Count}", Seconds(Median(round => round.Select)), Seconds(Median(round => round.Fits)), Ratio(fits), $"at least {LeastOfProcesses}", Met(fits, LeastOfProcesses),
                    Seconds(Median(round => round.Sklearn)), Ratio(sklearn), $"at least {LeastOfSklearn}", Met(sklearn, LeastOfSklearn));
            }
            return table;
        }
    }

    private static bool IsJustInTime(string tool) => tool.EndsWith(".dll", StringComparison.Ordinal);

    private static List<T> InTurns<T>(int most, Func<T> round)
    {
        var (rounds, clock) = (new List<T>(), Stopwatch.StartNew());
        while (rounds.Count == 0 || (rounds.Count < most && clock.Elapsed.TotalSeconds * (rounds.Count + 1) / rounds.Count <= SecondsOfSet)) rounds.Add(round());
        return rounds;
    }

    private static (double Select, double Fits, double Sklearn) Round(string tool, string data, string root, string? python)
    {
        string[] ends = ["--tol", "0.001", "--max-iter", "100", "--quiet"];
        var select = Timing.Seconds(() => Call(tool, ["select", data, "-k", $"1-{MostComponents}", "--covariance", Types, .. ends]));
        var fits = Timing.Seconds(() =>
        {
            foreach (var type in Types.Split(','))
            {
                for (var k = 1; k <= MostComponents; k++)
                    Call(tool, ["fit", data, "-k", k.ToString(CultureInfo.InvariantCulture), "--covariance", type, .. ends]);
            }
        });
        if (python is null) return (select, fits, double.NaN);
        var script = Path.Combine(root, "bench", "peers", "select", "run_sklearn.py");
        using var answer = JsonDocument.Parse(Call(python, script, data, MostComponents.ToString(CultureInfo.InvariantCulture), Types));
        return (select, fits, answer.RootElement.GetProperty("seconds").GetDouble());
    }

    private static string Call(string program, params string[] arguments)
    {
        if (IsJustInTime(program)) (program, arguments) = ("dotnet", [program, .. arguments]);
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error.Result}");
    }

    private static string Draw(string folder, int points, int dimension, int components)
    {
        var problem = new Problem(CovarianceType.Full, points, dimension, components);
        var path = Path.Combine(folder, $"{points}x{dimension}.csv");
        using var text = new StreamWriter(path);
        text.WriteLine(string.Join(',', Enumerable.Range(1, dimension).Select(j => $"x{j}")));
        foreach (var row in problem.Rows.Chunk(dimension)) text.WriteLine(string.Join(',', row.Select(x => x.ToString("r", CultureInfo.InvariantCulture))));
        return path;
    }

    private static string Seconds(double seconds) => double.IsNaN(seconds) ? "-" : seconds.ToString("f2", CultureInfo.InvariantCulture);

    private static string Ratio(double ratio) => double.IsNaN(ratio) ? "-" : ratio.ToString("f1", CultureInfo.InvariantCulture);

    private static string Met(double ratio, double target) => double.IsNaN(ratio) ? "-" : ratio >= target ? "yes" : "no";
}
