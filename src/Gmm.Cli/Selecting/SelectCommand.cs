using System.CommandLine;
using Gmm.Fast;

namespace Gmm.Cli.Selecting;

/// <summary>Defines <c>gmm select</c>: its options, and what they ask for. <see cref="SelectRun"/> does it.</summary>
internal sealed class SelectCommand
{
    private static readonly string[] s_criteria = ["bic", "aic", "icl", "cv"];

    private readonly Argument<string[]> _data = Arguments.Files();
    private readonly FitArguments _fit = new(new FitDefaults { Selects = true });
    private readonly Option<SelectionCriterion?> _criterion = Arguments.Choice<SelectionCriterion>(
        "--criterion", "What decides: BIC, AIC, ICL, or the log-density of rows held out of the fit by cross-validation (default: bic).", s_criteria);
    private readonly Option<int?> _folds = Arguments.Whole("--folds", "F", 2, "Parts of the cross-validation (default: 5).");
    private readonly TableArguments _table = new(withWeights: true);
    private readonly Option<long?> _memory = MemoryBudget.Option();
    private readonly Option<string?> _cache = CacheFolder.Option();
    private readonly Option<string?> _output = Arguments.FilePath("-o", "MODEL.json", "Write the best model and how it was fitted, as gmm fit does.");
    private readonly Option<string?> _report = Arguments.FilePath(
        "--report", "FILE.html", "Write an interactive page: the best model, and the criterion of all. It needs no network.");
    private readonly Option<string?> _plot = Arguments.FilePath("--plot", "FILE.png|svg", "Write the figure of the criterion over the number of components.");
    private readonly Option<ComponentSorting?> _sort = Arguments.Sorting("Number the components by weight, the largest first, or by the mean of a column");
    private readonly Option<bool> _json = new("--json") { Description = "Print all candidates as a JSON document instead of the table." };
    private readonly Option<bool> _all = ModelReport.All();
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Print neither progress nor table." };

    public static Command Create(StandardStreams streams, CancellationToken cancellation)
    {
        var select = new SelectCommand();
        var command = new Command("select", "Choose the number of components and the form of their covariances for a table of points.") { select._data };
        foreach (var option in select._fit.All) command.Add(option);
        Option[] own = [
            select._criterion, select._folds, .. select._table.All, select._memory, select._cache, select._output, select._report, select._plot, select._sort, select._json, select._all,
            select._quiet,
        ];
        foreach (var option in own) command.Add(option);
        command.SetAction(parse => SelectRun.Run(select.Request(parse), streams, cancellation));
        return command;
    }

    private SelectRequest Request(ParseResult parse)
    {
        var (data, output) = (DataPaths.Of(parse.GetRequiredValue(_data)), parse.GetValue(_output));
        var table = _table.ForModel(parse) with { Memory = parse.GetValue(_memory), Cache = parse.GetValue(_cache) };
        _fit.InitialPath(parse);
        OutputFile.Check("-o", output, [.. data.Paths]);
        var (report, plot) = (parse.GetValue(_report), parse.GetValue(_plot));
        FitReport.Check(report, plot, [.. data.Paths, output]);
        var criterion = parse.GetValue(_criterion) ?? SelectionCriterion.Bic;
        var folds = parse.GetValue(_folds);
        if (folds is not null && criterion != SelectionCriterion.CrossValidation)
            throw CommandFailure.Usage($"--folds is {folds}; only --criterion cv has parts, and it is not given");
        var options = _fit.Options(parse, initialPath: null) with { DensityQuantiles = true };
        var request = new FitRequest(
            data, table, options, InitialPath: null, output, Responsibilities: null, report, plot, parse.GetValue(_sort), parse.GetValue(_json),
            parse.GetValue(_quiet))
        {
            AllColumns = parse.GetValue(_all),
        };
        var (components, types) = _fit.Candidates(parse);
        var selection = new SelectionOptions
        {
            Components = components,
            CovarianceTypes = types,
            Criterion = criterion,
            Fit = options,
        };
        return new SelectRequest(request, folds is { } parts ? selection with { Folds = parts } : selection) { PrintsCandidates = true };
    }
}
