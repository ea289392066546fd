using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using Gmm.Fast;

// What the first calls of a process take, in ms, as a service meets them: one line "start load score score2 fit fit2".
// start: from the beginning of the process to this program. load: a model of 8 components in 8 dimensions from its file. score: the first log-density of one
// point, score2: the second one. fit: the first fit, 1,000 points of 3 dimensions, 4 components, and fit2: the second one.
// With --vectors only the width of the machine's vectors that this build uses, in bits.
if (args is ["--vectors"])
{
    Console.WriteLine(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128);
    return;
}

var started = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds;
var json = ModelFile();
var load = Time(() => Kept.Model = GaussianMixture.Load(new MemoryStream(json)));
var point = new double[8];
var score = Time(() => Kept.Number = Kept.Model!.LogDensity(point));
var again = Time(() => Kept.Number += Kept.Model!.LogDensity(point));
var rows = Rows(1000, 3);
var options = new FitOptions { Components = 4, MaxDegreeOfParallelism = 1 };
var fit = Time(() => Kept.Number += MixtureFit.Fit(new Points(rows, 3), options).TotalLogLikelihood);
var second = Time(() => Kept.Number += MixtureFit.Fit(new Points(rows, 3), options).TotalLogLikelihood);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{started:f3} {load:f3} {score:f4} {again:f4} {fit:f3} {second:f3}"));
if (!double.IsFinite(Kept.Number)) Environment.ExitCode = 1;

static double Time(Action action)
{
    var begin = Stopwatch.GetTimestamp();
    action();
    return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
}

// Four clouds.
static double[] Rows(int count, int dimension)
{
    var random = new Random(1);
    var rows = new double[count * dimension];
    for (var i = 0; i < rows.Length; i++) rows[i] = (4 * (i / dimension % 4)) + random.NextDouble() + random.NextDouble();
    return rows;
}

// Written as text, so that nothing of the engine runs before it is timed.
static byte[] ModelFile()
{
    const int Size = 8;
    var means = string.Join(",", Enumerable.Range(0, Size).Select(k => $"[{string.Join(",", Enumerable.Repeat(k, Size))}]"));
    var rows = Enumerable.Range(0, Size).Select(i => $"[{string.Join(",", Enumerable.Range(0, Size).Select(j => i == j ? "2" : "0.5"))}]");
    var covariance = $"[{string.Join(",", rows)}]";
    return System.Text.Encoding.UTF8.GetBytes($$"""
        {"covarianceType":"full","weights":[{{string.Join(",", Enumerable.Repeat("0.125", Size))}}],"means":[{{means}}],
        "covariances":[{{string.Join(",", Enumerable.Repeat(covariance, Size))}}]}
        """);
}

/// <summary>Keeps results, so that nothing is left out.</summary>
internal static class Kept
{
    internal static GaussianMixture? Model { get; set; }

    internal static double Number { get; set; }
}
