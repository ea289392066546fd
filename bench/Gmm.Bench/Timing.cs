using System.Diagnostics;
using System.Runtime;

namespace Gmm.Bench;

/// <summary>How the commands that are not BenchmarkDotNet's take times: samples that are long enough for the clock, their medians and the shortest.</summary>
internal static class Timing
{
    private const int Samples = 25;
    private const double SampleSeconds = 0.02;
    private const int MostCalls = 1 << 26;

    // Code reaches its last tier in steps, each after some calls, a delay without new code, and a compilation in the background. The delay is 0.1 s,
    // and ten times that where the runtime sees one processor, which then compiles and runs in turns: steps there were seen to be 2 s apart.
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(Environment.ProcessorCount == 1 ? 3 : 1);

    public static double Seconds(Action action)
    {
        var clock = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(clock).TotalSeconds;
    }

    /// <summary>Repeats until nothing has been compiled for a while; seconds of the last call.</summary>
    public static double WarmUp(Action action)
    {
        var clock = Stopwatch.StartNew();
        var (compiled, since) = (0L, TimeSpan.Zero);
        double last;
        do
        {
            last = Seconds(action);
            var now = JitInfo.GetCompiledMethodCount();
            if (now != compiled) (compiled, since) = (now, clock.Elapsed);
        }
        while (clock.Elapsed - since < s_quiet);
        return last;
    }

    /// <summary>Seconds of one call in each sample, after a warm-up.</summary>
    public static double[] SecondsPerCall(Action action)
    {
        var calls = CallsPerSample(action);
        return [.. Enumerable.Range(0, Samples).Select(_ => Sample(action, calls))];
    }

    /// <summary>Seconds of one call of either in each sample, taken in turns, after a warm-up: their ratio is of the same moments.</summary>
    public static (double First, double Second)[] SecondsInTurns(Action first, Action second)
    {
        var (callsOfFirst, callsOfSecond) = (CallsPerSample(first), CallsPerSample(second));
        return [.. Enumerable.Range(0, Samples).Select(_ => (Sample(first, callsOfFirst), Sample(second, callsOfSecond)))];
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    // The clock tells nothing of one short call, so calls are doubled until they fill a sample.
    private static int CallsPerSample(Action action)
    {
        WarmUp(action);
        var calls = 1;
        while (calls < MostCalls && Sample(action, calls) * calls < SampleSeconds / 2) calls *= 2;
        return calls;
    }

    private static double Sample(Action action, int calls) => Seconds(() =>
    {
        for (var i = 0; i < calls; i++) action();
    }) / calls;
}
