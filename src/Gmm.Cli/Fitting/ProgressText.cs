using System.Globalization;
using Gmm.Fast;

namespace Gmm.Cli.Fitting;

/// <summary>Says in one line where a fit is and how fast it goes.</summary>
/// <param name="restarts">The number of starts.</param>
internal sealed class ProgressText(int restarts)
{
    // Passes of this run, from the first report of a start on: a fit that goes on counts those before too.
    private (int Restart, int Passes, int Iteration, TimeSpan Elapsed) _first = (-1, 0, 0, default);

    /// <summary>Gives the line.</summary>
    /// <param name="value">The newest iteration.</param>
    /// <param name="elapsed">The time since the work began.</param>
    public string Of(IterationInfo value, TimeSpan elapsed)
    {
        if (_first.Restart != value.Restart) _first = (value.Restart, value.Passes, value.Iteration, value.Elapsed);
        var start = restarts > 1 ? $"start {value.Restart + 1} of {restarts}  " : "";
        var change = double.IsNaN(value.Change) ? "" : string.Create(CultureInfo.InvariantCulture, $"change {value.Change:g3}  ");
        var left = value.IterationsLeft is { } count ? string.Create(CultureInfo.InvariantCulture, $"about {count} more  ") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{start}iteration {value.Iteration}  log-likelihood {value.TotalLogLikelihood:f4}  {change}{Pace(value)}{left}{elapsed.TotalSeconds:f1} s");
    }

    private string Pace(IterationInfo value)
    {
        var seconds = (value.Elapsed - _first.Elapsed).TotalSeconds;
        var (passes, iterations) = (value.Passes - _first.Passes, value.Iteration - _first.Iteration);
        if (!(seconds > 0) || iterations < 1) return "";
        return string.Create(CultureInfo.InvariantCulture, $"{value.Points * (double)passes / seconds:g3} rows/s  {seconds / iterations:g3} s/iteration  ");
    }
}
