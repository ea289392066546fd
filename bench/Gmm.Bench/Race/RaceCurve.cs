using System.Globalization;

namespace Gmm.Bench.Race;

/// <summary>How far a run from the shared start was from what it converges to, at some of its models.</summary>
/// <param name="System">The name of the system.</param>
/// <param name="Points">Seconds, and nats a point below the converged value.</param>
internal sealed record RaceCurve(string System, IReadOnlyList<(double Seconds, double Gap)> Points)
{
    /// <summary>Of the files of curves.</summary>
    public const string Ending = "-gaps.csv";

    /// <summary>Reads the curves of a set, in the order of the systems in its file.</summary>
    /// <param name="folder">Of the tables.</param>
    /// <param name="run">Any run of the set.</param>
    public static List<RaceCurve> Read(string folder, RaceRun run)
    {
        // The file holds gaps to the best known model, which need not be what this start converges to.
        var above = run.Number("best") - run.Number("converged");
        return
        [
            .. RaceRun.Lines(Path.Combine(folder, run.Set + Ending)).Where(line => line["race"] == "start").GroupBy(line => line["system"])
                .Select(lines => new RaceCurve(lines.Key, [.. lines.Select(line => (Value(line["seconds"]), Value(line["gap"]) - above))])),
        ];
    }

    private static double Value(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
