using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Em;

/// <summary>Checks that a step over some components has the bits of a step over all, if the others have no share.</summary>
public unsafe class ActiveComponentTests
{
    public static TheoryData<string> Types => [.. Layout.CovarianceTypes];

    [Theory]
    [MemberData(nameof(Types))]
    public void ComponentsOutOfReachMayBeLeftOutWithoutAChangeOfABit(string type)
    {
        Run<double>(type);
        Run<float>(type);
    }

    // Components 1 and 3 are so far away that no point has a share of them that is not exactly 0.
    private static void Run<T>(string type)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var d in (int[])[1, 2, 3, 5, 9, 17])
        {
            var problem = Blobs.Build(seed: d, n: 100, d, k: 4, type, separation: 1);
            problem.Means.AsSpan(d, d).Fill(500);
            problem.Means.AsSpan(3 * d, d).Fill(-700);
            double[] near = [.. problem.Data.Select((_, i) => i / d % 2 == 0 ? problem.Means[i % d] : problem.Means[2 * d + i % d])];
            for (var i = 0; i < near.Length; i++) near[i] += 0.3 * Math.Sin(i);
            problem = problem with { Data = near };
            foreach (var width in Enum.GetValues<LaneWidth>())
            {
                var all = Step<T>(problem, width, [0, 1, 2, 3]);
                var some = Step<T>(problem, width, [0, 2]);
                Assert.Equal(0, all.EffectiveCount(1) + all.EffectiveCount(3));
                Assert.True(all.EffectiveCount(2) > 0);
                Measures.SameBits(all.Values, some.Values, $"{type}, {d}, {width}");
            }
        }
    }

    private static SufficientStatistics Step<T>(MixtureProblem problem, LaneWidth width, int[] active)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (d, k) = (problem.D, problem.K);
        var mixture = problem.Model().Mixture;
        var points = BlockShape.Pad<T>(problem.N);
        using var memory = new AlignedBuffer<T>(Workspace<T>.Length(points, d, k));
        memory.Span.Fill(T.NaN);
        var workspace = new Workspace<T>(memory.Pointer, points, d, k);
        var block = workspace.Pack(Measures.To<T>(problem.Data));
        var statistics = new SufficientStatistics(mixture.Family.Type, k, d);
        using var parameters = new KernelParameters<T>(mixture.Family.Form, k, d);
        parameters.Load(mixture.Numbers);
        fixed (int* indices = active)
        fixed (T* centers = Measures.To<T>(problem.Means))
        {
            BlockSteps.Soft<T>(FamilyTable.Of(mixture.Family.Type), width)
                .Run(block, parameters, new ActiveComponents(indices, active.Length), workspace, centers, statistics);
        }
        return statistics;
    }
}
