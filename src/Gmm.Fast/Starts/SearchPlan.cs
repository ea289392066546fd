using Gmm.Fast.Families;

namespace Gmm.Fast.Starts;

/// <summary>
/// Says how much a <see cref="StartSearch"/> does. It depends on the size of the problem alone, so the start does not depend on the machine.
/// A search takes as many passes of EM over the sample as cost about one iteration of the fit, and on small data as many as a full plan has.
/// </summary>
/// <param name="Partitions">Local searches for a partition.</param>
/// <param name="PartitionPoints">The most points of each.</param>
/// <param name="PartitionSteps">The most steps of each.</param>
/// <param name="SmallClusters">Clusters that are joined to K; 0 where that would cost too much.</param>
/// <param name="Candidates">Short runs of EM.</param>
/// <param name="Iterations">Iterations of each.</param>
/// <param name="Finalists">Short runs that go on.</param>
/// <param name="FinalIterations">Further iterations of these.</param>
/// <param name="IsSparse">Whether the sample has so few points per component that runs lose components which the fit would keep.</param>
/// <param name="IsKMeans">Whether it has so few that k-means alone makes the start.</param>
internal readonly record struct SearchPlan(
    int Partitions, int PartitionPoints, int PartitionSteps, int SmallClusters, int Candidates, int Iterations, int Finalists, int FinalIterations,
    bool IsSparse, bool IsKMeans)
{
    private const int MostCandidates = 8;
    private const int MostFinalists = 3;
    private const int ShortIterations = 4;

    // Joined clusters begin with a larger likelihood than k-means that leads to the same: runs tell them apart.
    private const int LeastIterations = 2;
    private const int LongIterations = 15;
    private const int MostPartitions = 32;
    private const int LongPartitionSteps = 12;
    private const int ShortPartitionSteps = 2;
    private const int MostClustersPerComponent = 6;
    private const int LeastClustersPerComponent = 3;
    private const int LeastSmallClusters = 12;
    private const int MostSmallClusters = 1000;
    private const int LeastPartitions = 4;
    private const int LeastPartitionsOfSample = 2;
    private const int PointsOfPartition = 400;
    private const int PointsOfPartitionPerComponent = 64;

    // Points per component of a sample, as multiples of those that support it.
    private const double SparseSupport = 16;
    private const double LeastSupport = 8;

    // Iterations of the fit that the short runs of a search may cost.
    private const double CostInIterations = 0.7;

    // A pass of EM costs its points times K times the free numbers of a component, at least D; a step of a partition its points times D (D + K). Below these
    // costs, a search may be worth many iterations of a small fit.
    private const double SmallPasses = 5e8;
    private const double SmallPartitions = 2.5e5;
    private const double SmallJoins = 3.4e6;

    // Passes of EM that joining clusters may cost.
    private const double PassesOfJoins = 2;

    /// <summary>Makes the plan of a search.</summary>
    /// <param name="family">The family of the covariances.</param>
    /// <param name="components">K.</param>
    /// <param name="dimension">D.</param>
    /// <param name="sample">Points of the sample.</param>
    /// <param name="total">The points of weight above 0.</param>
    public static SearchPlan For(Family family, int components, int dimension, int sample, long total)
    {
        var pass = (double)sample * components * (Math.Max(family.FreeNumbers(dimension), dimension) + dimension);
        var passes = Math.Max(CostInIterations * total / sample, SmallPasses / pass);
        var candidates = (int)Math.Clamp(passes / 2 / (ShortIterations + 1), 1, MostCandidates);
        var finalists = (int)Math.Clamp(passes / 2 / (LongIterations + 1), 0, Math.Min(candidates, MostFinalists));
        var points = Math.Min(sample, PointsOfPartition + PointsOfPartitionPerComponent * components);
        var step = (double)points * dimension * (family.MatrixLength(dimension) / dimension + components);
        var least = sample == total ? LeastPartitions : LeastPartitionsOfSample;
        var partitions = candidates == 1 ? 1 : (int)Math.Clamp(SmallPartitions / step, least, MostPartitions);
        var clusters = 0;
        for (var each = MostClustersPerComponent; clusters == 0 && each >= LeastClustersPerComponent; each--)
        {
            var count = Math.Min(sample, Math.Max(LeastSmallClusters, each * components));
            var joins = (double)count * count * dimension * family.FreeNumbers(dimension) / 3;
            if (count <= MostSmallClusters && joins <= Math.Max(SmallJoins, PassesOfJoins * pass)) clusters = count;
        }
        var isShort = sample < total && finalists == 0;
        var support = (double)sample / components / StartScore.Least(family, dimension);
        return new SearchPlan(
            partitions, points, candidates == 1 ? ShortPartitionSteps : LongPartitionSteps, clusters, candidates,
            (int)Math.Clamp(passes / 2 - 1, clusters > components ? LeastIterations : 0, ShortIterations), finalists, LongIterations,
            isShort && support < SparseSupport, isShort && support < LeastSupport);
    }
}
