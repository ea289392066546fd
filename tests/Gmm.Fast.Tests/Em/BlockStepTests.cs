using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Em;

public class DoubleBlockStepTests() : BlockStepTests<double>(1e-13);

public class FloatBlockStepTests() : BlockStepTests<float>(1e-5);

/// <summary>Checks the fused step on one block: the same bits at every width, and no padding in any sum.</summary>
/// <param name="smallest">Relative error of the smallest responsibility, whose exponent of -44 carries its size as an absolute error.</param>
public abstract unsafe class BlockStepTests<T>(double smallest)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly int s_padding = BlockShape.Pad<T>(1);

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
        var problem = Blobs.Build(seed: d, n: 3 * s_padding + 4, d, k: 3, type, separation: 2);
        for (var count = 1; count <= problem.N; count++)
        {
            var expected = Run(problem, count, LaneWidth.Scalar, poison: 0);
            Assert.Equal(count, expected.PointCount);
            foreach (var width in (LaneWidth[])[LaneWidth.Bits128, LaneWidth.Bits256, LaneWidth.Bits512])
                Measures.SameBits(expected.Values, Run(problem, count, width, poison: 0).Values, $"{width}, {count} points");
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void PaddingLeaksIntoNoSum(string type, int d)
    {
        var problem = Blobs.Build(seed: 50 + d, n: 2 * s_padding + 1, d, k: 3, type, separation: 2);
        foreach (var width in Enum.GetValues<LaneWidth>())
        {
            foreach (var count in (int[])[1, 2, 7, s_padding - 1, s_padding + 1, 2 * s_padding - 1, 2 * s_padding + 1])
            {
                var clean = Run(problem, count, width, poison: 0);
                foreach (var poison in (double[])[-3, 1e3, 1e30])
                    Measures.SameBits(clean.Values, Run(problem, count, width, poison).Values, $"{width}, {count} points, {poison}");
            }
        }
    }

    [Theory]
    [InlineData(-44.70)]
    [InlineData(-44.71)]
    public void AResponsibilityBelowTheCutIsExactlyZero(double logRatio)
    {
        // Two unit spheres on a line: at x = 0 the second one is logRatio below the first.
        var distance = Math.Sqrt(-2 * logRatio);
        var model = new GaussianMixture(CovarianceType.Spherical, 1, [0.5, 0.5], [0, distance], [1, 1]);
        foreach (var width in Enum.GetValues<LaneWidth>())
        {
            var r = Responsibilities(model, width);
            Assert.Equal(1, r.First);
            if (logRatio < -64.5 * Math.Log(2)) Assert.Equal(0, r.Second);
            else Assert.Equal(Math.Exp(logRatio), r.Second, smallest * Math.Exp(logRatio));
        }
    }

    private static (double First, double Second) Responsibilities(GaussianMixture model, LaneWidth width)
    {
        using var memory = new AlignedBuffer<T>(Workspace<T>.Length(s_padding, 1, 2));
        var workspace = new Workspace<T>(memory.Pointer, s_padding, 1, 2);
        var block = workspace.Pack([T.Zero]);
        using var parameters = new KernelParameters<T>(model.Mixture.Family.Form, model.Mixture.Components, model.Mixture.Dimension);
        parameters.Load(model.Mixture.Numbers);
        var step = BlockSteps.Soft<T>(FamilyTable.Of(model.CovarianceType), width);
        step.Distances(block, parameters, workspace.Scratch, workspace.Joint);
        step.Assign(block, parameters, workspace.Joint, workspace.Scales, workspace.LogDensities);
        var scale = workspace.Scales[0];
        return (double.CreateChecked(workspace.Joint[0] * scale), double.CreateChecked(workspace.Joint[workspace.Stride] * scale));
    }

    private static SufficientStatistics Run(MixtureProblem problem, int count, LaneWidth width, double poison) =>
        OneBlock.Run(BlockSteps.Soft<T>(FamilyTable.Of(Adapters.Type(problem.CovarianceType)), width), problem.Model().Mixture, problem, count, poison);
}
