using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Em;

/// <summary>Checks that passes by tiles, which leave out components without a share, have the bits of passes over whole blocks.</summary>
public unsafe class TileStepTests
{
    // More and longer problems with GMM_SLOW=1.
    private static bool IsSlow => SlowTests.AreOn;

    private static int Iterations => IsSlow ? 20 : 7;

    public static TheoryData<string> Types => [.. FamilyTable.All.ToArray().Where(family => family.Form.IsSeparable).Select(family => family.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void WhatIsLeftOutChangesNoBit(string type)
    {
        var random = new Random(3);
        var widths = Enum.GetValues<LaneWidth>();
        for (var seed = 0; seed < (IsSlow ? 400 : 12); seed++)
        {
            var (d, k) = (random.Next(1, 20), seed % 5 == 4 ? random.Next(60, 90) : random.Next(1, 40));
            var problem = Blobs.Build(
                seed, n: random.Next(k, 1500), d, k, type, separation: 12 * random.NextDouble(), condition: Math.Pow(10, 6 * random.NextDouble()),
                shift: random.Next(2) * 1000);
            var weights = random.Next(3) switch
            {
                0 => null,
                1 => Enumerable.Range(0, problem.N).Select(_ => 0.1 + random.NextDouble()).ToArray(),
                _ => Enumerable.Range(0, problem.N).Select(_ => (double)random.Next(3)).ToArray(),
            };
            var reach = random.Next(3) switch { 0 => 24, 1 => 8, _ => double.PositiveInfinity };
            if (seed % 3 > 0) problem = Wrong(problem, random);
            Same<double>(problem, weights, reach, widths[seed % widths.Length]);
            Same<float>(problem, weights, reach, widths[seed / 4 % widths.Length]);
        }
    }

    [Fact]
    public void AComponentThatShrinksTowardsNearPointsIsFoundAgain()
    {
        // The third component is wide, and out of reach of the points at 0 by a little weight. Then it is one of theirs: its distances grow a
        // hundredfold, from those at 630 much and from those at 0 not at all.
        var rows = Enumerable.Range(0, 32).Select(i => i % 2 == 0 ? 0.0 : 630.0).ToArray();
        var wide = new GaussianMixture(CovarianceType.Spherical, 1, [0.5, 0.5 - 1e-25, 1e-25], [0, 624, 0], [1, 1, 1e4]);
        var narrow = new GaussianMixture(CovarianceType.Spherical, 1, [0.5, 0.499, 0.001], [0, 624, 0], [1, 1, 1]);
        var all = Passes(rows, leavesOut: false, wide, narrow);
        Assert.True(all.EffectiveCount(2) > 0.01);
        Measures.SameBits(all.Values, Passes(rows, leavesOut: true, wide, narrow).Values, "after two passes");
    }

    [Theory]
    [InlineData("full", 24)]
    [InlineData("diag", 24)]
    [InlineData("spherical", 3)]
    public void PairsWithoutAShareAreLeftOut(string type, int d)
    {
        var problem = Blobs.Build(seed: 5, n: 4000, d, k: 16, type, separation: 30);
        var share = Run<double>(problem, weights: null, double.PositiveInfinity, LaneWidths.Widest, threads: 2, leavesOut: true).Share;
        Assert.InRange(share, 0.1, 0.6);
    }

    [Fact]
    public void EveryThreadCountHasTheBitsOfOne()
    {
        var problem = Blobs.Build(seed: 6, n: 30_000, d: 6, k: 24, "full", separation: 8);
        var one = Run<double>(problem, weights: null, reach: 24, LaneWidths.Widest, threads: 1, leavesOut: true);
        foreach (var threads in (int[])[2, 5])
        {
            var several = Run<double>(problem, weights: null, reach: 24, LaneWidths.Widest, threads, leavesOut: true);
            Measures.SameBits(one.Trace, several.Trace, $"{threads} threads");
            Measures.SameBits(one.Theta, several.Theta, $"{threads} threads");
            Assert.Equal(one.Share, several.Share);
        }
    }

    [Fact]
    public void PointsOutOfReachOfAllComponentsAreShared()
    {
        var problem = Blobs.Build(seed: 8, n: 600, d: 3, k: 8, "full", separation: 10);
        problem.Data.AsSpan(1200, 3).Fill(1e160);
        Same<double>(problem, weights: null, double.PositiveInfinity, LaneWidths.Widest);
    }

    [Fact]
    public void AFitIsTheSameWithAndWithoutSkipping()
    {
        var problem = Blobs.Build(seed: 9, n: 60_000, d: 12, k: 24, "full", separation: 12);
        var options = problem.Options(20, regularization: 1e-6);
        var fit = MixtureFit.Fit(new Points(problem.Data, problem.D), options);
        var dense = MixtureFit.Fit(new Points(problem.Data, problem.D), options with { Skipping = Skipping.None });
        Measures.SameBits(dense, fit);
        Assert.InRange(fit.ComputedShare, 0.05, 0.7);
        Assert.Equal(1, dense.ComputedShare);

        // A smaller share that is 0 takes at most K times it of each point's log-likelihood.
        var cut = double.ScaleB(1, -24);
        var rough = MixtureFit.Fit(new Points(problem.Data, problem.D), options with { ResponsibilityCutoff = cut });
        Assert.InRange(rough.ComputedShare, 0.05, fit.ComputedShare);
        Assert.InRange(fit.Trace[0] - rough.Trace[0], 0, problem.N * problem.K * cut);

        // What was left out in fact, from the points in the order in which they were summed.
        Assert.Equal(problem.K * cut, rough.CutoffBound);
        Assert.InRange(rough.CutoffLoss!.Value, 0, rough.CutoffBound);
        Assert.Equal((0, 0), (fit.CutoffBound, fit.CutoffLoss));

        // What was cut stays cut where the fit goes on, also from a file.
        using var file = new MemoryStream();
        rough.Save(file);
        file.Position = 0;
        var saved = Assert.IsType<FitResult>(FitResult.Load(file));
        Assert.Equal((rough.ComputedShare, rough.CutoffLoss, rough.CutoffBound), (saved.ComputedShare, saved.CutoffLoss, saved.CutoffBound));
        var longer = MixtureFit.Fit(new Points(problem.Data, problem.D), FitOptions.Continue(saved) with { MaxIterations = 2 });
        Assert.Equal(rough.Iterations + 2, longer.Iterations);
        Assert.Throws<ArgumentException>(
            () => MixtureFit.Fit(new Points(problem.Data, problem.D), FitOptions.Continue(saved) with { ResponsibilityCutoff = 0 }));

        // In the order in which the points are given, a fit has the bits of one that knows no tiles.
        var inOrder = MixtureFit.Fit(new Points(problem.Data, problem.D), options with { Skipping = Skipping.InOrder });
        Assert.InRange(inOrder.ComputedShare, fit.ComputedShare, 1);
        Assert.InRange(Math.Abs(inOrder.TotalLogLikelihood - fit.TotalLogLikelihood), 0, 1e-9 * Math.Abs(fit.TotalLogLikelihood));
    }

    [Theory]
    [InlineData(60_000, 12, 24, 12, 4)]
    [InlineData(300_000, 3, 8, 60, 16)]
    public void AFitThatEndsSoonKeepsTheOrderOfItsPoints(int n, int d, int k, double separation, int pass)
    {
        var problem = Blobs.Build(seed: 9, n, d, k, "full", separation);
        var (soon, late) = (problem.Options(pass, regularization: 1e-6), problem.Options(pass + 4, regularization: 1e-6));
        var rows = problem.Data.Chunk(problem.D).ToArray();
        new Random(1).Shuffle(rows);
        double[] data = [.. rows.SelectMany(row => row)];
        Measures.SameBits(Fit(soon with { Skipping = Skipping.InOrder }), Fit(soon));
        Assert.False(Fit(late with { Skipping = Skipping.InOrder }).Model.Covariances.SequenceEqual(Fit(late).Model.Covariances));

        FitResult Fit(FitOptions options) => MixtureFit.Fit(new Points(data, problem.D), options);
    }

    // Another start: covariances of another size, means elsewhere, a component without weight.
    private static MixtureProblem Wrong(MixtureProblem problem, Random random)
    {
        var scale = Math.Pow(10, 6 * random.NextDouble() - 2);
        double[] weights = [.. problem.Weights];
        if (weights.Length > 2 && random.Next(2) == 0) (weights[0], weights[1]) = (0, weights[0] + weights[1]);
        return problem with
        {
            Weights = weights,
            Means = [.. problem.Means.Select(mean => mean + 3 * random.NextDouble())],
            Covariances = [.. problem.Covariances.Select(entry => entry * scale)],
        };
    }

    private static SufficientStatistics Passes(double[] rows, bool leavesOut, params ReadOnlySpan<GaussianMixture> mixtures)
    {
        var (d, k) = (mixtures[0].Dimension, mixtures[0].ComponentCount);
        var family = mixtures[0].Mixture.Family;
        var statistics = new SufficientStatistics(family.Type, k, d);
        var plan = ShardPlan.Alone<double>(rows.Length / d, d);
        using var team = new WorkTeam(1);
        fixed (double* origin = rows)
        {
            var source = new MemoryPoints<double>(origin, rows.Length / d, d, d);
            using var store = new BlockStore<double>(source, plan.Shape, 1 << 20, isWeighted: false);
            var sweep = new Sweep<double>(
                store, plan, statistics, new RankGroup(null), team, default, TileRoom<double>.Length(plan.Shape.BlockPoints, d, k));
            var bounds = leavesOut ? new TileBounds<double>(family.Form, k, d, plan.Shape, double.PositiveInfinity, team) : null;
            var tiles = BlockSteps.Tiles(family, LaneWidths.Widest, bounds);
            using var parameters = new KernelParameters<double>(family.Form, k, d);
            bounds?.Forget();
            tiles.ByTiles = true;
            foreach (var mixture in mixtures)
            {
                parameters.Load(mixture.Mixture.Numbers);
                bounds?.Follow(mixture.Mixture);
                fixed (double* centers = mixture.Means) Assert.True(sweep.Run(tiles, parameters, centers, statistics));
            }
            sweep.Dispose();
            bounds?.Dispose();
        }
        return statistics;
    }

    private static void Same<T>(MixtureProblem problem, double[]? weights, double reach, LaneWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var all = Run<T>(problem, weights, reach, width, threads: 1, leavesOut: false);
        var some = Run<T>(problem, weights, reach, width, threads: 1, leavesOut: true);
        var name = $"{problem}, {typeof(T).Name}, {width}, reach {reach}";
        Measures.SameBits(all.Trace, some.Trace, name);
        Measures.SameBits(all.Theta, some.Theta, name);
    }

    private static (double[] Trace, double[] Theta, double Share) Run<T>(
        MixtureProblem problem, double[]? weights, double reach, LaneWidth width, int threads, bool leavesOut)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var (n, d, k) = (problem.N, problem.D, problem.K);
        var initial = problem.Model().Mixture;
        var statistics = new SufficientStatistics(initial.Family.Type, k, d);
        var plan = ShardPlan.Alone<T>(n, d);
        using var team = new WorkTeam(threads);
        fixed (T* origin = Measures.To<T>(problem.Data))
        fixed (double* given = weights)
        {
            var source = new MemoryPoints<T>(origin, n, d, d, given);
            using var store = new BlockStore<T>(source, plan.Shape, 1 << 20, source.HasWeights);
            var room = TileRoom<T>.Length(plan.Shape.BlockPoints, d, k);
            var sweep = new Sweep<T>(store, plan, statistics, new RankGroup(null), team, default, room);
            var bounds = leavesOut ? new TileBounds<T>(initial.Family.Form, k, d, plan.Shape, reach, team) : null;
            using var tiles = Tiles.Passes(initial.Family, width, sweep, store, source, k, budget: 1 << 20, bounds);
            using var expectation = new Expectation<T>(
                sweep, BlockSteps.Soft<T>(initial.Family, width), initial.Family.Form, k, d, reach: reach, tiles: tiles);
            var ridge = Ridge.Uniform(1e-6, d);
            var settings = new EmSettings(Iterations, StopRule.FixedCount, CollapsePolicy.Keep, ridge, new Wording(Vocabulary.Library, null), null);
            var outcome = new EmLoop(expectation, new Maximization(initial.Parameters, ridge, floor: null, team), statistics, initial, settings).Run()!;
            return (outcome.Trace, outcome.Mixture.Parameters.Theta, outcome.ComputedShare);
        }
    }
}
