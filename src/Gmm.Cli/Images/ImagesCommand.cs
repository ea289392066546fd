using System.CommandLine;
using Gmm.Fast;

namespace Gmm.Cli.Images;

/// <summary>Defines <c>gmm images</c>: its options, and what they ask for. <see cref="ImagesRun"/> does it.</summary>
internal sealed class ImagesCommand
{
    private const string Description = """
        Cluster the pictures below a folder by their mean colors.

        Every JPEG, PNG, WebP, BMP and GIF is read; its red, green and blue are sum / (256 x width x height). Files that are no pictures, damaged or
        larger than 100 megapixels are skipped with one line each. DIR receives features.csv (file, red, green, blue), model.json, assignments.csv
        (file, component, r0 .. r(K-1), score) and report.html, a page with the best pictures of each component and with the figures. The score is
        the density of the picture's own component at the picture, without the weight.

        Unlike gmm fit, the fit starts from pictures, stops by the rise of the total log-likelihood and may take 1000 iterations: as in the course
        notebook, except that --reg-covar stays at 1e-6, since two pictures of the same color would break a fit without it.
        """;

    private static readonly FitDefaults s_defaults = new()
    {
        OwnStart = "pictures",
        OwnStartHelp = "K random pictures as means, the variances of all pictures without covariances, and equal weights",
        Stop = StopKind.TotalRise,
        MaxIterations = 1000,
        Regularization = 1e-6,
        RegularizationHelp = "1e-6",
    };

    private readonly Argument<string> _folder = Arguments.InputPath("FOLDER", "Searched for pictures, with its sub-folders.");
    private readonly FitArguments _fit = new(s_defaults);
    private readonly Option<bool> _exact = new("--exact")
    {
        Description = "Decode every pixel of large JPEGs, not only the means of their 8 x 8 blocks: slower, exact.",
    };

    private readonly Option<string?> _labels = Arguments.FilePath(
        "--labels", "FILE", "CSV with the columns file and category, to compare the components with (default: the names of sub-folders).");
    private readonly Option<string?> _output = Arguments.FilePath("-o", "DIR", "Folder for the results (default: images-out).");
    private readonly Option<bool> _json = new("--json") { Description = "Print the model document instead of the tables." };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Print neither progress nor tables." };

    public static Command Create(StandardStreams streams, CancellationToken cancellation)
    {
        var images = new ImagesCommand();
        var command = new Command("images", Description) { images._folder };
        foreach (var option in images._fit.All) command.Add(option);
        Option[] own = [images._exact, images._labels, images._output, images._json, images._quiet];
        foreach (var option in own) command.Add(option);
        command.SetAction(parse => ImagesRun.Run(images.Request(parse), streams, cancellation));
        return command;
    }

    private ImagesRequest Request(ParseResult parse)
    {
        var initialPath = _fit.InitialPath(parse);
        return new ImagesRequest(
            parse.GetRequiredValue(_folder), parse.GetValue(_exact), parse.GetValue(_labels), _fit.Options(parse, initialPath), initialPath,
            _fit.IsOwnStart(parse), parse.GetValue(_output) ?? "images-out", parse.GetValue(_json), parse.GetValue(_quiet));
    }
}
