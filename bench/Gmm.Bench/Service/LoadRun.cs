using System.Diagnostics;

namespace Gmm.Bench.Service;

/// <summary>What a run of requests gave.</summary>
/// <param name="Seconds">Its wall time.</param>
/// <param name="Latencies">Sorted, in milliseconds, of the answers with status 200.</param>
/// <param name="Failed">Requests without an answer, or with another status.</param>
internal sealed record LoadRun(double Seconds, double[] Latencies, int Failed)
{
    public double PerSecond => Latencies.Length / Seconds;

    public double Milliseconds(double share) => Latencies.Length == 0 ? double.NaN : Latencies[(int)Math.Min(Latencies.Length - 1, share * Latencies.Length)];

    /// <summary>Sends requests over some connections, each as soon as the one before it is answered.</summary>
    public static LoadRun AtFullSpeed(ServiceProcess service, byte[] request, int connections, TimeSpan time) =>
        Run(service, _ => request, connections, time, perSecond: null);

    /// <summary>
    /// Sends requests at a steady rate. A latency begins when its request is due, even where the answer before it came late; time that the client
    /// overslept does not count.
    /// </summary>
    public static LoadRun AtRate(ServiceProcess service, Func<int, byte[]> request, int connections, TimeSpan time, double perSecond) =>
        Run(service, request, connections, time, perSecond);

    private static LoadRun Run(ServiceProcess service, Func<int, byte[]> request, int connections, TimeSpan time, double? perSecond)
    {
        var latencies = new List<double>[connections];
        var failed = 0;
        var clock = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, connections).Select(i => new Thread(() =>
        {
            using var connection = new LoadConnection(service);
            latencies[i] = [];
            var interval = connections / (perSecond ?? 1);
            var (due, last) = (clock.Elapsed.TotalSeconds + i * interval / connections, 0.0);
            for (var number = i; clock.Elapsed < time; number += connections, due += interval)
            {
                var start = clock.Elapsed.TotalSeconds;
                if (perSecond is not null)
                {
                    if (due > start) Thread.Sleep(TimeSpan.FromSeconds(due - start));
                    start = last > due ? due : clock.Elapsed.TotalSeconds;
                }
                var status = connection.Exchange(request(number));
                last = clock.Elapsed.TotalSeconds;
                if (status == 200) latencies[i].Add((last - start) * 1000);
                else Interlocked.Increment(ref failed);
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        return new LoadRun(clock.Elapsed.TotalSeconds, [.. latencies.SelectMany(values => values).Order()], failed);
    }
}
