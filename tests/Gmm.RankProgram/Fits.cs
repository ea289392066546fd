using Gmm.Fast;
using Gmm.TestKit;

namespace Gmm.RankProgram;

/// <summary>Fits the same points with several options, each rank with a number of threads of its own.</summary>
internal static class Fits
{
    private const int Points = 20_000;
    private const int Dimension = 3;

    private static readonly MixtureProblem s_problem = Blobs.Build(seed: 21, Points, Dimension, k: 3, separation: 2);

    public static void Run(ICommunicator world, TextWriter report)
    {
        var basic = new FitOptions
        {
            Components = 3,
            MaxIterations = 4,
            Communicator = world,
        };
        var means = MixtureFit.Fit(Part(world), basic with { MaxIterations = 1 }).Model;
        (string Name, FitOptions Options)[] kinds =
        [
            ("start", basic),
            ("restarts and a floor", basic with { Restarts = 2, VarianceFloor = 0.01, CovarianceType = CovarianceType.Diagonal }),
            ("k-means", basic with { Start = StartMethod.KMeansPlusPlus, CovarianceType = CovarianceType.Tied }),
            ("random points", basic with { Start = StartMethod.RandomPoints, DensityQuantiles = true }),
            ("given", basic with { InitialModel = means, Acceleration = Acceleration.Anderson }),
        ];
        foreach (var (name, options) in kinds)
        {
            foreach (var threads in (int[])[1, 1 + world.Rank % 3])
                report.WriteLine($"{name}: {Bits.Of(MixtureFit.Fit(Part(world), options with { MaxDegreeOfParallelism = threads }))}");
        }

        // Parts that begin anywhere: the bits of these parts, in every run and rank.
        for (var run = 0; run < 2; run++) report.WriteLine($"uneven: {Bits.Of(MixtureFit.Fit(Uneven(world), basic))}");
    }

    /// <summary>Gives the points of a rank, whole shards.</summary>
    internal static Points Part(ICommunicator world)
    {
        var (first, count) = PointPart.Of<double>(Points, Dimension, world.Rank, world.Count);
        return new Points(s_problem.Data.AsSpan((int)first * Dimension, (int)count * Dimension), Dimension);
    }

    private static Points Uneven(ICommunicator world)
    {
        int Cut(int rank) => rank == world.Count ? Points : rank * Points / world.Count + rank % 2 * 17;
        var (first, end) = (Cut(world.Rank), Cut(world.Rank + 1));
        return new Points(s_problem.Data.AsSpan(first * Dimension, (end - first) * Dimension), Dimension);
    }
}
