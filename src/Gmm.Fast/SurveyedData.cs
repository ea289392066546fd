using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Starts;

namespace Gmm.Fast;

/// <summary>Holds what the passes before a fit tell of its points. Fits of families with the same moments share it.</summary>
/// <param name="Survey">Runs the passes of starts.</param>
/// <param name="Regularization">What fits add to variances.</param>
internal sealed record SurveyedData(Survey Survey, Regularization Regularization) : IDisposable
{
    /// <summary>Of points with gaps, the moments of the present values of each column; otherwise null.</summary>
    public SufficientStatistics? Available { get; init; }

    /// <summary>Of points with gaps, the moments of all points with missing values completed; otherwise null.</summary>
    public SufficientStatistics? Completed { get; init; }

    /// <summary>Of points with gaps, a survey in which missing values are means, where they are draws in the other; otherwise null.</summary>
    public Survey? OfMeans { get; init; }

    /// <summary>What is missing; null where nothing is.</summary>
    public GapSummary? Gaps { get; init; }

    /// <summary>The moments of all points, or of their present values; null where the fit needs none.</summary>
    public SufficientStatistics? All => Available ?? Survey.Pooled;

    /// <summary>Tells whether fits need the variances of the columns of all points.</summary>
    public static bool NeedsColumns(FitOptions options, Regularization regularization) =>
        options.VarianceFloor > 0 || regularization is { IsRelative: true, Value: > 0 };

    /// <summary>Gives the moments of all points that a fit of a family needs.</summary>
    public static MomentKind Moments(Family family, bool needsColumns) =>
        family.Moments == MomentKind.Trace && needsColumns ? MomentKind.Diagonal : family.Moments;

    /// <summary>Runs the survey, see <see cref="Survey.Run"/>. Returns false when canceled.</summary>
    public bool Run(MomentKind? moments, IReadOnlyList<SampleRequest> samples)
    {
        if (!Survey.Run(Completed is null ? moments : null, samples)) return false;
        if (Completed is not null) Survey.Pooled = Completed;
        return OfMeans is null || OfMeans.Run(null, []);
    }

    /// <summary>Gives the same for a fit with other threads, at the same time as others.</summary>
    public SurveyedData Share(WorkTeam team, CancellationToken cancellation) => this with
    {
        Survey = Survey.Share(team, cancellation),
        OfMeans = OfMeans?.Share(team, cancellation),
    };

    /// <summary>Frees the memory of the surveys.</summary>
    public void Dispose()
    {
        Survey.Dispose();
        OfMeans?.Dispose();
    }

    /// <summary>Gives what M-steps add, from the variances of all points.</summary>
    public Ridge Additions() => Regularization is { IsRelative: true, Value: > 0 }
        ? Additions(All!, Regularization) : Ridge.Uniform(Regularization.Value, Survey.Dimension);

    /// <summary>Gives what M-steps add, from the moments of all points.</summary>
    public static Ridge Additions(SufficientStatistics moments, Regularization regularization)
    {
        if (!(regularization is { IsRelative: true, Value: > 0 })) return Ridge.Uniform(regularization.Value, moments.Dimension);
        var pooled = Pooled(moments, Ridge.Uniform(0, moments.Dimension));
        return Ridge.Relative(regularization.Value, pooled.Covariances, pooled.Means);
    }

    /// <summary>Gives the mean and the variances of all points.</summary>
    public Parameters Pooled(Ridge ridge) => Pooled(All!, ridge);

    /// <summary>Gives the mean and the variances of all points, with nothing added, where they are known.</summary>
    public Parameters? PooledColumns() => All is { } pooled && pooled.Moments != MomentKind.Trace ? Pooled(pooled, Ridge.Uniform(0, Survey.Dimension)) : null;

    /// <summary>
    /// Throws where the variance of a column, or of all on average, is beyond what the precision of the points allows. Of single squares beyond the range, EM from
    /// a given model says so itself.
    /// </summary>
    public void CheckRange(int components, bool givesModels, Wording wording)
    {
        if (All is not { } all) return;
        var moments = all.Moments == MomentKind.Trace ? MomentKind.Trace : MomentKind.Diagonal;
        var pooled = new Parameters(FamilyTable.SharedOf(moments), 1, Survey.Dimension);
        Maximization.Estimate(all.As(moments), pooled, Ridge.Uniform(0, Survey.Dimension));
        for (var j = 0; j < Survey.Dimension; j++)
        {
            // Sums beyond the range leave no number of a variance.
            var (mean, variance) = (pooled.Mean(0)[j], pooled.Variance(0, j));
            if (!double.IsFinite(variance) || !double.IsFinite(all.SecondMoment(0)[all.Moments.DiagonalIndex(j)]))
            {
                if (!givesModels || double.IsFinite(mean * mean)) Throw.Argument("rows", StartRequest.LeavesRange);
            }
            else if (Survey.Precision.BeyondRange(variance, mean, components, j, wording) is { } reason)
            {
                Throw.Argument("rows", reason);
            }
        }
    }

    private static Parameters Pooled(SufficientStatistics moments, Ridge ridge)
    {
        var all = new Parameters(FamilyTable.Of(CovarianceType.Diagonal), 1, moments.Dimension);
        Maximization.Estimate(moments.As(MomentKind.Diagonal), all, ridge);
        return all;
    }
}
