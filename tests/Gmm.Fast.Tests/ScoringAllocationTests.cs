using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks that scoring one point allocates nothing, with scratch on the stack and from the pool.</summary>
public class ScoringAllocationTests
{
    [Theory]
    [InlineData("full", 3, 4)]
    [InlineData("full", 40, 40)]
    [InlineData("full", 300, 1)]
    [InlineData("tied", 3, 4)]
    [InlineData("tied", 40, 40)]
    [InlineData("diag", 3, 4)]
    [InlineData("diag", 300, 40)]
    [InlineData("spherical", 3, 4)]
    [InlineData("spherical", 300, 40)]
    [InlineData("tied-diag", 300, 40)]
    [InlineData("tied-spherical", 300, 40)]
    [InlineData("full", 2, 300)]
    [InlineData("diag", 3, 300)]
    public void OnePointAllocatesNothing(string type, int d, int k)
    {
        var problem = Blobs.Build(seed: 5, n: 4, d, k, type);
        var model = problem.Model();
        var target = new double[k];

        // Code that the runtime has not optimized yet may box; it is optimized after some calls and some time.
        var allocated = long.MaxValue;
        for (var round = 0; round < 30 && allocated > 0; round++)
        {
            if (round > 0) Thread.Sleep(10);
            allocated = Allocated(model, problem.Data, target, repeats: 40);
        }
        Assert.Equal(0, allocated);
    }

    private static long Allocated(GaussianMixture model, double[] data, double[] target, int repeats)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < repeats; i++)
        {
            var point = data.AsSpan(i % 4 * model.Dimension, model.Dimension);
            target[0] = model.Label(point) + model.LogDensity(point);
            model.Responsibilities(point, target);
            model.ComponentLogDensities(point, target);
            model.MahalanobisDistances(point, target);
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
