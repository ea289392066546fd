using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime;
using System.Text.Json.Nodes;
using Gmm.Bench.Peers;

namespace Gmm.Bench.Race;

/// <summary>
/// race-driver DATA full|diag K THREADS: this engine in a race, by the protocol of bench/race. A request may end with a comma list of
/// <see cref="s_mechanisms"/>; without it, the engine chooses.
/// </summary>
internal static class RaceDriver
{
    // Of all systems where the start is given; scikit-learn's default.
    private const double Regularization = 1e-6;

    // Of a fit from a given start that no number of iterations ends, in nats a point.
    private const double Tolerance = 1e-10;

    private const double QuietSeconds = 0.3;
    private const double WarmUpSeconds = 3;
    private const int WarmUpPoints = 4096;
    private const int WarmUpPointsPerComponent = 8;
    private const int WarmUpIterations = 4;

    private static readonly Dictionary<string, Func<FitOptions, FitOptions>> s_mechanisms = new()
    {
        ["dense"] = options => options with { Skipping = Skipping.None },
        ["skipping"] = options => options with { Skipping = Skipping.Auto },
        ["acceleration"] = options => options with { Acceleration = Acceleration.QuasiNewton },
        ["progressive"] = options => options with { Progressive = Progressive.On },
    };

    private static string Version => typeof(MixtureFit).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static int Run(string[] args)
    {
        if (args is not [var folder, "full" or "diag", var components, var threads])
        {
            Console.Error.WriteLine("usage: race-driver DATA full|diag K THREADS");
            return 2;
        }
        var options = new FitOptions
        {
            Components = int.Parse(components, CultureInfo.InvariantCulture),
            CovarianceType = args[1] == "full" ? CovarianceType.Full : CovarianceType.Diagonal,
            MaxDegreeOfParallelism = int.Parse(threads, CultureInfo.InvariantCulture),
        };
        var data = PeerData.Read(folder, options.CovarianceType);
        WarmUp(options, data);
        Console.WriteLine(new JsonObject { ["ready"] = true, ["version"] = Version }.ToJsonString());
        while (Console.ReadLine() is { } request)
        {
            try
            {
                Answer(request.Split(' '), options, data);
            }
            catch (ArgumentException exception)
            {
                // A start that is no mixture: another system's model, say.
                End($"failed: {exception.Message}");
            }
        }
        return 0;
    }

    // Fits of few points until nothing has been compiled for a while.
    private static void WarmUp(FitOptions options, PeerData data)
    {
        var count = Math.Min(data.Points, Math.Max(WarmUpPoints, WarmUpPointsPerComponent * options.Components));
        var few = data.Rows[..(count * data.Start.Dimension)];
        options = options with { MaxIterations = WarmUpIterations };
        FitOptions[] ways = [options, .. s_mechanisms.Values.Select(mechanism => mechanism(options) with { InitialModel = data.Start })];
        var (whole, quiet, compiled) = (Stopwatch.StartNew(), Stopwatch.StartNew(), 0L);
        while (quiet.Elapsed.TotalSeconds < QuietSeconds && whole.Elapsed.TotalSeconds < WarmUpSeconds)
        {
            foreach (var way in ways) MixtureFit.Fit(new Points(few, data.Start.Dimension), way);
            if (JitInfo.GetCompiledMethodCount() == compiled) continue;
            compiled = JitInfo.GetCompiledMethodCount();
            quiet.Restart();
        }
    }

    // START MODELS SECONDS ITERATIONS SEED [MECHANISMS]
    private static void Answer(string[] request, FitOptions options, PeerData data)
    {
        var seconds = double.Parse(request[2], CultureInfo.InvariantCulture);
        var iterations = int.Parse(request[3], CultureInfo.InvariantCulture);
        options = options with { Seed = long.Parse(request[4], CultureInfo.InvariantCulture) };
        foreach (var name in request is [_, _, _, _, _, var mechanisms] ? mechanisms.Split(',') : [])
        {
            if (!s_mechanisms.TryGetValue(name, out var mechanism))
            {
                End($"left out: this engine has no {name}");
                return;
            }
            options = mechanism(options);
        }
        if (request[0] != "default")
        {
            options = options with
            {
                InitialModel = PeerData.ReadStart(request[0], options.CovarianceType),
                Regularization = Regularization,
                Stop = iterations > 0 ? StopRule.FixedCount : StopRule.MeanChange(Tolerance),
                MaxIterations = iterations > 0 ? iterations : int.MaxValue,
            };
        }

        using var models = request[1] == "-" ? null : File.Create(request[1]);
        using var limit = new CancellationTokenSource();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        Machine.ResetPeakMemory();
        var before = Machine.StatusMegabytes("VmRSS");
        var trail = new RaceTrail(models, seconds, limit);
        var fit = MixtureFit.Fit(new Points(data.Rows, data.Start.Dimension), options with { Progress = trail }, limit.Token);
        trail.End(fit, Machine.StatusMegabytes("VmHWM") - before);
    }

    private static void End(string reason) => Console.WriteLine(new JsonObject { ["end"] = reason }.ToJsonString());
}
