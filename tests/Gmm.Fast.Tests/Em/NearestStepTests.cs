using Gmm.Fast.Covariance;
using Gmm.Fast.Em;
using Gmm.Fast.Simd;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Em;

/// <summary>The step of k-means on one block.</summary>
public class NearestStepTests
{
    public static TheoryData<string, int> Shapes() => DoubleBlockStepTests.Shapes();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void TheNearestCentreIsTheSameAtEveryWidthAndTheFirstAmongEquals(string type, int d)
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

    private static SufficientStatistics Run(MixtureProblem problem, int count, LaneWidth width)
    {
        var spheres = new GaussianMixture(
            CovarianceType.Spherical, problem.D, Enumerable.Repeat(1.0 / problem.K, problem.K).ToArray(), problem.Means,
            Enumerable.Repeat(1.0, problem.K).ToArray());
        return OneBlock.Run(BlockSteps.Nearest(Adapters.Type(problem.CovarianceType), width), spheres.Parameters, problem, count, poison: 0);
    }
}
