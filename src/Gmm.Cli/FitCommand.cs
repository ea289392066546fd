using System.CommandLine;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary><c>gmm fit</c>: its options, and what they ask for. <see cref="FitRun"/> does it.</summary>
internal sealed class FitCommand
{
    private const string PlusPlus = "kmeans++";
    private const string Points = "points";

    private readonly Argument<string> _data = Arguments.Data();
    private readonly Option<int?> _components = Arguments.Whole("-k", "K", 1, "Number of components; may be left out with --init MODEL.json.");
    private readonly Option<CovarianceType?> _covariance = Arguments.Choice<CovarianceType>(
        "--covariance", "Form of the covariances (default: full, or that of --init MODEL.json).", ModelReport.CovarianceNames);
    private readonly Option<string?> _init = Arguments.FilePath(
        "--init", $"{PlusPlus}|{Points}|MODEL.json",
        $"Start from k-means (default: {PlusPlus}), from random points, or from the parameters in a file.");
    private readonly Option<int?> _restarts = Arguments.Whole("--restarts", "R", 1, "Number of starts; the best result is kept (default: 1).");
    private readonly Option<long?> _seed = Arguments.Seed();
    private readonly Option<StopKind?> _stop = Arguments.Choice<StopKind>(
        "--stop", "Compare with the tolerance the change of the mean log-likelihood, the rise of the total one, or nothing (default: mean).",
        ModelReport.StopNames);
    private readonly Option<double?> _tolerance = Arguments.NonNegative("--tol", "T", "The tolerance (default: 0.001 for mean, 0.0001 for total; fixed has none).");
    private readonly Option<int?> _maxIterations = Arguments.Whole("--max-iter", "M", 0, "Largest number of iterations (default: 100).");
    private readonly Option<double?> _regularization = Arguments.NonNegative("--reg-covar", "V", "Added to every variance (default: 1e-6).");
    private readonly Option<int?> _threads = Arguments.Whole("--threads", "T", 1, "Largest number of threads (default: one per processor).");
    private readonly Option<IReadOnlyList<string>?> _columns = Arguments.Columns();
    private readonly Option<string?> _output = Arguments.FilePath("-o", "MODEL.json", "Write the model and how it was fitted.");
    private readonly Option<string?> _responsibilities = Arguments.FilePath(
        "--responsibilities", "FILE", "Write the K responsibilities of each row under the final parameters: .csv, .tsv or .npy.");
    private readonly Option<bool> _json = new("--json") { Description = "Print the model document instead of the table." };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Print neither progress nor table." };

    public static Command Create(StandardStreams streams, CancellationToken cancellation)
    {
        var fit = new FitCommand();
        var command = new Command("fit", "Fit a mixture to a table of points.")
        {
            fit._data, fit._components, fit._covariance, fit._init, fit._restarts, fit._seed, fit._stop, fit._tolerance, fit._maxIterations,
            fit._regularization, fit._threads, fit._columns, fit._output, fit._responsibilities, fit._json, fit._quiet,
        };
        command.SetAction(parse => FitRun.Run(fit.Request(parse), streams, cancellation));
        return command;
    }

    private FitRequest Request(ParseResult parse)
    {
        var data = parse.GetRequiredValue(_data);
        var init = parse.GetValue(_init);
        var initPath = init is null or PlusPlus or Points ? null : init;
        var (output, responsibilities) = (parse.GetValue(_output), parse.GetValue(_responsibilities));
        var stop = Stop(parse);
        if (parse.GetValue(_components) is null && initPath is null)
            throw CommandFailure.Usage("-k, the number of components, is required unless --init names a model");
        if (initPath is not null && parse.GetValue(_restarts) is > 1 and var restarts)
            throw CommandFailure.Usage($"--restarts is {restarts}; every start from '{initPath}' would be the same, so 1 is required");
        if (initPath is not null && !Path.HasExtension(initPath) && !Path.Exists(initPath))
            throw CommandFailure.Usage($"--init is '{initPath}'; {PlusPlus}, {Points} or a model file is required");
        OutputFile.Check("-o", output, data, initPath);
        OutputFile.CheckTable("--responsibilities", responsibilities, data, initPath, output);

        var initial = initPath is null ? null : ModelFile.Load(initPath).Model;
        if (initial is not null) CheckAgreement(parse, initial, initPath!);
        var options = new FitOptions
        {
            Components = initial?.ComponentCount ?? parse.GetValue(_components)!.Value,
            CovarianceType = initial?.CovarianceType ?? parse.GetValue(_covariance) ?? CovarianceType.Full,
            InitialModel = initial,
            Start = init == Points ? StartMethod.RandomPoints : StartMethod.KMeansPlusPlus,
            Stop = stop,
        };
        options = options with
        {
            Seed = parse.GetValue(_seed) ?? options.Seed,
            Restarts = parse.GetValue(_restarts) ?? options.Restarts,
            MaxIterations = parse.GetValue(_maxIterations) ?? options.MaxIterations,
            Regularization = parse.GetValue(_regularization) ?? options.Regularization,
            MaxDegreeOfParallelism = parse.GetValue(_threads) ?? options.MaxDegreeOfParallelism,
        };
        return new FitRequest(
            data, parse.GetValue(_columns), options, initPath, output, responsibilities, parse.GetValue(_json), parse.GetValue(_quiet));
    }

    private StopRule Stop(ParseResult parse)
    {
        var tolerance = parse.GetValue(_tolerance);
        switch (parse.GetValue(_stop) ?? StopKind.MeanChange)
        {
            case StopKind.MeanChange:
                return tolerance is { } change ? StopRule.MeanChange(change) : StopRule.MeanChange();
            case StopKind.TotalRise:
                return tolerance is { } rise ? StopRule.TotalRise(rise) : StopRule.TotalRise();
            default:
                return StopRule.FixedCount;
        }
    }

    private void CheckAgreement(ParseResult parse, GaussianMixture initial, string path)
    {
        if (parse.GetValue(_components) is { } k && k != initial.ComponentCount)
            throw CommandFailure.Usage($"-k is {k}; {path} has {DataInput.Count(initial.ComponentCount, "component")}");
        if (parse.GetValue(_covariance) is { } type && type != initial.CovarianceType)
            throw CommandFailure.Usage($"--covariance is {ModelReport.Name(type)}; {path} has {ModelReport.Name(initial.CovarianceType)}");
    }
}
