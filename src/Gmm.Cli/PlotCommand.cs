using System.CommandLine;
using System.Globalization;
using Gmm.Data;
using Gmm.Fast;
using Gmm.Report;
using Gmm.Report.Figures;

namespace Gmm.Cli;

/// <summary>Defines <c>gmm plot</c>.</summary>
internal static class PlotCommand
{
    private const string Description =
        "Draw the points colored by their responsibilities, and the components: ellipses at 1 and 2 standard deviations and contours; of one "
        + "column a histogram with the densities. Prints the path of the file.";

    private const int MostNames = 20;

    // The two log-likelihoods are sums in the same order, but the file may come from another machine.
    private const double SameSum = 1e-9;

    public static Command Create(StandardStreams streams)
    {
        var model = Arguments.Model();
        var data = Arguments.DataForModel();
        var dims = new Option<string?>("--dims")
        {
            Description = "The columns of MODEL on the two axes, by name or number from 1 "
                + "(default: all pairs of up to 6, of more the two in which the components differ most).",
            HelpName = "a,b",
        };
        var table = new TableArguments(withWeights: false);
        var output = Arguments.FilePath(
            "-o", "FILE.png|svg", "Write to a .png or .svg file (default: the name of MODEL with .png, unless there is such a file).");
        var command = new Command("plot", Description) { model, data, dims, output };
        foreach (var option in table.All) command.Add(option);
        command.SetAction(parse => Run(
            parse.GetRequiredValue(model), parse.GetRequiredValue(data), parse.GetValue(dims), table.ForModel(parse), parse.GetValue(output),
            streams));
        return command;
    }

    private static int Run(
        string modelPath, string data, string? dims, DataOptions options, string? output, StandardStreams streams)
    {
        string[]? axes = dims?.Split(',', StringSplitOptions.TrimEntries);
        if (axes is not null && (axes.Length != 2 || axes.Contains("")))
            throw CommandFailure.Usage($"--dims is '{dims}'; two names or numbers separated by a comma are required");
        var path = output ?? Path.ChangeExtension(modelPath, ".png");
        FigureOutput.Check("-o", path, modelPath, data);

        // Nobody named that file: it may be the photograph that MODEL was made of.
        if (output is null && Path.Exists(path)) throw CommandFailure.Usage($"{path} exists; -o {path} would replace it");

        var (model, fit) = ModelFile.Load(modelPath);
        (int, int)? chosen = axes is null ? null : Choose(axes, dims!, model, modelPath);
        var table = DataInput.Read(data, options, streams, model, modelPath);
        var subject = new Subject(model, table.Values, IsOf(fit, table) ? fit : null, Path.GetFileName(DataInput.Name(data)));
        FigureOutput.Write(path, Figure.Components(subject, chosen));
        streams.Print(path + "\n");
        return ExitCode.Done;
    }

    private static (int X, int Y) Choose(string[] axes, string dims, GaussianMixture model, string path)
    {
        var d = model.Dimension;
        if (d == 1) throw CommandFailure.Usage($"--dims is '{dims}'; {path} has 1 column, and at least 2 are required");
        var (x, y) = (Find(axes[0]), Find(axes[1]));
        return x != y ? (x, y) : throw CommandFailure.Usage($"--dims is '{dims}'; two different columns are required");

        // As with --columns, digits are always a number.
        int Find(string axis) => axis.All(char.IsAsciiDigit) ? ByNumber(axis) : ByName(axis);

        int ByNumber(string axis) => int.TryParse(axis, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= d
            ? number - 1
            : throw CommandFailure.Usage($"--dims is '{dims}'; {path} has the columns 1 to {d}, and no {axis}");

        int ByName(string axis)
        {
            string[] names = [.. model.ColumnNames ?? Enumerable.Range(1, d).Select(j => $"x{j}")];
            int[] found = [.. Enumerable.Range(0, d).Where(j => names[j] == axis)];
            if (found.Length == 1) return found[0];
            if (found.Length > 1)
            {
                throw CommandFailure.Usage(
                    $"--dims is '{dims}'; two columns of {path} are named '{axis}', {found[0] + 1} and {found[1] + 1}; choose by number");
            }
            var shown = string.Join(", ", names.Take(MostNames)) + (d > MostNames ? $" and {d - MostNames} more" : "");
            throw CommandFailure.Usage($"--dims is '{dims}'; {path} has the columns {shown}, and no '{axis}'");
        }
    }

    // The figure tells the number of iterations and the log-likelihood; of other data than those of the fit that would be false.
    private static bool IsOf(FitResult? fit, NumericTable table)
    {
        if (fit is null || fit.Points != PointCounts.Of(new TablePoints(table), mayHaveGaps: true).Points) return false;
        var total = fit.Model.WithMissingValues(MissingValues.Marginalize).TotalLogLikelihood(new TablePoints(table));
        return Math.Abs(total - fit.TotalLogLikelihood) <= SameSum * Math.Abs(total);
    }
}
