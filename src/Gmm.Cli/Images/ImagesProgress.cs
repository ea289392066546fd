using System.Globalization;
using Gmm.Data.Images;
using Spectre.Console;

namespace Gmm.Cli.Images;

/// <summary>Shows one line on a terminal while pictures are read, gone afterwards. Reports come one at a time, though from several threads.</summary>
internal sealed class ImagesProgress : IProgress<PictureProgress>
{
    private readonly LiveDisplayContext _display;
    private readonly int _width;

    private ImagesProgress(LiveDisplayContext display, int width) => (_display, _width) = (display, width);

    public static T During<T>(TextWriter terminal, Func<IProgress<PictureProgress>, T> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal), Interactive = InteractionSupport.Yes });
        return console.Live(new Text("looking for pictures")).AutoClear(true)
            .Start(display => work(new ImagesProgress(display, console.Profile.Width)));
    }

    public void Report(PictureProgress value)
    {
        // A line for each hundredth is enough for the eye, and cheap beside the decoding.
        var step = Math.Max(1, value.Total / 100);
        if (value.Done % step != 0 && value.Done != value.Total) return;
        var skipped = value.Skipped == 0 ? "" : $", {value.Skipped} skipped";
        var line = string.Create(CultureInfo.InvariantCulture, $"pictures {value.Done} of {value.Total}{skipped}");
        _display.UpdateTarget(new Text(line[..Math.Min(line.Length, _width)]));
    }
}
