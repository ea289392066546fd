using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Gmm.Bench.Peers;

/// <summary>
/// The measuring rules that all drivers of a comparison follow: counts of iterations and samples that fit the budget, one JSON object a line. The one
/// difference is a longer warm-up, because a runtime that compiles while it runs is slow before that.
/// </summary>
internal sealed class PeerMeasure(double budgetSeconds)
{
    private const int Samples = 9;

    public static void Emit(string metric, IEnumerable<double> samples, params (string Key, JsonNode? Value)[] more)
    {
        var line = new JsonObject { ["metric"] = metric, ["samples"] = new JsonArray([.. samples.Select(sample => JsonValue.Create(sample))]) };
        foreach (var (key, value) in more) line[key] = value;
        Console.WriteLine(line.ToJsonString());
    }

    /// <summary>Milliseconds per iteration, (T(b) - T(1)) / (b - 1) of whole fits, and of whole fits of b iterations; b falls where they are slow.</summary>
    public (List<double> PerIteration, List<double> Whole, int Count) Iterations(int asked, Action<int> fit)
    {
        var one = Timing.WarmUp(() => fit(1));
        var count = one * (asked + 1) <= budgetSeconds ? asked : Math.Max(2, Math.Min(asked, (int)(budgetSeconds / one) - 1));
        var repeats = Math.Clamp((int)(0.03 / one), 1, 200);
        var (perIteration, whole) = (new List<double>(), new List<double>());
        var clock = Stopwatch.StartNew();
        double pair = 0;
        for (var sample = 0; sample < Samples && (sample == 0 || clock.Elapsed.TotalSeconds + pair <= 5 * budgetSeconds); sample++)
        {
            var (first, all) = (Repeated(() => fit(1), repeats), Repeated(() => fit(count), repeats));
            perIteration.Add(1e3 * (all - first) / (count - 1));
            whole.Add(1e3 * all);
            pair = (first + all) * repeats;
        }
        return (perIteration, whole, count);
    }

    /// <summary>Milliseconds of each sample: one to nine within the budget, after a warm-up; the first call, where it took more than the budget.</summary>
    public double[] Operation(Action action, double budgetScale = 0.5)
    {
        var first = Timing.Seconds(action);
        if (first > budgetSeconds) return [1e3 * first];
        first = Timing.WarmUp(action);
        var repeats = Math.Clamp((int)(0.01 / first), 1, 1000);
        var samples = new List<double>();
        var clock = Stopwatch.StartNew();
        while (samples.Count < Samples && (samples.Count == 0 || clock.Elapsed.TotalSeconds + first <= budgetScale * budgetSeconds))
            samples.Add(1e3 * Repeated(action, repeats));
        return [.. samples];
    }

    /// <summary>Microseconds of single calls, for warm code: the median as the one sample, and the 95th percentile.</summary>
    public static void Point(string metric, int points, Action<int> call)
    {
        const int Calls = 20_000;
        const int Stride = 7919;
        var microseconds = new List<double>(Calls);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Calls && clock.Elapsed.TotalSeconds < 1; i++)
        {
            var index = (int)((long)i * Stride % points);
            var start = Stopwatch.GetTimestamp();
            call(index);
            microseconds.Add((Stopwatch.GetTimestamp() - start) * 1e6 / Stopwatch.Frequency);
        }
        microseconds.Sort();
        Emit(metric, [microseconds[microseconds.Count / 2]], ("p95", microseconds[microseconds.Count * 95 / 100]), ("calls", microseconds.Count));
    }

    private static double Repeated(Action action, int repeats) => Timing.Seconds(() =>
    {
        for (var i = 0; i < repeats; i++) action();
    }) / repeats;
}
