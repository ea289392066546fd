using Gmm.Fast.Covariance;
using Gmm.Fast.Data;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Simd;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Em;

/// <summary>The fused step on one block: the same bits at every width, and nothing of the padding in any sum.</summary>
public unsafe class BlockStepTests
{
    public static TheoryData<string, int> Shapes()
    {
        var shapes = new TheoryData<string, int>();
        foreach (var type in Layout.CovarianceTypes)
        {
            foreach (var d in (int[])[1, 2, 3, 4, 5, 6, 9, 17]) shapes.Add(type, d);
        }
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void EveryWidthGivesTheSameBitsForEveryRemainder(string type, int d)
    {
        var problem = Blobs.Build(seed: d, n: 100, d, k: 3, type, separation: 2);
        for (var count = 1; count <= 100; count++)
        {
            var expected = Run(problem, count, LaneWidth.Scalar, soft: true, poison: 0);
            Assert.Equal(count, expected.RowCount);
            foreach (var width in (LaneWidth[])[LaneWidth.Bits128, LaneWidth.Bits256, LaneWidth.Bits512])
                Measures.SameBits(expected.Values, Run(problem, count, width, soft: true, poison: 0).Values, $"{width}, {count} points");
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void PaddingLeaksIntoNoSum(string type, int d)
    {
        var problem = Blobs.Build(seed: 50 + d, n: 65, d, k: 3, type, separation: 2);
        foreach (var width in Enum.GetValues<LaneWidth>())
        {
            foreach (var count in (int[])[1, 2, 7, 31, 33, 63, 65])
            {
                var clean = Run(problem, count, width, soft: true, poison: 0);
                foreach (var poison in (double[])[-3, 1e3, 1e100])
                    Measures.SameBits(clean.Values, Run(problem, count, width, soft: true, poison).Values, $"{width}, {count} points, {poison}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void TheNearestCentreIsTheSameAtEveryWidthAndTheFirstAmongEquals(string type, int d)
    {
        var problem = Blobs.Build(seed: 90 + d, n: 97, d, k: 4, type, separation: 1);

        // Components 1 and 3 are twins: all points of both go to 1.
        problem.Means.AsSpan(d, d).CopyTo(problem.Means.AsSpan(3 * d));
        var expected = Run(problem, 97, LaneWidth.Scalar, soft: false, poison: 0);
        Assert.Equal(0, expected.EffectiveCount(3));
        Assert.Equal(97, Enumerable.Range(0, 4).Sum(expected.EffectiveCount));
        var nearest = problem.Rows.CountBy(x => Enumerable.Range(0, 4).MinBy(k => x.Zip(problem.MeanRows[k], (a, b) => (a - b) * (a - b)).Sum()));
        foreach (var (k, count) in nearest) Assert.Equal(count, expected.EffectiveCount(k));
        foreach (var width in (LaneWidth[])[LaneWidth.Bits128, LaneWidth.Bits256, LaneWidth.Bits512])
            Measures.SameBits(expected.Values, Run(problem, 97, width, soft: false, poison: 0).Values, $"{width}");
    }

    [Theory]
    [InlineData(-44.3)]
    [InlineData(-44.37)]
    public void AResponsibilityBelowTwoToTheMinus64IsExactlyZero(double logRatio)
    {
        // Two unit spheres on a line: at x = 0 the second one is logRatio below the first.
        var distance = Math.Sqrt(-2 * logRatio);
        var model = new GaussianMixture(CovarianceType.Spherical, 1, [0.5, 0.5], [0, distance], [1, 1]);
        foreach (var width in Enum.GetValues<LaneWidth>())
        {
            var r = Responsibilities(model, width);
            Assert.Equal(1, r.First);
            if (logRatio < -64 * Math.Log(2)) Assert.Equal(0, r.Second);
            else Assert.Equal(Math.Exp(logRatio), r.Second, 1e-13 * Math.Exp(logRatio));
        }
    }

    private static (double First, double Second) Responsibilities(GaussianMixture model, LaneWidth width)
    {
        using var memory = new AlignedBuffer<double>(Workspace.Length(32, 1, 2));
        var workspace = new Workspace(memory.Pointer, 32, 1, 2);
        var block = workspace.Pack([0.0], BlockShape.RowMultiple);
        var step = BlockSteps.Soft(model.CovarianceType, width);
        step.Distances(block, model.Parameters, workspace.Scratch, workspace.Joint);
        step.Assign(block, model.Parameters, workspace.Joint, workspace.LogDensities);
        return (workspace.Joint[0], workspace.Joint[32]);
    }

    // One block of the problem's first points; poison, where not 0, takes the place of the repeated last point.
    private static SufficientStatistics Run(MixtureProblem problem, int count, LaneWidth width, bool soft, double poison)
    {
        var (type, d, k) = (Adapters.Type(problem.CovarianceType), problem.D, problem.K);
        var rows = BlockShape.Pad(problem.N);
        using var memory = new AlignedBuffer<double>(Workspace.Length(rows, d, k));
        var workspace = new Workspace(memory.Pointer, rows, d, k);
        var block = workspace.Pack(problem.Data.AsSpan(0, count * d), BlockShape.RowMultiple);
        for (var j = 0; j < d && poison != 0; j++)
        {
            for (var i = block.Count; i < block.Padded; i++) block.X[j * block.Stride + i] = poison * (1 + i + j);
        }

        var statistics = new SufficientStatistics(type, k, d);
        problem.Means.CopyTo(statistics.Centers, 0);
        if (soft) BlockSteps.Soft(type, width).Run(block, problem.Model().Parameters, workspace, statistics);
        else BlockSteps.Nearest(type, width).Run(block, Spheres(problem), workspace, statistics);
        return statistics;
    }

    private static MixtureParameters Spheres(MixtureProblem problem) => new GaussianMixture(
        CovarianceType.Spherical, problem.D, Enumerable.Repeat(1.0 / problem.K, problem.K).ToArray(), problem.Means,
        Enumerable.Repeat(1.0, problem.K).ToArray()).Parameters;
}
