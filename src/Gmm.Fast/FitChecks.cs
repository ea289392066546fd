using System.Diagnostics.CodeAnalysis;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Starts;

namespace Gmm.Fast;

/// <summary>Checks the options of a fit.</summary>
internal static class FitChecks
{
    // The largest sample of k-means.
    private const int LargestSample = 20_000;
    private const int SampledPerComponent = 250;

    // A larger one would change log-likelihoods by more than iterations do.
    private static readonly double s_largestCutoff = double.ScaleB(1, -8);

    /// <summary>Throws if options cannot be used with points of this shape.</summary>
    /// <param name="points">N of this process.</param>
    /// <param name="dimension">D.</param>
    /// <param name="options">The options.</param>
    /// <param name="isAlone">Whether no other process has points.</param>
    /// <param name="elementSize">Bytes of a number of the points.</param>
    /// <param name="areInMemory">Whether the points are.</param>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    /// <exception cref="InsufficientMemoryException">The fit does not fit in memory.</exception>
    public static void Validate(long points, int dimension, FitOptions options, bool isAlone, int elementSize, bool areInMemory)
    {
        Check.AtLeast("PointCount", points, isAlone ? 1 : 0);
        Check.AtLeast("Dimension", dimension, 1);
        Check.AtLeast(nameof(options.Components), options.Components, 1);
        Check.AtLeast(nameof(options.Restarts), options.Restarts, 1);
        Check.AtLeast(nameof(options.MaxIterations), options.MaxIterations, 0);
        Check.AtLeast(nameof(options.PackingBudget), options.PackingBudget, 0);
        if (options.Regularization is { } regularization) Regularization(nameof(options.Regularization), regularization);
        if (options.Vocabulary is null) Throw.Argument(nameof(options), "Vocabulary is null; words are required");
        if (options.Order.Dimension is { } ordered && ordered >= dimension)
            Throw.OutOfRange(nameof(options.Order), ordered, $"a dimension from 0 to {dimension - 1} is required");
        if (!(options.VarianceFloor >= 0 && options.VarianceFloor < 1))
            Throw.OutOfRange(nameof(options.VarianceFloor), options.VarianceFloor, "a fraction of at least 0 and below 1 is required");
        if (options.MaxDegreeOfParallelism is 0 or < -1)
            Throw.OutOfRange(nameof(options.MaxDegreeOfParallelism), options.MaxDegreeOfParallelism, "at least 1, or -1 for all processors, is required");
        if (!Enum.IsDefined(options.CovarianceType))
            Throw.OutOfRange(nameof(options.CovarianceType), options.CovarianceType, $"{FamilyTable.Names} is required");
        if (!Enum.IsDefined(options.OnCollapse))
            Throw.OutOfRange(nameof(options.OnCollapse), options.OnCollapse, "Fail, Keep, Reseed or Drop is required");
        if (!Enum.IsDefined(options.Acceleration))
            Throw.OutOfRange(nameof(options.Acceleration), options.Acceleration, "None, QuasiNewton, Anderson or Squarem is required");
        if (!Enum.IsDefined(options.Start))
            Throw.OutOfRange(nameof(options.Start), options.Start, "SmallEm, KMeansPlusPlus or RandomPoints is required");
        Samples(options, isAlone);
        if (!Enum.IsDefined(options.Skipping)) Throw.OutOfRange(nameof(options.Skipping), options.Skipping, "Auto, InOrder or None is required");
        if (!Enum.IsDefined(options.Duplicates)) Throw.OutOfRange(nameof(options.Duplicates), options.Duplicates, "Auto or Keep is required");
        if (!(options.ResponsibilityCutoff >= 0 && options.ResponsibilityCutoff <= s_largestCutoff))
            Throw.OutOfRange(nameof(options.ResponsibilityCutoff), options.ResponsibilityCutoff, "a part of at least 0 and at most 2^-8 is required");
        if (!Enum.IsDefined(options.MissingValues))
            Throw.OutOfRange(nameof(options.MissingValues), options.MissingValues, "Error or Marginalize is required");
        var family = FamilyTable.Of(options.CovarianceType);
        Check.MixtureSize(options.Components, dimension, family.HasOffDiagonal);
        Memory(points, dimension, options, elementSize, areInMemory).Check(family);
        if (options.ColumnNames is { } names && names.Count != dimension)
            Throw.Argument(nameof(options), $"ColumnNames has {names.Count} names; the data have {dimension} columns");
        Check.Names(nameof(options.ColumnNames), options.ColumnNames);
        Times(options);
        if (options.ContinueFrom is { } past) ValidatePast(past, dimension, options);
        if (options.InitialModel is null) return;
        if (options.Starts is not null) Throw.Argument(nameof(options), "InitialModel and Starts are both given; one of them is required");
        ValidateStart(options.InitialModel, dimension, options);
        if (options.Restarts > 1)
            Throw.Argument(nameof(options), $"Restarts is {options.Restarts}; with an InitialModel every start would be the same, so 1 is required");
    }

