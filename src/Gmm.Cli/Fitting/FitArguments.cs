using System.CommandLine;
using System.Diagnostics;
using Gmm.Fast;

namespace Gmm.Cli.Fitting;

/// <summary>Describes where the commands that fit differ: in defaults, and in whether they choose among several numbers of components.</summary>
internal sealed record FitDefaults
{
    /// <summary>Whether <c>-k</c> may name several numbers of components.</summary>
    public bool HasRanges { get; init; }

    /// <summary>Whether the command chooses among models: then <c>-k</c> has a default, and <c>--covariance</c> may name several forms.</summary>
    public bool Selects { get; init; }

    /// <summary>A start that only this command has; then it is the default.</summary>
    public string? OwnStart { get; init; }

    /// <summary>Says what <see cref="OwnStart"/> is, for the help.</summary>
    public string OwnStartHelp { get; init; } = "";

    /// <summary>The start where neither the user nor <see cref="OwnStart"/> names one.</summary>
    public StartMethod Start { get; init; } = StartMethod.SmallEm;

    public StopKind Stop { get; init; } = StopKind.MeanChange;

    public int MaxIterations { get; init; } = 100;

    public Regularization? Regularization { get; init; }

    /// <summary>The default of --reg-covar in words, where it has one.</summary>
    public string? RegularizationHelp { get; init; }
}

/// <summary>Defines the options of a fit: what the user typed, checked, as <see cref="FitOptions"/>.</summary>
internal sealed class FitArguments
{
    private const string Small = "small-em";
    private const string PlusPlus = "kmeans++";
    private const string Points = "points";

    /// <summary>The words of the tool; nameless columns are called as in its tables.</summary>
    public static readonly Vocabulary Words = new()
    {
        Column = "column",
        NamelessPrefix = "x",
        FirstColumn = 1,
        Regularization = "--reg-relative or --reg-covar",
    };

    private readonly FitDefaults _defaults;
    private readonly Option<IReadOnlyList<int>?> _components;
    private readonly Option<IReadOnlyList<CovarianceType>?> _covariances;
    private readonly Option<string?> _init;
    private readonly Option<int?> _restarts = Arguments.Whole("--restarts", "R", 1, "Number of starts; the best result is kept (default: 1).");
    private readonly Option<long?> _seed = Arguments.Seed();
    private readonly Option<StopKind?> _stop;
    private readonly Option<double?> _tolerance;
    private readonly Option<int?> _maxIterations;
    private readonly Option<Acceleration?> _acceleration = Arguments.Choice<Acceleration>(
        "--accelerate", "Fewer passes over the data where the fit is slow: turn steps by the curvature that the last ones show, combine the last steps, or "
            + "extrapolate two (default: none).",
        ModelReport.AccelerationChoices);
    private readonly Option<Progressive?> _progressive = Arguments.Choice<Progressive>(
        "--progressive", "Begin on samples of the rows, each twice as large as the one before, and end with all rows (default: auto, "
            + "which is off today).",
        ModelReport.ProgressiveChoices);
    private readonly Option<double?> _cutoff = Arguments.Cutoff(
        "--skip-below", "P", "Responsibilities below this part of their point's largest are 0, and need not be computed: at most K P nats of each "
            + "point's log-likelihood (default: 0, which leaves out what changes no bit).");
    private readonly Option<bool> _dense = new("--dense")
    {
        Description = "Compute also the responsibilities that are 0: the same result, for comparison.",
    };
    private readonly Option<double?> _regularization;
    private readonly Option<double?> _relative;
    private readonly Option<double?> _floor = Arguments.NonNegative(
        "--variance-floor", "F", "Least variance of a component in any direction, as a fraction of that of all points, below 1 (default: 0).");
    private readonly Option<CollapsePolicy?> _onCollapse = Arguments.Choice<CollapsePolicy>(
        "--on-collapse", "When a component collapses or loses all its points: end the fit, keep its last covariance, put it into half of another one, "
            + "or take it out (default: fail).",
        ModelReport.PolicyNames);
    private readonly Option<int?> _threads = Arguments.Threads();

