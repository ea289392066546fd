using System.CommandLine;
using Gmm.Cli.Ranks;
using Gmm.Fast;
using Gmm.Data;

namespace Gmm.Cli.Fitting;

/// <summary>Defines <c>gmm fit</c>: its options, and what they ask for. <see cref="FitRun"/> does it.</summary>
internal sealed class FitCommand
{
    private readonly Argument<string[]> _data = Arguments.Files();
    private readonly FitArguments _fit = new(new FitDefaults { HasRanges = true });
    private readonly Option<string?> _continue = Arguments.FilePath(
        "--continue", "MODEL.json", "Go on with the fit in a file, on the same DATA, as one fit without a break: it counts on, and other options are "
            + "those of the file unless given. --max-iter allows so many more. -o may be the same file.");
    private readonly CheckpointArguments _checkpoint = new();
    private readonly TableArguments _table = new(withWeights: true);
    private readonly Option<long?> _memory = MemoryBudget.Option();
    private readonly Option<string?> _cache = CacheFolder.Option();
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
    private readonly Option<bool> _mpi = new(MpiProcess.Option)
    {
        Description = "Fit as one of the processes that mpirun starts, as in: mpirun -n 4 gmm fit DATA -k 3 --mpi. Each fits a part of the rows, with its share "
            + "of the processors of its machine; the first one prints and writes.",
    };

    public static Command Create(StandardStreams streams, CancellationToken cancellation, CommandRanks? ranks = null)
    {
        var fit = new FitCommand();
        var command = new Command("fit", "Fit a mixture to a table of points.") { fit._data };
        foreach (var option in fit._fit.All) command.Add(option);
        Option[] own =
        [
            fit._continue, .. fit._checkpoint.All, .. fit._table.All, fit._memory, fit._cache, fit._output, fit._responsibilities, fit._report, fit._plot, fit._sort,
            fit._json, fit._all, fit._quiet, fit._mpi,
        ];
        foreach (var option in own) command.Add(option);
        command.SetAction(parse =>
        {
            var request = fit.Request(parse, ranks);
            var (components, types) = fit._fit.Candidates(parse);
            if (ranks is not null) CheckRanks(request, components);
            else if (parse.GetValue(fit._mpi)) throw CommandFailure.Usage($"{MpiProcess.Option} stands alone, without a value");
            if (components.Count > 1 && fit._checkpoint.AreGiven(parse))
                throw CommandFailure.Usage($"-k names {components.Count} numbers; --checkpoint, --resume and --time-budget are of one fit, so one is required");
            if (components.Count < 2) return FitRun.Run(request, streams, cancellation, ranks);
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

    private static void CheckRanks(FitRequest request, IReadOnlyList<int> components)
    {
        if (components.Count > 1)
            throw CommandFailure.Usage($"-k is {string.Join(',', components)}; with {MpiProcess.Option} one number of components is required");
        if (request.Data.AreStandardInput) throw CommandFailure.Usage($"DATA is '-'; with {MpiProcess.Option} a file is required, which every process reads");
        if (request.Options.Progressive == Progressive.On)
            throw CommandFailure.Usage($"--progressive is on; with {MpiProcess.Option} auto or off is required, as no process holds a sample of all rows");
        if ((request.Report ?? request.Plot) is { } drawn && (request.Data.Paths.Count > 1 || PointFiles.IsArray(request.Data.First)))
        {
            throw CommandFailure.Usage($"{(request.Report is null ? "--plot" : "--report")} is '{drawn}'; with {MpiProcess.Option} no process holds all rows of "
                + $"{request.Data.Name}, and gmm plot of the model and a part of the data draws it");
        }
    }

    private FitRequest Request(ParseResult parse, CommandRanks? ranks)
    {
        var data = DataPaths.Of(parse.GetRequiredValue(_data));
        var (output, responsibilities) = (parse.GetValue(_output), parse.GetValue(_responsibilities));
        var table = _table.ForModel(parse);
        var past = parse.GetValue(_continue);
        var initPath = past ?? _fit.InitialPath(parse);

        var (report, plot) = (parse.GetValue(_report), parse.GetValue(_plot));

        // A model file is replaced in one step, so the fit in it may go on in its place. Folders of output are those of the process that writes.
        if (ranks is null or { IsFirst: true })
        {
            OutputFile.Check("-o", output, [.. data.Paths, past is null ? initPath : null]);
            OutputFile.CheckTable("--responsibilities", responsibilities, [.. data.Paths, initPath, output]);
            FitReport.Check(report, plot, [.. data.Paths, initPath, output, responsibilities]);
        }
        var options = past is null ? _fit.Options(parse, initPath) : _fit.Continue(parse, past);
        options = _checkpoint.Apply(parse, options, [.. data.Paths, initPath, output, responsibilities, report, plot]);
        return new FitRequest(
            data, table with { Table = Table(table, options.ContinueFrom), Memory = parse.GetValue(_memory) ?? ranks?.Memory, Cache = parse.GetValue(_cache) },
            options with { DensityQuantiles = true }, initPath, output, responsibilities, report, plot, parse.GetValue(_sort), parse.GetValue(_json),
            parse.GetValue(_quiet))
        {
            AllColumns = parse.GetValue(_all),
        };
    }

    // A fit that goes on treats missing values as before.
    private static TableOptions Table(DataOptions given, FitResult? past) =>
        !given.SaysMissing && past?.Model.MissingValues == MissingValues.Marginalize ? given.Table with { Missing = TableMissing.Keep } : given.Table;
}
