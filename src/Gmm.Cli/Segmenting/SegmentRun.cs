using Gmm.Data.Images;
using Gmm.Fast;

namespace Gmm.Cli.Segmenting;

/// <summary>Holds what <c>gmm segment</c> was asked for.</summary>
/// <param name="Photo">A picture.</param>
/// <param name="Output">The PNG to write.</param>
/// <param name="Space">Of the colors.</param>
/// <param name="Position">Weight of the place, above 0; null for none.</param>
/// <param name="Soft">Whether to mix colors by responsibility.</param>
/// <param name="Options">Of the fit.</param>
/// <param name="Json">Whether to print the model document.</param>
/// <param name="Quiet">Whether to print no palette and no progress.</param>
internal sealed record SegmentRequest(
    string Photo, string Output, ColorSpace Space, double? Position, bool Soft, FitOptions Options, bool Json, bool Quiet);

/// <summary>Reads a photograph, fits its pixels, repaints them.</summary>
internal static class SegmentRun
{
    public static int Run(SegmentRequest request, StandardStreams streams, CancellationToken cancellation)
    {
        var photo = PhotoFile.Read(request.Photo);
        using var interruption = new Interruption(cancellation);
        var space = new PhotoPoints(request.Space, request.Position);
        var options = request.Options with { ColumnNames = space.Columns };
        CheckCount(request, photo.Width * photo.Height);

        // Not canceled: an interrupted fit is painted too, in the colors that it has.
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism };
        var points = space.Of(photo, parallel);
        var fit = FitStep.Run(request.Photo, options, streams.ErrorIsTerminal && !request.Quiet, streams,
            asked => MixtureFit.Fit(new Points(points, space.Dimension), asked, interruption.Token));
        interruption.EndProcessFromNowOn();
        var painter = new PhotoPainter(fit.Model, space);
        PhotoFile.WritePng(request.Output, photo.Width, photo.Height, painter.Paint(points, request.Soft, parallel));

        if (request.Json) streams.Write(fit.Save);
        else if (!request.Quiet) streams.Print(Palette(photo, fit.Model, painter));

        // A cloudless sky is one color, and a component for it no mistake.
        FitWarnings.Write(fit, options.MaxIterations, streams, mayBeFlat: true);
        return FitStep.Conclude(fit, $"{request.Output} shows the model so far", streams);
    }

    private static void CheckCount(SegmentRequest request, int pixels)
    {
        var components = request.Options.Components;
        if (request.Options.InitialModel is null && components > pixels)
            throw CommandFailure.Input($"{request.Photo} has {DataInput.Count(pixels, "pixel")}; -k {components} needs at least {components}");
    }

    // The largest part first, as one reads a palette.
    private static string Palette(Photo photo, GaussianMixture model, PhotoPainter painter)
    {
        var pixels = (double)photo.Width * photo.Height;
        List<string[]> lines = [["component", "color", "weight", "share of pixels"]];
        foreach (var k in Enumerable.Range(0, model.ComponentCount).OrderByDescending(k => painter.Counts[k]))
        {
            var color = painter.Colors.AsSpan(3 * k, 3);
            lines.Add([
                Invariant($"{k}"), Invariant($"#{color[0]:x2}{color[1]:x2}{color[2]:x2}"), Invariant($"{model.Weights[k]:0.0000}"),
                Invariant($"{100 * painter.Counts[k] / pixels:0.00} %"),
            ]);
        }
        return TextTable.Format(lines, leftColumns: 2);
    }
}
