using System.Runtime.InteropServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;
using Gmm.Fast.Starts;

namespace Gmm.Fast.Tests.Starts;

/// <summary>Checks that what sketches rule out changes no bit of seeds, labels and sums, on data that are hard for floats and for ties.</summary>
public unsafe class SketchTests
{
    private static readonly string[] s_kinds = ["plain", "flat", "grid", "equal", "offset", "outlier", "tiny", "huge", "constant"];

    // Points, D, K: less than a tile, more than a block, K as large as N, and many dimensions.
    public static TheoryData<int, int, int> Shapes => new() { { 40, 2, 40 }, { 500, 3, 33 }, { 900, 16, 70 }, { 420, 40, 64 }, { 130, 170, 20 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void LabelsAndSumsOfClustersHaveTheBitsOfAllDistances(int n, int d, int k)
    {
        foreach (var kind in s_kinds)
        {
            using var points = new Store(kind, n, d, k);
            if (SketchMap.Of(points.Blocks, k) is not { } map)
            {
                Assert.Equal("equal", kind);
                continue;
            }
            using var sketches = PointSketches.Of(map, points.Blocks, points.Team);
            using var kept = new SketchedLabels(map, sketches, LaneWidths.Widest, points.Blocks.Shape.BlockPoints, k);
            using var made = new SketchedLabels(map, null, LaneWidths.Widest, points.Blocks.Shape.BlockPoints, k);
            using var logs = new SketchedLabels(map, null, LaneWidths.Widest, points.Blocks.Shape.BlockPoints, k, SketchedLabels.BinaryLogs);
            var random = new Random(3);
            for (var pass = 0; pass < 3; pass++)
            {
                var centers = points.Centers(k, random, pass);
                kept.Follow(centers);
                made.Follow(centers);
                logs.Follow(centers);
                var expected = points.Labels(BlockSteps.Labels(LaneWidths.Widest), centers, map);
                Assert.Equal(expected, points.Labels(kept, centers, map));
                Assert.Equal(expected, points.Labels(made, centers, map));
                foreach (var moments in (MomentKind[])[MomentKind.Triangle, MomentKind.Diagonal, MomentKind.Trace])
                {
                    var all = points.Sums(BlockSteps.Nearest(moments, LaneWidths.Widest), moments, centers, map);
                    var some = points.Sums(BlockSteps.Clusters(moments, logs, LaneWidths.Widest), moments, centers, map);

                    // The objective is left out.
                    all.LogLikelihood = 0;
                    Measures.SameBits(all.Values, some.Values, kind);
                    Assert.Equal((all.PointCount, all.TotalWeight), (some.PointCount, some.TotalWeight));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SeedsHaveTheBitsOfAllDistancesWithAnyNumberOfThreads(int n, int d, int k)
    {
        foreach (var kind in s_kinds)
        {
            foreach (var isWeighted in (bool[])[false, true])
            {
                using var points = new Store(kind, n, d, k);
                using var sketches = SketchMap.Of(points.Blocks, k) is { } map ? PointSketches.Of(map, points.Blocks, points.Team) : null;
                using var alone = new WorkTeam(1);
                const int Trials = 5;
                double[]? weights = isWeighted ? [.. Enumerable.Range(0, n).Select(i => 0.5 + i % 3)] : null;
                using var nearest = new NearestCenters(points.Blocks, k, points.Team, CancellationToken.None);
                using var other = new NearestCenters(points.Blocks, k, alone, CancellationToken.None);
                using var all = new SeedDistances(points.Blocks, weights, Trials, null, alone);
                using var some = new SeedDistances(points.Blocks, weights, Trials, sketches, points.Team);
                var random = new Random(4);
                for (var seed = 0; seed < k; seed++)
                {
                    var candidates = Enumerable.Range(0, Trials).SelectMany(_ => points.Row(random.Next(n))).ToArray();
                    all.Measure(candidates);
                    some.Measure(candidates);
                    var best = all.Best(seed == 0 ? 1 : Trials);
                    Assert.Equal(best, some.Best(seed == 0 ? 1 : Trials));
                    all.Take(best);
                    some.Take(best);
                    Measures.SameBits(all.RunningSums, some.RunningSums, kind);
                }
            }
        }
    }

    [Fact]
    public void SketchesAreShortWhereFewDirectionsTellClustersApart()
    {
        using var points = new Store("flat", 3000, 40, 8);
        Assert.InRange(SketchMap.Of(points.Blocks, 8)!.Columns, 4, 20);
        using var round = new Store("plain", 3000, 40, 500);
        Assert.Equal(40, SketchMap.Of(round.Blocks, 500)!.Columns);
    }

    /// <summary>Holds points of one kind, two threads, and passes over them.</summary>
    private sealed class Store : IDisposable
    {
        private readonly double[] _rows;
        private readonly int _dimension;
        private readonly GCHandle _pin;

        public Store(string kind, int n, int d, int k)
        {
            var random = new Random(n + d);
            double[] means = [.. Enumerable.Range(0, k * d).Select(_ => 6 * random.NextDouble())];
            _rows = [.. Enumerable.Range(0, n * d).Select(i => means[i / d % k * d + i % d] + random.NextDouble())];
            _dimension = d;
            for (var i = 0; i < _rows.Length; i++)
            {
                _rows[i] = kind switch
                {
                    "flat" => i % d < 4 ? _rows[i] : 0.02 * _rows[i],
                    "grid" => Math.Round(_rows[i] / 3),
                    "equal" => 7,
                    "offset" => _rows[i] + 1e10,
                    "outlier" => i == 5 ? 1e15 : _rows[i],
                    "tiny" => _rows[i] * 1e-130,
                    "huge" => _rows[i] * 1e130,
                    "constant" => i % d == 0 ? 1e8 : _rows[i],
                    _ => _rows[i],
                };
            }
            _pin = GCHandle.Alloc(_rows, GCHandleType.Pinned);
            var source = new MemoryPoints<double>((double*)_pin.AddrOfPinnedObject(), n, d, d, null);
            Blocks = new BlockStore<double>(source, BlockShape.For<double>(n, d), long.MaxValue, isWeighted: false);
        }

        public BlockStore<double> Blocks { get; }

        public WorkTeam Team { get; } = new(2);

        public double[] Row(int i) => _rows[(i * _dimension)..((i + 1) * _dimension)];

        // Points, then means of two points; one center is there twice.
        public double[] Centers(int k, Random random, int pass)
        {
            var count = _rows.Length / _dimension;
            double[] centers =
            [
                .. Enumerable.Range(0, k).SelectMany(_ => Row(random.Next(count)).Zip(Row(random.Next(count)), (a, b) => pass == 0 ? a : a / 2 + b / 2)),
            ];
            centers.AsSpan(0, _dimension).CopyTo(centers.AsSpan((k - 1) * _dimension));
            return centers;
        }

        public int[] Labels(IBlockLabels nearest, double[] centers, SketchMap map)
        {
            var labels = new int[_rows.Length / _dimension];
            Pass(new LabelStep(nearest, Blocks.Shape.BlockPoints, labels), MomentKind.Trace, centers, map);
            return labels;
        }

        public SufficientStatistics Sums(IBlockPass<double> step, MomentKind moments, double[] centers, SketchMap map) => Pass(step, moments, centers, map);

        public void Dispose()
        {
            Blocks.Dispose();
            Team.Dispose();
            _pin.Free();
        }

        private SufficientStatistics Pass(IBlockPass<double> step, MomentKind moments, double[] centers, SketchMap map)
        {
            var statistics = new SufficientStatistics(moments, centers.Length / _dimension, _dimension);
            var extra = Math.Max(
                SketchedLabels.ExtraOf(map.Columns, Blocks.Shape.BlockPoints, statistics.Components),
                TileRoom<double>.Length(Blocks.Shape.BlockPoints, _dimension, statistics.Components));
            using var sweep = new Sweep<double>(
                Blocks, ShardPlan.Alone<double>(Blocks.PointCount, _dimension), statistics, new RankGroup(null), Team, CancellationToken.None, extra);
            using var parameters = new KernelParameters<double>(DensityForm.Spherical, statistics.Components, _dimension);
            parameters.Load(new UnitSpheres(statistics.Components, _dimension).About(centers).Numbers);
            fixed (double* origins = centers) Assert.True(sweep.Run(step, parameters, origins, statistics));
            return statistics;
        }
    }
}
