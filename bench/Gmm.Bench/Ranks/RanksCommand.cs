using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Gmm.Bench.Ranks;

/// <summary>
/// ranks [--quick]: measures iterations by several processes of mpirun beside threads of one, and their exchanges, and writes
/// bench/results/CPU/ranks.md. --quick measures little and prints only.
/// </summary>
internal static class RanksCommand
{
    private const int Rounds = 3;

    private static readonly (int Ranks, int Threads)[] s_grid = [(1, 1), (1, 2), (2, 1), (4, 1)];

    public static int Run(string[] args)
    {
        var quick = args.Contains("--quick");
        var shape = quick ? "50000x16x64" : "1000000x16x64";

        // In turns, so that other work of the machine falls upon all of them.
        var times = s_grid.ToDictionary(cell => cell, _ => new List<(double Iteration, double Exchange, double Bytes)>());
        for (var round = 0; round < (quick ? 1 : Rounds); round++)
        {
            foreach (var cell in s_grid) times[cell].Add(Iteration(cell.Ranks, cell.Threads, shape));
        }
        var best = s_grid.ToDictionary(cell => cell, cell => times[cell].MinBy(time => time.Iteration));
        var fits = new MarkdownTable("ranks x threads", "s per iteration", "of 2 threads", "exchange, kB", "waiting for it, ms");
        foreach (var cell in s_grid)
        {
            var (iteration, exchange, bytes) = best[cell];
            fits.Add(
                $"{cell.Ranks}x{cell.Threads}", $"{iteration:f3}", $"{100 * best[(1, 2)].Iteration / iteration:f1} %", cell.Ranks == 1 ? "-" : $"{bytes / 1e3:f0}",
                cell.Ranks == 1 ? "-" : $"{1e3 * exchange:f1}");
        }

        var exchanges = new MarkdownTable("D", "K", "ranks", "kB", "us");
        foreach (var ranks in (int[])[2, 4])
        {
            foreach (var row in Launch(ranks, "exchanges", quick ? "20" : "200")) exchanges.Add([.. row[..2], $"{ranks}", .. row[2..]]);
        }

        var text = $"""
            # Processes

            {Machine.Processor}, {Environment.ProcessorCount} processors; {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription};
            {DateTime.UtcNow:yyyy-MM-dd}. {Launch(1, "library")[0][0]}, processes of one machine.

            ## Iterations

            Full covariances, {shape}, points in order; medians of the iterations of a fit, the best of {(quick ? 1 : Rounds)} fits in turns. More ranks than
            processors show what waiting costs there. "Of 2 threads" is the time of one process with two threads over this one's.

            {fits}
            ## Exchanges

            What one pass exchanges, full covariances and 100,000 points, and the median time of such an exchange alone.

            {exchanges}
            """;
        Console.WriteLine(text);
        if (!quick) Machine.WriteResult("ranks", text);
        return 0;
    }

    private static (double Iteration, double Exchange, double Bytes) Iteration(int ranks, int threads, string shape)
    {
        var row = Array.ConvertAll(Launch(ranks, "fit", shape, $"{threads}")[0], cell => double.Parse(cell, CultureInfo.InvariantCulture));
        return (row[0], row[1], row[2]);
    }

    // Lines that the first rank prints, in words.
    private static string[][] Launch(int ranks, params string[] words)
    {
        var start = new ProcessStartInfo("mpirun")
        {
            RedirectStandardOutput = true,
        };
        string[] all = ["--oversubscribe", "--bind-to", "none", "-n", $"{ranks}", "dotnet", typeof(RanksCommand).Assembly.Location, "rank", .. words];
        foreach (var word in all) start.ArgumentList.Add(word);
        (start.Environment["OMPI_ALLOW_RUN_AS_ROOT"], start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"], start.Environment["TERM"]) = ("1", "1", "dumb");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"mpirun ended with {process.ExitCode}");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Split('\t'))];
    }
}
