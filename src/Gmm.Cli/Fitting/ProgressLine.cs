using System.Globalization;
using Gmm.Fast;

namespace Gmm.Cli.Fitting;

/// <summary>Shows the progress of a fit on a terminal. Reports arrive on the fitting thread, in order.</summary>
internal sealed class ProgressLine(TerminalLine terminal, int restarts) : IProgress<IterationInfo>
{
    public static T During<T>(TextWriter terminal, int restarts, Func<IProgress<IterationInfo>, T> work) =>
        TerminalLine.During(terminal, line => work(new ProgressLine(line, restarts)));

    public void Report(IterationInfo value) => terminal.Show(elapsed => Line(value, elapsed));

    private string Line(IterationInfo value, TimeSpan elapsed)
    {
        var start = restarts > 1 ? $"start {value.Restart + 1} of {restarts}  " : "";
        var change = double.IsNaN(value.Change) ? "" : string.Create(CultureInfo.InvariantCulture, $"change {value.Change:g3}  ");
        return string.Create(CultureInfo.InvariantCulture,
            $"{start}iteration {value.Iteration}  log-likelihood {value.TotalLogLikelihood:f4}  {change}{elapsed.TotalSeconds:f1} s");
    }
}
