using System.Globalization;
using System.Runtime.InteropServices;

namespace Gmm.Bench.Race;

/// <summary>
/// race-report FOLDER [--print]: copies the tables of bench/race/race.sh in FOLDER to bench/results/CPU/race/, beside those of other sets there, and
/// writes race.md, race.svg and race-profile.svg of all of them. --print only prints the tables of FOLDER.
/// </summary>
internal static class RaceReport
{
    private const string Name = "race";

    public static int Run(string[] args)
    {
        if (args is not [var folder, .. var rest] || rest is not ([] or ["--print"]))
        {
            Console.Error.WriteLine("usage: race-report FOLDER [--print]");
            return 2;
        }
        if (!Directory.Exists(folder) || Directory.GetFiles(folder, "*.csv").Length == 0)
        {
            Console.Error.WriteLine($"race-report: there is no table in {folder}; bench/race/race.sh writes them");
            return 2;
        }
        if (rest.Length > 0)
        {
            Console.WriteLine(Text(new RaceTables(RaceRun.ReadAll(folder))));
            return 0;
        }

        var kept = Directory.CreateDirectory(Path.Combine(Machine.ResultsFolder, Name)).FullName;
        foreach (var file in Directory.GetFiles(folder, "*.csv")) File.Copy(file, Path.Combine(kept, Path.GetFileName(file)), overwrite: true);
        var runs = RaceRun.ReadAll(kept);
        var tables = new RaceTables(runs);
        Machine.WriteResult(Name, Text(tables));
        foreach (var (name, figure) in new[] { (Name, RaceFigures.Gaps(kept, runs)), ($"{Name}-profile", RaceFigures.Profile(tables)) })
        {
            using var svg = File.Create(Machine.ResultPath(name, "svg"));
            figure.SaveSvg(svg);
        }
        return 0;
    }

    private static string Text(RaceTables tables) => string.Create(CultureInfo.InvariantCulture, $"""
        # Race to a solution

        {Machine.Processor}, {Environment.ProcessorCount} processors; {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription};
        {DateTime.UtcNow:yyyy-MM-dd}. Wall time from rows in memory to the first model within 1e-2, 1e-3, and 1 % of P/(2N) nats a point of the best
        known one, and within 1e-6 of the value to which EM converges from the same start; P is the number of free parameters. One scorer, of no engine,
        recomputes every log-likelihood. [bench/race](../../race/README.md) says what is measured and how; the folder `race` holds every run.

        "-" is a run that ended elsewhere, "> 8" one that was ended after 8 seconds.

        ![Nats a point below the converged value against seconds](race.svg)

        ![Share of sets against times the fastest](race-profile.svg)

        ## Beside the fastest other system

        Ratios are seconds of the fastest other system of a set over those of the one named, where both arrive. By default, seconds are those expected
        with restarts.

        {tables.Summary()}
        ## Default fits

        Medians of whole fits, starts included.

        {tables.DefaultFits()}
        ## Given figures

        Of systems that did not run here, on this set, by their own reports.

        {tables.Givens()}
        ## From the same start

        {tables.Starts()}
        ## By default

        "Expected" are the seconds until a start arrives, where starts are tried one after the other.

        {tables.Defaults()}
        ## Left out

        {tables.LeftOut()}
        """);
}
