using System.Diagnostics;
using Gmm.Fast;

namespace Gmm.Cli.Fitting;

/// <summary>Writes the progress of a long fit as plain lines, now and then: for logs of jobs. A fit that is done before the first line writes none.</summary>
/// <param name="streams">Where the lines go.</param>
/// <param name="restarts">The number of starts.</param>
/// <param name="clock">Gives the time since some moment; null for that of the system.</param>
internal sealed class ProgressLog(StandardStreams streams, int restarts, Func<TimeSpan>? clock = null) : IProgress<IterationInfo>
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    private readonly ProgressText _text = new(restarts);
    private readonly Func<TimeSpan> _clock = clock ?? Running();
    private TimeSpan _next = s_pause;

    public void Report(IterationInfo value)
    {
        var now = _clock();
        var line = _text.Of(value, now);
        if (now < _next) return;
        _next = now + s_pause;
        streams.Complain(line);
    }

    private static Func<TimeSpan> Running()
    {
        var begin = Stopwatch.GetTimestamp();
        return () => Stopwatch.GetElapsedTime(begin);
    }
}
