using System.Diagnostics;
using System.Globalization;
using Gmm.Fast;
using Spectre.Console;

namespace Gmm.Cli.Fitting;

/// <summary>Shows one line on a terminal, rewritten while a fit runs and gone afterwards. Reports arrive on the fitting thread, in order.</summary>
internal sealed class ProgressLine : IProgress<IterationInfo>
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly LiveDisplayContext _display;
    private readonly int _width;
    private readonly int _restarts;
    private readonly long _begin = Stopwatch.GetTimestamp();
    private TimeSpan _next;

    private ProgressLine(LiveDisplayContext display, int width, int restarts)
    {
        _display = display;
        _width = width;
        _restarts = restarts;
    }

    public static T During<T>(TextWriter terminal, int restarts, Func<IProgress<IterationInfo>, T> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal), Interactive = InteractionSupport.Yes });
        return console.Live(new Text("starting")).AutoClear(true).Start(display => work(new ProgressLine(display, console.Profile.Width, restarts)));
    }

    public void Report(IterationInfo value)
    {
        var now = Stopwatch.GetElapsedTime(_begin);
        if (now < _next) return;
        _next = now + s_pause;

        // A line that wraps would be two.
        var line = Line(value, now);
        _display.UpdateTarget(new Text(line[..Math.Min(line.Length, _width)]));
    }

    private string Line(IterationInfo value, TimeSpan elapsed)
    {
        var start = _restarts > 1 ? $"start {value.Restart + 1} of {_restarts}  " : "";
        var change = double.IsNaN(value.Change) ? "" : string.Create(CultureInfo.InvariantCulture, $"change {value.Change:g3}  ");
        return string.Create(CultureInfo.InvariantCulture,
            $"{start}iteration {value.Iteration}  log-likelihood {value.TotalLogLikelihood:f4}  {change}{elapsed.TotalSeconds:f1} s");
    }
}
