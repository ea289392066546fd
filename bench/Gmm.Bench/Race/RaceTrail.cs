using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Gmm.Bench.Race;

/// <summary>
/// Says when a fit had each of its models, and writes the models one after the other: weights [K], means [K x D] and covariances. The clock stands
/// still while it writes. Later models are written for every twentieth part that the number of iterations grows by.
/// </summary>
/// <param name="models">Receives the models; null for none.</param>
/// <param name="seconds">After which the fit is ended.</param>
/// <param name="limit">Ends it.</param>
internal sealed class RaceTrail(Stream? models, double seconds, CancellationTokenSource limit) : IProgress<IterationInfo>
{
    private const int AllUntil = 32;
    private const double Growth = 1.05;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _last = -1;
    private bool _isLate;

    public void Report(IterationInfo value)
    {
        _clock.Stop();
        if (value.Iteration <= AllUntil || value.Iteration >= Growth * _last) Write(value.Iteration, value.Passes, value.Snapshot);
        _isLate = _clock.Elapsed.TotalSeconds > seconds;
        if (_isLate) limit.Cancel();
        _clock.Start();
    }

    /// <summary>Says how the fit ended.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="megabytes">What it added to the memory of the process at its peak.</param>
    public void End(FitResult fit, double megabytes)
    {
        _clock.Stop();
        if (_last != fit.Iterations) Write(fit.Iterations, fit.Passes, () => fit.Model);

        // Whoever asked reads the models as soon as it reads the end.
        models?.Flush();
        var end = _isLate ? "seconds" : fit.Converged ? "converged" : fit.Failure is { } failure ? $"failed: {failure}" : "iterations";
        Print(fit.Iterations, fit.Passes, ("end", end), ("megabytes", megabytes), ("share", fit.ComputedShare));
    }

    private void Write(int iteration, int passes, Func<GaussianMixture> model)
    {
        _last = iteration;
        Print(iteration, passes);
        if (models is null) return;
        var mixture = model();
        models.Write(MemoryMarshal.AsBytes(mixture.Weights));
        models.Write(MemoryMarshal.AsBytes(mixture.Means));
        models.Write(MemoryMarshal.AsBytes(mixture.Covariances));
    }

    private void Print(int iteration, int passes, params (string Key, JsonNode? Value)[] more)
    {
        var line = new JsonObject { ["iteration"] = iteration, ["passes"] = passes, ["seconds"] = _clock.Elapsed.TotalSeconds };
        foreach (var (key, value) in more) line[key] = value;
        Console.WriteLine(line.ToJsonString());
    }
}
