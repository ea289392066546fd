using System.Globalization;
using Gmm.Fast;

namespace Gmm.Cli.Selecting;

/// <summary>Shows on a terminal how far a selection is.</summary>
internal sealed class SelectProgress(TerminalLine terminal) : IProgress<SelectionProgress>
{
    public void Report(SelectionProgress value) => terminal.Show(elapsed => Line(value, elapsed));

    /// <summary>Gives the line.</summary>
    public static string Line(SelectionProgress value, TimeSpan elapsed)
    {
        var left = value.Remaining.TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture, $"{value.Done} of {value.Total} fits  {elapsed.TotalSeconds:f1} s, about {left:f0} s left");
    }
}
