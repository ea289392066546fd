using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Em;

/// <summary>Checks the step of k-means on one block.</summary>
public class NearestStepTests
{
    public static TheoryData<string, int> Shapes() => DoubleBlockStepTests.Shapes();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void TheNearestCenterIsTheSameAtEveryWidthAndTheFirstAmongEquals(string type, int d)
    {
        var problem = Blobs.Build(seed: 90 + d, n: 97, d, k: 4, type, separation: 1);

        // Components 1 and 3 are twins: all points of both go to 1.
        problem.Means.AsSpan(d, d).CopyTo(problem.Means.AsSpan(3 * d));
        var expected = Run(problem, 97, LaneWidth.Scalar);
        Assert.Equal(0, expected.EffectiveCount(3));
        Assert.Equal(97, Enumerable.Range(0, 4).Sum(expected.EffectiveCount));
        var nearest = problem.Rows.CountBy(x => Enumerable.Range(0, 4).MinBy(k => x.Zip(problem.MeanRows[k], (a, b) => (a - b) * (a - b)).Sum()));
        foreach (var (k, count) in nearest) Assert.Equal(count, expected.EffectiveCount(k));
        foreach (var width in (LaneWidth[])[LaneWidth.Bits128, LaneWidth.Bits256, LaneWidth.Bits512])
            Measures.SameBits(expected.Values, Run(problem, 97, width).Values, $"{width}");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(7, 20)]
    [InlineData(16, 5)]
    public void LloydsStepHasTheMomentsOfTheNearestCentersAndTheSameBitsAtEveryWidth(int d, int k)
    {
        var problem = Blobs.Build(seed: 40 + d, n: 301, d, k, "spherical", separation: 1);
        if (k > 2) problem.Means.AsSpan(d, d).CopyTo(problem.Means.AsSpan(2 * d));
        foreach (var count in (int[])[1, 70, 301])
        {
            var expected = Run(problem, count, LaneWidth.Scalar);
            var scalar = Lloyd(problem, count, LaneWidth.Scalar);
            Assert.Equal(count, scalar.PointCount);
            for (var c = 0; c < k; c++)
            {
                Assert.Equal(expected.EffectiveCount(c), scalar.EffectiveCount(c));
                Assert.InRange(Math.Abs(scalar.SecondMoment(c)[0] - expected.SecondMoment(c)[0]), 0, 1e-13 * expected.SecondMoment(c)[0]);
                for (var j = 0; j < d && expected.EffectiveCount(c) > 0; j++) Assert.InRange(Math.Abs(scalar.Delta(c, j) - expected.Delta(c, j)), 0, 1e-14);
            }
            foreach (var width in (LaneWidth[])[LaneWidth.Bits128, LaneWidth.Bits256, LaneWidth.Bits512])
                Measures.SameBits(scalar.Values, Lloyd(problem, count, width).Values, $"{width}");
        }
    }

    private static SufficientStatistics Run(MixtureProblem problem, int count, LaneWidth width) =>
        OneBlock.Run(BlockSteps.Nearest(FamilyTable.Of(Adapters.Type(problem.CovarianceType)).Moments, width), Spheres(problem), problem, count, poison: 0);

    // What stands behind the last point would be seen.
    private static SufficientStatistics Lloyd(MixtureProblem problem, int count, LaneWidth width) =>
        OneBlock.Run(new CentroidStep(BlockSteps.Labels(width)), Spheres(problem), problem, count, poison: 1e6);

    private static Factored Spheres(MixtureProblem problem)
    {
        var spheres = new GaussianMixture(
            CovarianceType.Spherical, problem.D, Enumerable.Repeat(1.0 / problem.K, problem.K).ToArray(), problem.Means,
            Enumerable.Repeat(1.0, problem.K).ToArray()).Mixture;
        spheres.LogConstants.AsSpan().Clear();
        return spheres;
    }
}
