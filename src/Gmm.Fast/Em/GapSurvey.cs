using System.Numerics;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>
/// Finds mean and covariance of all points of data with gaps: EM with one component, from the moments of the present values of each column. Starts
/// and completed points use them. Relative regularization and floors take the variances of the present values (<see cref="AvailableCases{T}"/>),
/// which hold no regularization themselves.
/// </summary>
internal static class GapSurvey
{
    private const int MaxIterations = 50;
    private const double Tolerance = 1e-6;

    /// <summary>Gives the moments, and a factored mixture of one component for the completion of points; null when canceled.</summary>
    /// <param name="store">The points; all ranges have been met.</param>
    /// <param name="available">The moments of the present values of each column, of the family <see cref="Family.Pooled"/>.</param>
    /// <param name="family">The family of the fit.</param>
    /// <param name="ridge">Added to the variances.</param>
    /// <param name="wording">The words of messages.</param>
    /// <param name="ranks">The processes of the fit.</param>
    /// <param name="team">The threads.</param>
    /// <param name="cancellation">Ends a pass.</param>
    public static (SufficientStatistics Moments, Factored Mixture)? Run<T>(
        GapStore<T> store, SufficientStatistics available, Family family, Ridge ridge, Wording wording, RankGroup ranks, WorkTeam team,
        CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var pooled = family.Pooled;
        var start = new Factored(pooled, 1, store.Dimension);
        Maximization.Estimate(available, start.Parameters, ridge);
        if (!start.TryFactor(out _)) return (available, WithoutCovariances(available));

        var moments = new SufficientStatistics(pooled.Moments, 1, store.Dimension);
        using var expectation = new Expectation<T>(
            new GapSweep<T>(store, pooled, moments, ranks, team, cancellation), BlockSteps.Soft<T>(pooled, LaneWidths.Widest), pooled.Form, 1, store.Dimension);
        var maximization = new Maximization(start.Parameters, ridge, null, team, cancellation);
        var settings = new EmSettings(MaxIterations, StopRule.MeanChange(Tolerance), CollapsePolicy.Fail, ridge, wording, null);
        var outcome = new EmLoop(expectation, maximization, moments, start, settings).Run();
        if (outcome is null or { Status: FitStatus.Cancelled }) return null;
        return outcome.Trace.Length == 0 ? (available, start) : (moments, outcome.Mixture);
    }

    // A constant column has no factor, and needs none: its conditional mean is the constant. The start refuses such data later, in its own words.
    private static Factored WithoutCovariances(SufficientStatistics available)
    {
        var mixture = new Factored(FamilyTable.Of(CovarianceType.Diagonal), 1, available.Dimension);
        Maximization.Estimate(available.As(MomentKind.Diagonal), mixture.Parameters, Ridge.Uniform(0, available.Dimension));
        return mixture;
    }
}