    public FitArguments(FitDefaults? defaults = null)
    {
        _defaults = defaults ?? new FitDefaults();
        var own = _defaults.OwnStart;
        _components = CandidateArguments.Components(_defaults);
        _covariances = CandidateArguments.Covariances(_defaults);
        _init = Arguments.FilePath(
            "--init", $"{(own is null ? "" : $"{own}|")}{Small}|{PlusPlus}|{Points}|MODEL.json",
            own is null
                ? $"Start from the best of several short runs, from k-means, from random points, or from the parameters in a file (default: {(_defaults.Start == StartMethod.KMeansPlusPlus ? PlusPlus : Small)})."
                : $"Start from {_defaults.OwnStartHelp} (default: {own}), from the best of several short runs, from k-means, from random points, or from the parameters in a file.");
        _stop = Arguments.Choice<StopKind>(
            "--stop", "Compare with the tolerance the change of the mean log-likelihood, the rise of the total one, nothing, or the gain that is left as a part "
                + "of half the number of free parameters, which chance alone would gain "
                + $"(default: {StopNames.Of(_defaults.Stop)}).",
            ModelReport.StopRuleNames);
        var late = _defaults.Selects ? new SelectionOptions().Fit : null;
        _tolerance = Arguments.NonNegative(
            "--tol", "T", Invariant($"The tolerance (default: {(late?.Stop ?? StopRule.MeanChange()).Tolerance} for mean, 0.0001 for total, 0.01 for statistical; fixed has none)."));
        _maxIterations = Arguments.Whole("--max-iter", "M", 0, $"Largest number of iterations (default: {late?.MaxIterations ?? _defaults.MaxIterations}).");
        _regularization = Arguments.NonNegative(
            "--reg-covar", "V", "Added to every variance, in squared units of the data, instead of --reg-relative"
                + $"{(_defaults.RegularizationHelp is { } given ? $" (default: {given})" : "")}.");
        _relative = Arguments.NonNegative(
            "--reg-relative", "F", "Added to every variance, as a fraction of that of the column in all points, below 1"
                + $"{(_defaults.RegularizationHelp is null ? " (default: 1e-12 times the number of columns)" : "")}.");
    }

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All =>
        [_components, _covariances, _init, _restarts, _seed, _stop, _tolerance, _maxIterations, _acceleration, _progressive, _cutoff, _dense, _regularization, _relative, _floor, _onCollapse, _threads];

    /// <summary>Tells whether <see cref="FitDefaults.OwnStart"/> was chosen or is in force by default.</summary>
    public bool IsOwnStart(ParseResult parse) => _defaults.OwnStart is { } own && (parse.GetValue(_init) ?? own) == own;

    /// <summary>Tells whether the regularization was given, or is the default.</summary>
    public bool HasRegularization(ParseResult parse) => (parse.GetValue(_regularization) ?? parse.GetValue(_relative)) is not null;

    /// <summary>Gives the model file to start from, or null; complains of what contradicts it. Reads no file.</summary>
    public string? InitialPath(ParseResult parse)
    {
        var init = parse.GetValue(_init);
        var path = init is null or Small or PlusPlus or Points || IsOwnStart(parse) ? null : init;
        if (parse.GetValue(_components) is null && path is null && !_defaults.Selects)
            throw CommandFailure.Usage("-k, the number of components, is required unless --init names a model");
        if (path is not null && parse.GetValue(_restarts) is > 1 and var restarts)
            throw CommandFailure.Usage($"--restarts is {restarts}; every start from '{path}' would be the same, so 1 is required");
        if (path is not null && (_defaults.Selects || Candidates(parse).Components.Count > 1))
            throw CommandFailure.Usage($"--init is '{init}'; {Small}, {PlusPlus} or {Points} is required, as every number of components has its own start");
        if (path is not null && !Path.HasExtension(path) && !Path.Exists(path))
        {
            var own = _defaults.OwnStart is { } name ? $"{name}, " : "";
            throw CommandFailure.Usage($"--init is '{path}'; {own}{Small}, {PlusPlus}, {Points} or a model file is required");
        }
        return path;
    }

