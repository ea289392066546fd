using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>
/// Publishes what the engine does in this process as a <see cref="System.Diagnostics.Metrics.Meter"/>, for OpenTelemetry and dotnet-counters:
/// gmm.fit.duration (seconds) and gmm.fit.iterations of each fit that has a result, by covariance type and status, and gmm.score.points, the points
/// scored in batches. Scoring a single point counts nothing.
/// </summary>
public static class EngineMeter
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "Gmm.Fast";

    private static readonly Lock s_gate = new();

    /// <summary>
    /// Makes the meter. Later calls do nothing. Not done unasked, because the first meter of a process takes the runtime some time, which
    /// programs without metrics need not wait for.
    /// </summary>
    public static void Publish()
    {
        lock (s_gate) EngineRecorder.Published ??= new EngineInstruments(Name);
    }
}
