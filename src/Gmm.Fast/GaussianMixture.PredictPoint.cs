using Gmm.Fast.Internals;
using Gmm.Fast.Scoring;

namespace Gmm.Fast;

// Scores one point, a span [D], on the caller's stack. The bits are those of the point among many. The first call makes a copy of the parameters
// that has components across lanes; later calls allocate nothing.
public sealed partial class GaussianMixture
{
    private readonly Lock _making = new();
    private PointScorer? _scorer;
    private PointScorer? _distanceScorer;

    private PointScorer Scorer => Volatile.Read(ref _scorer) ?? MakeScorer(ref _scorer, exact: false);

    // Where densities use distances with fewer digits, Mahalanobis distances use a copy of their own.
    private PointScorer DistanceScorer =>
        Mixture.TradesDigits ? Volatile.Read(ref _distanceScorer) ?? MakeScorer(ref _distanceScorer, exact: true) : Scorer;

    /// <summary>Gives the component with the largest responsibility for a point, from 0, the first of equals.</summary>
    /// <param name="point">[D], finite.</param>
    /// <exception cref="ArgumentException">The length does not fit, or a number is not finite.</exception>
    public int Label(ReadOnlySpan<double> point) => HasGaps(point) ? LabelWithGaps(point) : Scorer.Label(point);

    /// <summary>Gives ln p(x), the log-density of the mixture at a point, in nats (Bishop, PRML, equation 9.7).</summary>
    /// <param name="point">[D], finite.</param>
    /// <exception cref="ArgumentException">The length does not fit, or a number is not finite.</exception>
    public double LogDensity(ReadOnlySpan<double> point) => HasGaps(point) ? LogDensityWithGaps(point) : Scorer.LogDensity(point);

    /// <summary>Writes the probabilities of the components given a point (Bishop, PRML, equation 9.13); they sum to 1.</summary>
    /// <param name="point">[D], finite.</param>
    /// <param name="responsibilities">[K], receives the responsibilities.</param>
    /// <exception cref="ArgumentException">A length does not fit, or a number is not finite.</exception>
    public void Responsibilities(ReadOnlySpan<double> point, Span<double> responsibilities)
    {
        Check.Shape(nameof(responsibilities), responsibilities.Length, 1, ComponentCount);
        if (HasGaps(point)) ResponsibilitiesWithGaps(point, responsibilities);
        else Scorer.Responsibilities(point, responsibilities);
    }

    /// <summary>Writes ln N(x | mu_k, Sigma_k) of each component at a point, in nats, or with its weight ln (w_k N(x | mu_k, Sigma_k)).</summary>
    /// <param name="point">[D], finite.</param>
    /// <param name="logDensities">[K], receives the log-densities.</param>
    /// <param name="weighted">Whether to add ln w_k; minus infinity where the weight is 0.</param>
    /// <exception cref="ArgumentException">A length does not fit, or a number is not finite.</exception>
    public void ComponentLogDensities(ReadOnlySpan<double> point, Span<double> logDensities, bool weighted = false)
    {
        Check.Shape(nameof(logDensities), logDensities.Length, 1, ComponentCount);
        if (HasGaps(point)) ComponentLogDensitiesWithGaps(point, logDensities, weighted);
        else Scorer.ComponentLogDensities(point, weighted ? Mixture.LogConstants : Mixture.LogNormalizers, logDensities);
    }

    /// <summary>Writes the Mahalanobis distance of a point from each component, in standard deviations (Bishop, PRML, equation 2.44).</summary>
    /// <param name="point">[D], finite.</param>
    /// <param name="distances">[K], receives the distances.</param>
    /// <exception cref="ArgumentException">A length does not fit, or a number is not finite.</exception>
    public void MahalanobisDistances(ReadOnlySpan<double> point, Span<double> distances)
    {
        Check.Shape(nameof(distances), distances.Length, 1, ComponentCount);
        if (HasGaps(point)) MahalanobisDistancesWithGaps(point, distances);
        else DistanceScorer.MahalanobisDistances(point, distances);
    }

    // Under a lock, because the copy may be large: threads that begin together make only one.
    private PointScorer MakeScorer(ref PointScorer? place, bool exact)
    {
        lock (_making)
        {
            if (place is { } made) return made;
            var scorer = PointScorer.Create(Mixture, exact);
            Volatile.Write(ref place, scorer);
            return scorer;
        }
    }
}