    private static void Times(FitOptions options)
    {
        if (options.TimeBudget is { } budget && budget <= TimeSpan.Zero) Throw.OutOfRange(nameof(options.TimeBudget), budget, "more than 0 is required");
        if (options.ResumeFrom is "") Throw.Argument(nameof(options), "ResumeFrom is ''; a path is required");
        if (options.Checkpoint is not { } checkpoint) return;
        if (checkpoint.Every < TimeSpan.Zero) Throw.OutOfRange("Checkpoint.Every", checkpoint.Every, "at least 0 is required");
        if (string.IsNullOrEmpty(checkpoint.Path)) Throw.Argument(nameof(options), "Checkpoint.Path is empty; a path is required");
        if (Directory.Exists(checkpoint.Path)) Throw.Argument(nameof(options), $"Checkpoint.Path is {checkpoint.Path}, a folder; a file is required");
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(checkpoint.Path))))
            Throw.Argument(nameof(options), $"Checkpoint.Path is {checkpoint.Path}; its folder does not exist");
    }

    // What only the points tell is checked when they are known.
    private static void Samples(FitOptions options, bool isAlone)
    {
        if (!Enum.IsDefined(options.Progressive)) Throw.OutOfRange(nameof(options.Progressive), options.Progressive, "Auto, Off or On is required");
        if (options.Progressive != Progressive.On) return;
        if (!isAlone) RefuseSamples("no process holds a sample of all points");
        if (options.ContinueFrom is not null) RefuseSamples("a fit that continues another begins with all points");
    }

    /// <summary>Throws because a fit cannot begin on samples.</summary>
    /// <param name="reason">The reason, without a full stop.</param>
    [DoesNotReturn]
    public static void RefuseSamples(string reason) => Throw.Argument("options", $"Progressive is On; {reason}, so Auto or Off is required");

    // What only the points tell, the first pass checks.
    private static void ValidatePast(FitResult past, int dimension, FitOptions options)
    {
        if (options.InitialModel is not null || options.Starts is not null)
        {
            Throw.Argument(nameof(options),
                $"ContinueFrom and {(options.Starts is null ? nameof(options.InitialModel) : nameof(options.Starts))} are both given; one of them is required");
        }
        ValidateStart(past.Model, dimension, options);
        if (options.Restarts > 1)
            Throw.Argument(nameof(options), $"Restarts is {options.Restarts}; a fit that continues another has one start, so 1 is required");
        if (options.Regularization is { } added && added != past.Regularization) Differ(nameof(options.Regularization), added, past.Regularization);
        if (options.ResponsibilityCutoff != past.Record.ResponsibilityCutoff)
            Differ(nameof(options.ResponsibilityCutoff), options.ResponsibilityCutoff, past.Record.ResponsibilityCutoff);
        if (options.VarianceFloor != past.Record.VarianceFloor) Differ(nameof(options.VarianceFloor), options.VarianceFloor, past.Record.VarianceFloor);
        if (options.ColumnNames is { } names && past.Model.ColumnNames is { } before && !names.SequenceEqual(before))
        {
            Throw.Argument(nameof(options),
                $"the columns are {string.Join(", ", names)}; the fit to continue had {string.Join(", ", before)}, and the same are required");
        }
    }

    private static void Differ(string name, object value, object before) => Throw.Argument("options",
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} is {value}; the fit to continue had {before}, and the same is required"));

    /// <summary>Describes the memory of a fit.</summary>
    public static FitMemory Memory(long points, int dimension, FitOptions options, int elementSize, bool areInMemory = true) => new(
        points, dimension, options.Components, elementSize,
        WorkTeam.SizeOf(options.MaxDegreeOfParallelism), options.PackingBudget,
        SampledPoints(points, dimension, options),
        options.MissingValues == MissingValues.Marginalize, areInMemory && options.Progressive == Progressive.On, areInMemory);

    // Of the start that takes the most.
    private static long SampledPoints(long points, int dimension, FitOptions options)
    {
        if (options is not { InitialModel: null, Starts: null, ContinueFrom: null }) return 0;
        var rows = SmallEm.Rows(FamilyTable.Of(options.CovarianceType), options.Components, dimension, points);
        return Math.Min(points, Math.Max(rows, LargestSample + SampledPerComponent * (long)options.Components));
    }

    /// <summary>Throws if a start cannot draw as many points.</summary>
    public static void EnoughPoints(long fitted, FitOptions options)
    {
        if (fitted >= options.Components) return;
        Throw.Argument("options",
            $"Components is {options.Components}; the data have {fitted} points of weight above 0, and each component needs one to start from");
    }

    /// <summary>Throws if a regularization cannot be used.</summary>
    public static void Regularization(string parameter, Regularization regularization)
    {
        Check.FiniteNonNegative(parameter, regularization.Value);
        if (regularization.IsRelative && regularization.Value >= 1)
            Throw.OutOfRange(parameter, regularization, "a fraction of at least 0 and below 1 is required");
    }

    /// <summary>Throws if an initial model has another shape than the fit.</summary>
    public static void ValidateStart(GaussianMixture model, int dimension, FitOptions options)
    {
        if (model is null) Throw.Argument(nameof(options), "Starts gave null; a model is required");
        if (model.ComponentCount != options.Components || model.CovarianceType != options.CovarianceType || model.Dimension != dimension)
        {
            Throw.Argument(nameof(options), $"{GivenModel(options)} has {model.ComponentCount} components, "
                + $"{model.CovarianceType} covariances and {model.Dimension} dimensions; {options.Components}, {options.CovarianceType} and {dimension} are required");
        }
    }

    private static string GivenModel(FitOptions options) => options switch
    {
        { ContinueFrom: not null } => "the model of ContinueFrom",
        { Starts: not null } => "the model that Starts gave",
        _ => "InitialModel",
    };
}
