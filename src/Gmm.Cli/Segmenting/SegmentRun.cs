using System.Globalization;
using System.Numerics;
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
/// <param name="Rounding">Of each step of a level the part, squared, that regularization adds; null where the options say how much.</param>
/// <param name="Json">Whether to print the model document.</param>
/// <param name="Quiet">Whether to print no palette and no progress.</param>
internal sealed record SegmentRequest(
    string Photo, string Output, ColorSpace Space, double? Position, bool Soft, FitOptions Options, double? Rounding, bool Json,
    bool Quiet);

/// <summary>Reads a photograph, fits its pixels, repaints them.</summary>
internal static class SegmentRun
{
    public static int Run(SegmentRequest request, StandardStreams streams, CancellationToken cancellation)
    {
        var photo = PhotoFile.Read(request.Photo);
        using var interruption = new Interruption(cancellation);
        var space = new PhotoPoints(request.Space, request.Position);
        var options = request.Options with { ColumnNames = space.Columns };
        if (request.Rounding is { } rounding) options = options with { Regularization = rounding * Math.Pow(PhotoPoints.Step(photo), 2) };
        CheckCount(request, photo.Width * photo.Height);

        // Not canceled: an interrupted fit is painted too, in the colors that it has.
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism };
        // Samples are taken of points, which colors with counts are not.
        var colors = request.Position is null && options.Progressive != Progressive.On ? PhotoColors.Of(photo, options.Components) : null;
        var points = colors is null ? space.Of(photo, parallel) : space.Of(colors.Rgb);
        var fit = FitStep.Run(request.Photo, options, request.Quiet, streams,
            asked => colors is null
                ? MixtureFit.Fit(new Points(points, space.Dimension), asked, interruption.Token)
                : MixtureFit.Fit(new ColorSource(points, colors.Counts), asked, interruption.Token));
        interruption.EndProcessFromNowOn();
        string palette;
        if (photo.Rgb16 is null)
        {
            var painter = new PhotoPainter<byte>(fit.Model, space);
            var painted = painter.Paint(points, request.Soft, parallel, colors?.Counts ?? default);
            if (colors is not null) painted = colors.Paint(photo, painted, parallel);
            PhotoFile.WritePng(request.Output, photo.Width, photo.Height, painted.AsSpan());
            palette = Palette(photo, fit.Model, painter);
        }
        else
        {
            var painter = new PhotoPainter<ushort>(fit.Model, space);
            PhotoFile.WritePng(request.Output, photo.Width, photo.Height, painter.Paint(points, request.Soft, parallel).AsSpan());
            palette = Palette(photo, fit.Model, painter);
        }

        if (request.Json) streams.Write(fit.Save);
        else if (!request.Quiet) streams.Print(palette);

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

    // The largest part first, as one reads a palette. A color has two digits for each 8 bits of a channel.
    private static string Palette<TLevel>(Photo photo, GaussianMixture model, PhotoPainter<TLevel> painter)
        where TLevel : unmanaged, IBinaryInteger<TLevel>, IMinMaxValue<TLevel>
    {
        var pixels = (double)photo.Width * photo.Height;
        var digits = typeof(TLevel) == typeof(ushort) ? "x4" : "x2";
        List<string[]> lines = [["component", "color", "weight", "share of pixels"]];
        foreach (var k in Enumerable.Range(0, model.ComponentCount).OrderByDescending(k => painter.Counts[k]))
        {
            var color = painter.Colors[(3 * k)..(3 * k + 3)].Select(level => level.ToString(digits, CultureInfo.InvariantCulture));
            lines.Add([
                Invariant($"{k}"), $"#{string.Concat(color)}", Invariant($"{model.Weights[k]:0.0000}"),
                Invariant($"{100 * painter.Counts[k] / pixels:0.00} %"),
            ]);
        }
        return TextTable.Format(lines, leftColumns: 2);
    }
}
