using Gmm.Fast.Families;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Checks the options of a fit.</summary>
internal static class FitChecks
{
    /// <summary>Throws if options cannot be used with points of this shape.</summary>
    public static void Validate(long points, int dimension, FitOptions options, bool isAlone)
    {
        Check.AtLeast("PointCount", points, isAlone ? 1 : 0);
        Check.AtLeast("Dimension", dimension, 1);
        Check.AtLeast(nameof(options.Components), options.Components, 1);
        Check.AtLeast(nameof(options.Restarts), options.Restarts, 1);
        Check.AtLeast(nameof(options.MaxIterations), options.MaxIterations, 0);
        Check.AtLeast(nameof(options.PackingBudget), options.PackingBudget, 0);
        Check.FiniteNonNegative(nameof(options.Regularization), options.Regularization);
        if (!(options.VarianceFloor >= 0 && options.VarianceFloor < 1))
            Throw.OutOfRange(nameof(options.VarianceFloor), options.VarianceFloor, "a fraction of at least 0 and below 1 is required");
        if (options.MaxDegreeOfParallelism is 0 or < -1)
            Throw.OutOfRange(nameof(options.MaxDegreeOfParallelism), options.MaxDegreeOfParallelism, "at least 1, or -1 for all processors, is required");
        if (!Enum.IsDefined(options.CovarianceType))
            Throw.OutOfRange(nameof(options.CovarianceType), options.CovarianceType, $"{FamilyTable.Names} is required");
        if (!Enum.IsDefined(options.OnCollapse))
            Throw.OutOfRange(nameof(options.OnCollapse), options.OnCollapse, "Fail, Keep, Reseed or Drop is required");
        if (!Enum.IsDefined(options.Start))
            Throw.OutOfRange(nameof(options.Start), options.Start, "KMeansPlusPlus or RandomPoints is required");
        Check.MixtureSize(options.Components, dimension, FamilyTable.Of(options.CovarianceType).HasOffDiagonal);
        if (options.ColumnNames is { } names && names.Count != dimension)
            Throw.Argument(nameof(options), $"ColumnNames has {names.Count} names; the data have {dimension} columns");
        Check.Names(nameof(options.ColumnNames), options.ColumnNames);
        if (options.InitialModel is null) return;
        if (options.Starts is not null) Throw.Argument(nameof(options), "InitialModel and Starts are both given; one of them is required");
        ValidateStart(options.InitialModel, dimension, options);
        if (options.Restarts > 1)
            Throw.Argument(nameof(options), $"Restarts is {options.Restarts}; with an InitialModel every start would be the same, so 1 is required");
    }

    /// <summary>Throws if an initial model has another shape than the fit.</summary>
    public static void ValidateStart(GaussianMixture model, int dimension, FitOptions options)
    {
        if (model is null) Throw.Argument(nameof(options), "Starts gave null; a model is required");
        if (model.ComponentCount != options.Components || model.CovarianceType != options.CovarianceType || model.Dimension != dimension)
        {
            Throw.Argument(nameof(options), $"{(options.Starts is null ? "InitialModel" : "the model that Starts gave")} has {model.ComponentCount} components, "
                + $"{model.CovarianceType} covariances and {model.Dimension} dimensions; {options.Components}, {options.CovarianceType} and {dimension} are required");
        }
    }
}