    /// <summary>Gives the numbers of components and the forms of covariances that were asked for.</summary>
    public (IReadOnlyList<int> Components, IReadOnlyList<CovarianceType> Types) Candidates(ParseResult parse)
    {
        var defaults = new SelectionOptions();
        var components = parse.GetValue(_components) ?? (_defaults.Selects ? defaults.Components : []);
        return (components, parse.GetValue(_covariances) ?? (_defaults.Selects ? defaults.CovarianceTypes : [CovarianceType.Full]));
    }

    /// <summary>
    /// Gives the options, with the model of <see cref="InitialPath"/> where there is one; complains of what that model contradicts.
    /// </summary>
    public FitOptions Options(ParseResult parse, string? initialPath)
    {
        var initial = initialPath is null ? null : ModelFile.Load(initialPath).Model;
        if (initial is not null) CheckAgreement(parse, initial, initialPath!);

        // Criteria of fits that stop early do not compare.
        var late = _defaults.Selects || Candidates(parse).Components.Count > 1 ? new SelectionOptions().Fit : null;
        var options = new FitOptions
        {
            Components = initial?.ComponentCount ?? Candidates(parse).Components[0],
            CovarianceType = initial?.CovarianceType ?? Candidates(parse).Types[0],
            InitialModel = initial,
            Start = parse.GetValue(_init) switch
            {
                Points => StartMethod.RandomPoints,
                PlusPlus => StartMethod.KMeansPlusPlus,
                Small => StartMethod.SmallEm,
                _ => _defaults.Start,
            },
            Stop = Stop(parse, late?.Stop),
            MaxIterations = parse.GetValue(_maxIterations) ?? late?.MaxIterations ?? _defaults.MaxIterations,
            Regularization = Regularization(parse),
            Vocabulary = Words,
            VarianceFloor = Floor(parse),
            OnCollapse = parse.GetValue(_onCollapse) ?? CollapsePolicy.Fail,
            Acceleration = parse.GetValue(_acceleration) ?? Acceleration.None,
            Progressive = parse.GetValue(_progressive) ?? Progressive.Auto,
        };
        return options with
        {
            Skipping = parse.GetValue(_dense) ? Skipping.None : Skipping.Auto,
            ResponsibilityCutoff = parse.GetValue(_cutoff) ?? 0,
            Seed = parse.GetValue(_seed) ?? options.Seed,
            Restarts = parse.GetValue(_restarts) ?? options.Restarts,
            MaxDegreeOfParallelism = parse.GetValue(_threads) ?? options.MaxDegreeOfParallelism,
        };
    }

