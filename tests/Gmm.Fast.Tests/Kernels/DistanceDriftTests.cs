using Gmm.Fast.Kernels;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Kernels;

/// <summary>Checks that distances fall no further than their bound when a mixture changes.</summary>
public unsafe class DistanceDriftTests
{
    [Theory]
    [InlineData("full")]
    [InlineData("diag")]
    [InlineData("spherical")]
    public void DistancesFallNoFurther(string type)
    {
        var random = new Random(11);
        var bounded = 0;
        for (var seed = 0; seed < 300; seed++)
        {
            var d = random.Next(1, 12);
            var condition = Math.Pow(10, 8 * random.NextDouble());
            var before = Blobs.Build(seed, n: 40, d, k: 1, type, separation: 3, condition, shift: random.Next(2) * 1e4);

            // Near: a little wider or narrower, and moved. Far: another mixture.
            var scale = Math.Pow(2, 4 * random.NextDouble() - 2);
            var after = seed % 4 == 0
                ? Blobs.Build(seed + 1000, n: 1, d, k: 1, type, separation: 3, condition) with { Means = before.Means }
                : before with
                {
                    Means = [.. before.Means.Select(mean => mean + random.NextDouble() - 0.5)],
                    Covariances = [.. before.Covariances.Select(entry => entry * scale)],
                };
            var (first, second) = (before.Model().Mixture, after.Model().Mixture);
            var scratch = new double[Math.Max(1, first.Family.Form.DriftScratch(d))];
            DistanceDrift drift;
            fixed (double* room = scratch) drift = first.Family.Form.Drift<double>(first.Numbers, second.Numbers, 0, room);
            if (drift.Scale > 0) bounded++;
            double[] distances0 = new double[before.N], distances1 = new double[before.N];
            before.Model().MahalanobisDistances(new Points(before.Data, d), distances0);
            after.Model().MahalanobisDistances(new Points(before.Data, d), distances1);
            for (var i = 0; i < before.N; i++)
            {
                Assert.True(
                    distances1[i] >= (distances0[i] - drift.Shift) * drift.Scale * (1 - 1e-9),
                    $"{before}, seed {seed}: {distances1[i]} after {distances0[i]}, {drift}");
            }
        }
        Assert.InRange(bounded, 100, 300);
    }
}
