using Gmm.Distributed;
using Gmm.Fast;
using Gmm.TestKit;

namespace Gmm.RankProgram;

/// <summary>The example of docs/distributed.md.</summary>
internal static class Example
{
    public static void Run() => Fit();

    private static void Fit()
    {
        using var world = MpiCommunicator.World();                // Open MPI or MPICH, found at run time
        var (first, count) = PointPart.Of<double>(20_000, 3, world.Rank, world.Count);
        double[] rows = Rows(first, count);                       // from wherever this process reads its part
        var fit = MixtureFit.Fit(new Points(rows, 3), new FitOptions { Components = 3, Communicator = world });
        if (world.Rank == 0) File.WriteAllText("model.json", fit.Model.ToJson());
    }

    private static double[] Rows(long first, long count) =>
        Blobs.Build(seed: 21, 20_000, 3, k: 3, separation: 2).Data.AsSpan((int)first * 3, (int)count * 3).ToArray();
}
