using System.Diagnostics;
using Spectre.Console;

namespace Gmm.Cli.Fitting;

/// <summary>Shows one line on a terminal, rewritten while work runs and gone afterwards.</summary>
internal sealed class TerminalLine
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly LiveDisplayContext _display;
    private readonly int _width;
    private readonly long _begin = Stopwatch.GetTimestamp();
    private TimeSpan _next;

    private TerminalLine(LiveDisplayContext display, int width) => (_display, _width) = (display, width);

    /// <summary>Runs work that shows its progress.</summary>
    public static T During<T>(TextWriter terminal, Func<TerminalLine, T> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal), Interactive = InteractionSupport.Yes });
        return console.Live(new Text("starting")).AutoClear(true).Start(display => work(new TerminalLine(display, console.Profile.Width)));
    }

    /// <summary>Shows what <paramref name="text"/> gives for the time since the work began, some times a second; one call at a time.</summary>
    public void Show(Func<TimeSpan, string> text)
    {
        var now = Stopwatch.GetElapsedTime(_begin);
        if (now < _next) return;
        _next = now + s_pause;

        // A line that wraps would be two.
        var line = text(now);
        _display.UpdateTarget(new Text(line[..Math.Min(line.Length, _width)]));
    }
}