    /// <summary>
    /// Gives the options to go on with the fit in a file: its own where none are typed. Complains of what contradicts it.
    /// </summary>
    public FitOptions Continue(ParseResult parse, string path)
    {
        const string Same = "a fit goes on with the same";
        if (parse.GetValue(_init) is { } init) throw CommandFailure.Usage($"--init is '{init}' and --continue '{path}'; one of them is required");
        if (parse.GetValue(_restarts) is > 1 and var restarts)
            throw CommandFailure.Usage($"--restarts is {restarts}; a fit that goes on has one start, so 1 is required");
        if (parse.GetValue(_progressive) == Progressive.On)
            throw CommandFailure.Usage("--progressive is on; a fit that goes on begins with all rows, so auto or off is required");
        var (model, fit) = ModelFile.Load(path);
        if (fit is null) throw CommandFailure.Input($"{path}: has a model without its fit, which cannot go on; --init starts from its parameters");
        CheckAgreement(parse, model, path);
        var past = FitOptions.Continue(fit);
        if (parse.GetValue(_cutoff) is { } cutoff && cutoff != past.ResponsibilityCutoff)
            throw CommandFailure.Usage(Invariant($"--skip-below is {cutoff}; {path} has {past.ResponsibilityCutoff}, and {Same}"));
        if (parse.GetValue(_seed) is { } seed && seed != fit.Seed) throw CommandFailure.Usage($"--seed is {seed}; {path} has {fit.Seed}, and {Same}");
        var isRelative = parse.GetValue(_relative) is not null;
        if ((isRelative || parse.GetValue(_regularization) is not null) && Regularization(parse) is { } added && added != fit.Regularization)
        {
            var option = isRelative ? "--reg-relative" : "--reg-covar";
            throw CommandFailure.Usage(Invariant($"{option} is {added.Value}; {path} has {fit.Regularization}, and {Same}"));
        }
        if (parse.GetValue(_floor) is { } floor && floor != past.VarianceFloor)
            throw CommandFailure.Usage(Invariant($"--variance-floor is {floor}; {path} has {past.VarianceFloor}, and {Same}"));
        return past with
        {
            Stop = Stop(parse, past.Stop),
            MaxIterations = parse.GetValue(_maxIterations) ?? _defaults.MaxIterations,
            OnCollapse = parse.GetValue(_onCollapse) ?? past.OnCollapse,
            Acceleration = parse.GetValue(_acceleration) ?? past.Acceleration,
            Skipping = parse.GetValue(_dense) ? Skipping.None : Skipping.Auto,
            Vocabulary = Words,
            MaxDegreeOfParallelism = parse.GetValue(_threads) ?? past.MaxDegreeOfParallelism,
        };
    }

    private Regularization? Regularization(ParseResult parse)
    {
        var (absolute, relative) = (parse.GetValue(_regularization), parse.GetValue(_relative));
        if (absolute is not null && relative is not null) throw CommandFailure.Usage("--reg-covar and --reg-relative are both given; one of them is required");
        if (relative >= 1) throw CommandFailure.Usage(Invariant($"--reg-relative is {relative}; a number of at least 0 and below 1 is required"));
        if (relative is { } fraction) return Fast.Regularization.Relative(fraction);
        return absolute is { } variance ? Fast.Regularization.Absolute(variance) : _defaults.Regularization;
    }

    private double Floor(ParseResult parse)
    {
        var floor = parse.GetValue(_floor) ?? 0;
        if (floor >= 1) throw CommandFailure.Usage(Invariant($"--variance-floor is {floor}; a number of at least 0 and below 1 is required"));
        return floor;
    }

    private StopRule Stop(ParseResult parse, StopRule? past = null)
    {
        var kind = parse.GetValue(_stop) ?? past?.Kind ?? _defaults.Stop;
        return Stop(kind, parse.GetValue(_tolerance), past);
    }

    /// <summary>Gives a stop rule.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="tolerance">What was typed; null for nothing.</param>
    /// <param name="past">The rule that is kept where nothing was typed; null for the default of the kind.</param>
    public static StopRule Stop(StopKind kind, double? tolerance, StopRule? past)
    {
        if (tolerance is null && kind == past?.Kind) return past.Value;
        return kind switch
        {
            StopKind.MeanChange => tolerance is { } change ? StopRule.MeanChange(change) : StopRule.MeanChange(),
            StopKind.TotalRise => tolerance is { } rise ? StopRule.TotalRise(rise) : StopRule.TotalRise(),
            StopKind.FixedCount => StopRule.FixedCount,
            StopKind.Statistical => tolerance is { } fraction ? StopRule.Statistical(fraction) : StopRule.Statistical(),
            var other => throw new UnreachableException($"a stop of {other}"),
        };
    }

    private void CheckAgreement(ParseResult parse, GaussianMixture initial, string path)
    {
        if (parse.GetValue(_components) is { } k && !(k is [var only] && only == initial.ComponentCount))
            throw CommandFailure.Usage($"-k is {string.Join(',', k)}; {path} has {DataInput.Count(initial.ComponentCount, "component")}");
        if (parse.GetValue(_covariances) is [var type] && type != initial.CovarianceType)
            throw CommandFailure.Usage($"--covariance is {CovarianceNames.Of(type)}; {path} has {CovarianceNames.Of(initial.CovarianceType)}");
    }
}
