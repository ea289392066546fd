using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;
using Gmm.Fast.Scoring;

namespace Gmm.Fast;

// Scores points with gaps by their present dimensions.
public sealed partial class GaussianMixture
{
    private MarginalScorers? _marginals;

    /// <summary>
    /// What NaN in a point means to the scores of this mixture. The model of a fit has that of <see cref="FitOptions.MissingValues"/>, and files keep it;
    /// others refuse NaN, until <see cref="WithMissingValues"/> says otherwise.
    /// </summary>
    public MissingValues MissingValues { get; private init; }

    private MarginalScorers? GapScorers => MissingValues == MissingValues.Error ? null : Marginals;

    private MarginalScorers Marginals =>
        Volatile.Read(ref _marginals) ?? Interlocked.CompareExchange(ref _marginals, new MarginalScorers(Mixture), null) ?? _marginals;

    /// <summary>
    /// Gives the same mixture with another meaning of NaN. With <see cref="MissingValues.Marginalize"/>, every score of a point is that of its
    /// present dimensions alone, under their marginal mixture. A point without a value has log-density 0, the weights for responsibilities, and
    /// distances of 0.
    /// </summary>
    /// <param name="missingValues">The meaning of NaN.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such meaning.</exception>
    public GaussianMixture WithMissingValues(MissingValues missingValues)
    {
        if (!Enum.IsDefined(missingValues)) Throw.OutOfRange(nameof(missingValues), missingValues, "Error or Marginalize is required");
        if (missingValues == MissingValues) return this;
        return new GaussianMixture(Mixture, ColumnNames, Quantiles)
        {
            MissingValues = missingValues,
            _blockScorer = Volatile.Read(ref _blockScorer),
            _scorer = Volatile.Read(ref _scorer),
            _distanceScorer = Volatile.Read(ref _distanceScorer),
            _marginals = Volatile.Read(ref _marginals),
        };
    }

    // Tells whether a point is one of those scored below: it has a missing dimension, and that is no error.
    private bool HasGaps(ReadOnlySpan<double> point)
    {
        if (MissingValues == MissingValues.Error || point.Length != Dimension) return false;
        foreach (var x in point)
        {
            if (double.IsNaN(x)) return true;
        }
        return false;
    }

    private int LabelWithGaps(ReadOnlySpan<double> point)
    {
        Span<double> present = new double[Dimension];
        return PresentPart(point, ref present) is { } marginal ? marginal.Point.Label(present) : NoValue.Label(Weights);
    }

    private double LogDensityWithGaps(ReadOnlySpan<double> point)
    {
        Span<double> present = new double[Dimension];
        return PresentPart(point, ref present) is { } marginal ? marginal.Point.LogDensity(present) : 0;
    }

    private void ResponsibilitiesWithGaps(ReadOnlySpan<double> point, Span<double> responsibilities)
    {
        Span<double> present = new double[Dimension];
        if (PresentPart(point, ref present) is { } marginal) marginal.Point.Responsibilities(present, responsibilities);
        else Weights.CopyTo(responsibilities);
    }

    private void ComponentLogDensitiesWithGaps(ReadOnlySpan<double> point, Span<double> logDensities, bool weighted)
    {
        Span<double> present = new double[Dimension];
        if (PresentPart(point, ref present) is not { } marginal) NoValue.LogDensities(Weights, weighted, logDensities);
        else marginal.Point.ComponentLogDensities(present, weighted ? marginal.LogConstants : marginal.LogNormalizers, logDensities);
    }

    private void MahalanobisDistancesWithGaps(ReadOnlySpan<double> point, Span<double> distances)
    {
        Span<double> present = new double[Dimension];
        if (PresentPart(point, ref present) is { } marginal) marginal.ExactPoint.MahalanobisDistances(present, distances);
        else distances.Clear();
    }

    // Gives the scorer of the present dimensions, and their numbers; null where there are none.
    private MarginalScorer? PresentPart(ReadOnlySpan<double> point, ref Span<double> present)
    {
        var mask = new ulong[GapMask.Words(Dimension)];
        var count = GapMask.Of(point, mask);
        if (count == 0) return null;
        var marginal = Marginals.Of(mask);
        for (var j = 0; j < count; j++)
        {
            present[j] = point[marginal.Order[j]];
            if (double.IsInfinity(present[j]))
                Throw.Argument(nameof(point), FormattableString.Invariant($"point[{marginal.Order[j]}] is {present[j]}; finite values, or NaN for missing ones, are required"));
        }
        present = present[..count];
        return marginal;
    }
}
