using Gmm.Fast;

namespace Gmm.Cli.Fitting;

/// <summary>Shows the progress of a fit on a terminal. Reports arrive on the fitting thread, in order.</summary>
internal sealed class ProgressLine(TerminalLine terminal, int restarts) : IProgress<IterationInfo>
{
    private readonly ProgressText _text = new(restarts);

    public static T During<T>(TextWriter terminal, int restarts, Func<IProgress<IterationInfo>, T> work) =>
        TerminalLine.During(terminal, line => work(new ProgressLine(line, restarts)));

    public void Report(IterationInfo value) => terminal.Show(elapsed => _text.Of(value, elapsed));
}
