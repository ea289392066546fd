using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Gmm.Bench.Service;

/// <summary>
/// service [--minutes M] [--quick]: loads samples/ScoringService and writes bench/results/CPU/service.md. M is the length of the run that watches the
/// memory, 0.5 unless said. --quick takes a tenth of the times and prints only.
/// </summary>
internal static class ServiceCommand
{
    private const int Dimension = 8;
    private const int Components = 8;
    private const int Connections = 8;
    private const double SteadyRate = 1000;
    private const int Malformed = 10_000;

    private static readonly int[] s_rows = [1, 16, 256];

    public static int Run(string[] args)
    {
        var quick = args.Contains("--quick");
        var minutes = Array.IndexOf(args, "--minutes") is >= 0 and var at ? double.Parse(args[at + 1], CultureInfo.InvariantCulture) : quick ? 0.05 : 0.5;
        var seconds = TimeSpan.FromSeconds(quick ? 0.5 : 5);
        var folder = Directory.CreateTempSubdirectory("gmm-load-").FullName;
        try
        {
            var points = Points(1);
            byte[][] models = [.. Enumerable.Range(0, 6).Select(Model)];
            Replace(folder, models[0]);
            using var service = new ServiceProcess(folder);
            LoadShape[] shapes = [.. s_rows.Select(rows => LoadShape.Json(points, Dimension, rows)), .. s_rows.Select(rows => LoadShape.Binary(points, Dimension, rows))];
            foreach (var shape in shapes) LoadRun.AtFullSpeed(service, shape.Request, Connections, seconds / 2);

            var text = $"""
                # The scoring service under load

                {Machine.Processor}, {Environment.ProcessorCount} processors; {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription};
                {DateTime.UtcNow:yyyy-MM-dd}. Client and service share these processors; the load average of the machine was {LoadAverage()} before.
                A model of {Dimension} columns and {Components} components, full covariances; answers have log-density and label. {Connections} connections.

                ## As many requests as it serves

                Each connection sends its next request when the one before it is answered. Latencies in milliseconds.

                {FullSpeed(service, shapes, seconds, out var rates)}
                ## {SteadyRate} requests per second

                Or half of the rate above, where that is less. A latency begins when its request is due.

                {Steady(service, shapes, seconds, rates)}
                ## Five new models and a broken one

                {Swaps(service, folder, models, shapes[1], seconds)}

                ## {Malformed} malformed requests

                {MalformedLoad(service, shapes[1])}

                ## Memory over {minutes.ToString(CultureInfo.InvariantCulture)} minutes

                Requests of all shapes in turns, {SteadyRate} per second, and a new model ten times.

                {Memory(service, folder, models, shapes, TimeSpan.FromMinutes(minutes))}
                """;
            Console.WriteLine(text);
            if (!quick) Machine.WriteResult("service", text);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static MarkdownTable FullSpeed(ServiceProcess service, LoadShape[] shapes, TimeSpan time, out double[] rates)
    {
        var table = new MarkdownTable("form", "rows", "requests/s", "rows/s", "p50", "p99", "p99.9", "largest", "failed");
        rates = new double[shapes.Length];
        for (var i = 0; i < shapes.Length; i++)
        {
            var run = LoadRun.AtFullSpeed(service, shapes[i].Request, Connections, time);
            rates[i] = run.PerSecond;
            Add(table, shapes[i], run, $"{run.PerSecond:f0}", $"{run.PerSecond * shapes[i].Rows:f0}");
        }
        return table;
    }

    private static MarkdownTable Steady(ServiceProcess service, LoadShape[] shapes, TimeSpan time, double[] rates)
    {
        var table = new MarkdownTable("form", "rows", "requests/s", "processor of the service", "p50", "p99", "p99.9", "largest", "failed");
        for (var i = 0; i < shapes.Length; i++)
        {
            var (request, before) = (shapes[i].Request, service.ProcessorTime);
            var run = LoadRun.AtRate(service, _ => request, Connections, time, Math.Min(SteadyRate, rates[i] / 2));
            Add(table, shapes[i], run, $"{run.PerSecond:f0}", $"{(service.ProcessorTime - before).TotalSeconds / run.Seconds:p0}");
        }
        return table;
    }

    private static void Add(MarkdownTable table, LoadShape shape, LoadRun run, params string[] rates) => table.Add(
    [
        shape.Form, $"{shape.Rows}", .. rates, $"{run.Milliseconds(0.5):f3}", $"{run.Milliseconds(0.99):f3}", $"{run.Milliseconds(0.999):f3}",
        $"{run.Milliseconds(1):f3}", $"{run.Failed}",
    ]);

    private static string Swaps(ServiceProcess service, string folder, byte[][] models, LoadShape shape, TimeSpan time)
    {
        var load = Task.Run(() => LoadRun.AtFullSpeed(service, shape.Request, Connections, time * 2));
        var versions = new HashSet<string> { service.Model(LoadShape.Model).Version };
        for (var i = 1; i < models.Length; i++)
        {
            Replace(folder, models[i]);
            Await(() => versions.Add(service.Model(LoadShape.Model).Version));
        }
        Replace(folder, models[0][..(models[0].Length / 2)]);
        Await(() => service.Model(LoadShape.Model).State == "stale");
        var kept = versions.Contains(service.Model(LoadShape.Model).Version);
        var run = load.Result;
        return $"{run.Latencies.Length} requests of {shape.Rows} rows were served while {versions.Count - 1} new models took the place of the old one and a broken file came last; "
            + $"{run.Failed} failed, p99 {run.Milliseconds(0.99):f2} ms. The broken file was reported, and the model before it was {(kept ? "kept" : "LOST")}.";
    }

    private static string MalformedLoad(ServiceProcess service, LoadShape shape)
    {
        var answers = new int[6];
        var others = 0;
        var clock = Stopwatch.StartNew();
        Parallel.For(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = Connections }, i =>
        {
            using var connection = new LoadConnection(service);
            for (var number = i; number < Malformed; number += Connections)
            {
                var status = connection.Exchange(MalformedRequests.Make(number, Dimension));
                if (connection.IsProblem) Interlocked.Increment(ref answers[status / 100]);
                else Interlocked.Increment(ref others);
            }
        });
        using var last = new LoadConnection(service);
        var isServed = last.Exchange(shape.Request) == 200;
        return $"{answers[4]} were answered with a status of 4xx and problem details, {answers[5]} with 5xx, {others} otherwise or not at all, "
            + $"in {clock.Elapsed.TotalSeconds:f1} s. The service {(service.IsAlive && isServed ? "is alive and serves the next request" : "is DEAD")}.";
    }

    private static MarkdownTable Memory(ServiceProcess service, string folder, byte[][] models, LoadShape[] shapes, TimeSpan time)
    {
        const int Parts = 10;
        var table = new MarkdownTable("minutes", "requests", "failed", "resident MB");
        table.Add("0", "0", "0", $"{service.Megabytes:f1}");
        for (var part = 1; part <= Parts; part++)
        {
            Replace(folder, models[part % models.Length]);
            var run = LoadRun.AtRate(service, number => shapes[number % shapes.Length].Request, Connections, time / Parts, SteadyRate);
            table.Add(string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes * part / Parts:g4}"), $"{run.Latencies.Length}", $"{run.Failed}", $"{service.Megabytes:f1}");
        }
        return table;
    }

    private static byte[] Model(int seed)
    {
        var fit = MixtureFit.Fit(new Points(Points(seed), Dimension), new FitOptions
        {
            Components = Components,
            Seed = seed,
            MaxIterations = 20,
            DensityQuantiles = true,
        });
        using var stream = new MemoryStream();
        fit.Save(stream);
        return stream.ToArray();
    }

    private static double[] Points(int seed)
    {
        var random = new Random(seed);
        var points = new double[4000 * Dimension];
        for (var i = 0; i < points.Length; i++)
            points[i] = 4 * (i / Dimension % Components) * Math.Sin(i % Dimension) + random.NextDouble() + random.NextDouble() + random.NextDouble();
        return points;
    }

    private static void Replace(string folder, byte[] model)
    {
        var written = Path.Combine(folder, "written.tmp");
        File.WriteAllBytes(written, model);
        File.Move(written, Path.Combine(folder, $"{LoadShape.Model}.json"), overwrite: true);
    }

    private static void Await(Func<bool> condition)
    {
        for (var tries = 0; !condition(); tries++)
        {
            if (tries == 1000) throw new TimeoutException("the service did not take the file");
            Thread.Sleep(10);
        }
    }

    private static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
