using Gmm.Fast.Internals;
using Gmm.Fast.Scoring;

namespace Gmm.Fast;

// Scoring one point, a span [D], on the caller's stack. The bits are those that the point has among many, and nothing is allocated but, by the first
// call, a copy of the parameters that has components across lanes.
public sealed partial class GaussianMixture
{
    private readonly Lock _making = new();
    private PointScorer? _scorer;
    private PointScorer? _distanceScorer;

    private PointScorer Scorer => Volatile.Read(ref _scorer) ?? MakeScorer(ref _scorer, exact: false);

    // Where densities are made of distances that are good enough for them alone, those that are asked for have a copy of their own.
    private PointScorer DistanceScorer =>
        Parameters.Whitens ? Volatile.Read(ref _distanceScorer) ?? MakeScorer(ref _distanceScorer, exact: true) : Scorer;

    /// <summary>The component with the largest responsibility for a point, the first of equals.</summary>
    /// <param name="point">[D], finite.</param>
    public int Label(ReadOnlySpan<double> point) => Scorer.Label(point);

    /// <summary>ln p(x), the log-density of the mixture at a point (Bishop, PRML, equation 9.7).</summary>
    /// <param name="point">[D], finite.</param>
    public double LogDensity(ReadOnlySpan<double> point) => Scorer.LogDensity(point);

    /// <summary>The probabilities of the components given a point (Bishop, PRML, equation 9.13); they sum to 1.</summary>
    /// <param name="point">[D], finite.</param>
    /// <param name="responsibilities">[K], receives the responsibilities.</param>
    public void Responsibilities(ReadOnlySpan<double> point, Span<double> responsibilities)
    {
        Check.Shape(nameof(responsibilities), responsibilities.Length, 1, ComponentCount);
        Scorer.Responsibilities(point, responsibilities);
    }

    /// <summary>ln N(x | mu_k, Sigma_k) of each component at a point, or with its weight ln (w_k N(x | mu_k, Sigma_k)).</summary>
    /// <param name="point">[D], finite.</param>
    /// <param name="logDensities">[K], receives the log-densities.</param>
    /// <param name="weighted">Whether to add ln w_k; minus infinity where the weight is 0.</param>
    public void ComponentLogDensities(ReadOnlySpan<double> point, Span<double> logDensities, bool weighted = false)
    {
        Check.Shape(nameof(logDensities), logDensities.Length, 1, ComponentCount);
        Scorer.ComponentLogDensities(point, weighted ? Parameters.LogConstants : Parameters.LogNormalizers, logDensities);
    }

    /// <summary>The Mahalanobis distance, in standard deviations, of a point from each component (Bishop, PRML, equation 2.44).</summary>
    /// <param name="point">[D], finite.</param>
    /// <param name="distances">[K], receives the distances.</param>
    public void MahalanobisDistances(ReadOnlySpan<double> point, Span<double> distances)
    {
        Check.Shape(nameof(distances), distances.Length, 1, ComponentCount);
        DistanceScorer.MahalanobisDistances(point, distances);
    }

    // Under a lock: the copy may be large, and threads that begin together shall not each make one.
    private PointScorer MakeScorer(ref PointScorer? place, bool exact)
    {
        lock (_making)
        {
            if (place is { } made) return made;
            var scorer = PointScorer.Create(Parameters, exact);
            Volatile.Write(ref place, scorer);
            return scorer;
        }
    }
}
