using System.CommandLine;
using System.CommandLine.Parsing;
using Gmm.Fast;

namespace Gmm.Cli.Segmenting;

/// <summary>Defines <c>gmm segment</c>: its options, and what they ask for. <see cref="SegmentRun"/> does it.</summary>
internal sealed class SegmentCommand
{
    private const string Description = """
        Repaint a photograph in the mean colors of a mixture fitted to all its pixels, and print the palette.

        A pixel is a point of three numbers: red, green, blue from 0 to 255, or with --space lab L* from 0 to 100, a* and b*. With --position W two
        more follow, its place: x and y count pixels from the top left corner, scaled so that the longer side is W times 255 (lab: 100) long. Larger W
        gives rounder regions; 0.2 is a beginning.

        A PNG of 16 bits keeps them: its levels from 0 to 255 have fractions, OUT.png has 16 bits too, and a color is printed with four digits per
        channel.

        All pixels are fitted, none are left out. Of 8 bits and without --position a color counts as often as it has pixels, and takes memory and time
        once. Other pixels take 24 bytes each as points, 40 with --position; with the photograph before and after, about 60 and 80 in all: 0.7 GB for 12
        megapixels. A photograph of more than 100 megapixels is refused.
        """;

    private const double Rounding = 1.0 / 12;

    // Cameras cut off at black and white, and flat areas are exactly flat: without this much a component would shrink to a single color.
    private static readonly FitDefaults s_defaults = new()
    {
        // The weight of the place is a scale that is meant to count, and k-means heeds it.
        Start = StartMethod.KMeansPlusPlus,
        Regularization = Rounding,
        RegularizationHelp = "1/12, what rounding to whole levels adds; of 16 bits as much less as their levels are finer",
    };

    private readonly Argument<string> _photo = Arguments.InputPath("PHOTO", "A JPEG, PNG, WebP, BMP or GIF.");
    private readonly Option<string?> _output = Arguments.FilePath("-o", "OUT.png", "Write the repainted photograph.");
    private readonly FitArguments _fit = new(s_defaults);
    private readonly Option<ColorSpace?> _space = Arguments.Choice<ColorSpace>(
        "--space", "The numbers of a color: sRGB, or CIE L*a*b*, where equal distances look about equally large (default: rgb).", ["rgb", "lab"]);
    private readonly Option<double?> _position = Arguments.NonNegative("--position", "W", "Add the place of each pixel with this weight.");
    private readonly Option<bool> _soft = new("--soft")
    {
        Description = "Paint each pixel with the mean colors mixed by its responsibilities, instead of the one of its component.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the model document instead of the palette." };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Print neither progress nor palette." };

    public static Command Create(StandardStreams streams, CancellationToken cancellation)
    {
        var segment = new SegmentCommand();
        segment._output.Required = true;
        segment._output.Validators.Add(CheckPng);
        var command = new Command("segment", Description) { segment._photo, segment._output, segment._space, segment._position, segment._soft };
        foreach (var option in segment._fit.All) command.Add(option);
        command.Add(segment._json);
        command.Add(segment._quiet);
        command.SetAction(parse => SegmentRun.Run(segment.Request(parse), streams, cancellation));
        return command;
    }

    private SegmentRequest Request(ParseResult parse)
    {
        var (photo, output) = (parse.GetRequiredValue(_photo), parse.GetRequiredValue(_output)!);
        var initialPath = _fit.InitialPath(parse);
        OutputFile.Check("-o", output, photo, initialPath);
        var position = parse.GetValue(_position) is > 0 and var weight ? weight : (double?)null;
        return new SegmentRequest(
            photo, output, parse.GetValue(_space) ?? ColorSpace.Rgb, position, parse.GetValue(_soft), _fit.Options(parse, initialPath),
            _fit.HasRegularization(parse) ? null : Rounding, parse.GetValue(_json), parse.GetValue(_quiet));
    }

    private static void CheckPng(OptionResult result)
    {
        if (result.Tokens is [var token] && !token.Value.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
            result.AddError($"-o is '{token.Value}'; a path that ends in .png is required");
    }
}
