using System.Runtime.CompilerServices;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Checks the options of a selection.</summary>
internal static class SelectionChecks
{
    /// <summary>Throws if options cannot be used with points of this shape. What concerns one candidate alone is left to its fit.</summary>
    /// <param name="source">The points.</param>
    /// <param name="options">The options.</param>
    public static void Validate<T>(PointSource<T> source, SelectionOptions options)
        where T : unmanaged
    {
        Numbers(nameof(options.Components), options.Components);
        if (options.Components.FirstOrDefault(k => k < 1, 1) is < 1 and var wrong)
            Throw.OutOfRange(nameof(options.Components), wrong, "at least 1 is required");
        Numbers(nameof(options.CovarianceTypes), options.CovarianceTypes);
        foreach (var type in options.CovarianceTypes)
        {
            if (!Enum.IsDefined(type)) Throw.OutOfRange(nameof(options.CovarianceTypes), type, $"{FamilyTable.Names} is required");
        }
        if (!Enum.IsDefined(options.Criterion))
            Throw.OutOfRange(nameof(options.Criterion), options.Criterion, "Bic, Aic, Icl or CrossValidation is required");
        if (options.Criterion == SelectionCriterion.CrossValidation)
        {
            Check.AtLeast(nameof(options.Folds), options.Folds, 2);
            if (options.Folds > source.PointCount)
                Throw.OutOfRange(nameof(options.Folds), options.Folds, $"at most {source.PointCount}, the number of points, is required");
        }
        if (options.Fit is not { } fit)
        {
            Throw.Argument(nameof(options), "Fit is null; the options of the fits are required");
            return;
        }
        Refuse(nameof(fit.InitialModel), fit.InitialModel);
        Refuse(nameof(fit.Starts), fit.Starts);
        Refuse(nameof(fit.ContinueFrom), fit.ContinueFrom);
        Refuse(nameof(fit.Checkpoint), fit.Checkpoint, "a checkpoint is of one fit");
        Refuse(nameof(fit.ResumeFrom), fit.ResumeFrom, "a checkpoint is of one fit");
        Refuse(nameof(fit.TimeBudget), fit.TimeBudget, "a selection ends with its last fit or by cancellation");
        Refuse(nameof(fit.Progress), fit.Progress, "the progress of a selection is required");
        Refuse(nameof(fit.Communicator), fit.Communicator, "a selection runs in one process");
        try
        {
            var least = fit with
            {
                Components = options.Components.Min(),
                CovarianceType = options.CovarianceTypes.MinBy(type => FamilyTable.Of(type).MatrixLength(source.Dimension)),
            };
            FitChecks.Validate(source.PointCount, source.Dimension, least, isAlone: true, Unsafe.SizeOf<T>(), source.HasRandomAccess);
        }
        catch (InsufficientMemoryException)
        {
            // Then every candidate says so.
        }
    }

    private static void Numbers<TItem>(string name, IReadOnlyList<TItem> items)
    {
        if (items is not { Count: > 0 }) Throw.Argument("options", $"{name} is empty; at least one is required");
        var repeated = items.GroupBy(item => item).FirstOrDefault(group => group.Count() > 1);
        if (repeated is not null) Throw.Argument("options", $"{name} has {repeated.Key} twice; different ones are required");
    }

    private static void Refuse(string name, object? value, string requirement = "every candidate has its own start")
    {
        if (value is not null) Throw.Argument("options", $"Fit.{name} is given; {requirement}, so null is required");
    }
}
