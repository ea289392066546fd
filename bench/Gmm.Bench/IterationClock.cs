namespace Gmm.Bench;

/// <summary>Notes when the initial E-step and each iteration of a fit were complete.</summary>
internal sealed class IterationClock : IProgress<IterationInfo>
{
    private readonly List<double> _seconds = [];

    /// <summary>From the end of set-up and start to the last iteration.</summary>
    public double Total => _seconds[^1];

    /// <summary>Median over the iterations.</summary>
    public double SecondsPerIteration => Timing.Median(Iterations);

    /// <summary>Mean over the iterations: for those that are short beside the clock's steps of 100 ns.</summary>
    public double MeanSeconds => (_seconds[^1] - _seconds[0]) / (_seconds.Count - 1);

    public double ShortestIteration => Iterations.Min();

    private IEnumerable<double> Iterations => _seconds.Skip(1).Zip(_seconds, (end, start) => end - start);

    public void Report(IterationInfo value) => _seconds.Add(value.Elapsed.TotalSeconds);
}
