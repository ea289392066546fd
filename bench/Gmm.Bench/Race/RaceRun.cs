using System.Globalization;

namespace Gmm.Bench.Race;

/// <summary>A line of a race's table, by the names of its columns; bench/race/README.md says what they are.</summary>
internal sealed class RaceRun(IReadOnlyDictionary<string, string> cells)
{
    public string Set => cells["set"];

    public string Race => cells["race"];

    public string System => cells["system"];

    /// <summary>How the run ended: converged, iterations, seconds, failed with a reason; of a system that was left out, the reason.</summary>
    public string End => cells["end"];

    public int Threads => (int)Number("threads");

    public int Start => (int)Number("start");

    public double Points => Number("n");

    public string Shape => $"{cells["n"]} x {cells["d"]}, K = {cells["k"]}, {cells["kind"]}";

    /// <summary>Whether the run was ended by its limit.</summary>
    public bool IsCut => End == "seconds";

    /// <summary>A number of the line; NaN where the cell is empty.</summary>
    public double Number(string column) => cells[column] is { Length: > 0 } cell ? double.Parse(cell, CultureInfo.InvariantCulture) : double.NaN;

    /// <summary>Reads all tables SET.csv of a folder, but for those of the curves.</summary>
    public static List<RaceRun> ReadAll(string folder) =>
    [
        .. Directory.GetFiles(folder, "*.csv").Where(file => !file.EndsWith(RaceCurve.Ending, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .SelectMany(Lines).Select(cells => new RaceRun(cells)),
    ];

    /// <summary>The lines of a table without quotes, by the names in its first line.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Lines(string file)
    {
        var lines = File.ReadLines(file).Select(line => line.Split(',')).ToList();
        return lines.Skip(1).Select(cells => lines[0].Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second));
    }
}
