using System.CommandLine;
using Gmm.Fast;
using Gmm.Data;

namespace Gmm.Cli.Fitting;

/// <summary>Defines <c>gmm fit</c>: its options, and what they ask for. <see cref="FitRun"/> does it.</summary>
internal sealed class FitCommand
{
    private readonly Argument<string> _data = Arguments.Data();
    private readonly FitArguments _fit = new(new FitDefaults { HasRanges = true });
    private readonly Option<string?> _continue = Arguments.FilePath(
        "--continue", "MODEL.json", "Go on with the fit in a file, on the same DATA, as one fit without a break: it counts on, and other options are "
            + "those of the file unless given. --max-iter allows so many more. -o may be the same file.");
    private readonly TableArguments _table = new(withWeights: true);
    private readonly Option<string?> _output = Arguments.FilePath("-o", "MODEL.json", "Write the model and how it was fitted.");
    private readonly Option<string?> _responsibilities = Arguments.FilePath(
        "--responsibilities", "FILE", $"Write the K responsibilities of each row under the final parameters: {TableFile.WritableExtensions}.");
    private readonly Option<string?> _report = Arguments.FilePath(
        "--report", "FILE.html", "Write an interactive page: parameters, figures, warnings. It needs no network.");
    private readonly Option<string?> _plot = Arguments.FilePath(
        "--plot", "FILE.png|svg", "Write the figure of the components, as gmm plot does; with several -k, that of BIC.");
    private readonly Option<ComponentSorting?> _sort = Arguments.Sorting("Number the components by weight, the largest first, or by the mean of a column");
    private readonly Option<bool> _json = new("--json") { Description = "Print the model document instead of the table." };
    private readonly Option<bool> _all = ModelReport.All();
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Print neither progress nor table." };

    public static Command Create(StandardStreams streams, CancellationToken cancellation)
    {
        var fit = new FitCommand();
        var command = new Command("fit", "Fit a mixture to a table of points.") { fit._data };
        foreach (var option in fit._fit.All) command.Add(option);
        Option[] own = [fit._continue, .. fit._table.All, fit._output, fit._responsibilities, fit._report, fit._plot, fit._sort, fit._json, fit._all, fit._quiet];
        foreach (var option in own) command.Add(option);
        command.SetAction(parse =>
        {
            var request = fit.Request(parse);
            var (components, types) = fit._fit.Candidates(parse);
            if (components.Count < 2) return FitRun.Run(request, streams, cancellation);
            var selection = new SelectionOptions
            {
                Components = components,
                CovarianceTypes = types,
                Fit = request.Options,
            };
            return SelectRun.Run(new SelectRequest(request, selection), streams, cancellation);
        });
        return command;
    }

    private FitRequest Request(ParseResult parse)
    {
        var data = parse.GetRequiredValue(_data);
        var (output, responsibilities) = (parse.GetValue(_output), parse.GetValue(_responsibilities));
        var table = _table.ForModel(parse);
        var past = parse.GetValue(_continue);
        var initPath = past ?? _fit.InitialPath(parse);

        // A model file is replaced in one step, so the fit in it may go on in its place.
        OutputFile.Check("-o", output, data, past is null ? initPath : null);
        OutputFile.CheckTable("--responsibilities", responsibilities, data, initPath, output);
        var (report, plot) = (parse.GetValue(_report), parse.GetValue(_plot));
        FitReport.Check(report, plot, data, initPath, output, responsibilities);
        var options = past is null ? _fit.Options(parse, initPath) : _fit.Continue(parse, past);
        return new FitRequest(
            data, Table(table, options.ContinueFrom), options with { DensityQuantiles = true }, initPath, output, responsibilities, report, plot, parse.GetValue(_sort), parse.GetValue(_json),
            parse.GetValue(_quiet))
        {
            AllColumns = parse.GetValue(_all),
        };
    }

    // A fit that goes on treats missing values as before.
    private static TableOptions Table(DataOptions given, FitResult? past) =>
        !given.SaysMissing && past?.Model.MissingValues == MissingValues.Marginalize ? given.Table with { Missing = TableMissing.Keep } : given.Table;
}
