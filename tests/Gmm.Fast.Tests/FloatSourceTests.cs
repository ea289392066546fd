using Gmm.Fast.Model;
using Gmm.Fast.Families;
using CommunityToolkit.HighPerformance;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Simd;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks that float data have the same bits in every form, at every width and for any number of threads.</summary>
public unsafe class FloatSourceTests
{
    [Theory]
    [InlineData("full", 3, 5)]
    [InlineData("full", 17, 3)]
    [InlineData("tied", 3, 5)]
    [InlineData("tied", 17, 3)]
    [InlineData("diag", 5, 4)]
    [InlineData("spherical", 5, 4)]
    [InlineData("tied-diag", 5, 4)]
    [InlineData("tied-spherical", 5, 4)]
    public void AnyNumberOfThreadsAndEveryWidthGiveTheSameBits(string type, int d, int k)
    {
        // Blocks have 768 points.
        var problem = Blobs.Build(seed: 51, n: 9 * 768 + 33, d, k, type, separation: 1);
        var data = Measures.To<float>(problem.Data);
        var options = problem.Options(3, regularization: 1e-3);
        var expected = MixtureFit.Fit(new Points(data, d), options);
        Assert.True((double)problem.N * d * k >= 100_000);
        foreach (var threads in (int[])[2, 3, 8]) Measures.SameBits(expected, MixtureFit.Fit(new Points(data, d), options with { MaxDegreeOfParallelism = threads }));

        fixed (float* origin = data)
        {
            var source = new MemoryPoints<float>(origin, problem.N, d, d);
            foreach (var width in Enum.GetValues<LaneWidth>())
            {
                using var team = new WorkTeam(3);
                var initial = problem.Model().Mixture;
                var statistics = new SufficientStatistics(options.CovarianceType, k, d);
                var plan = ShardPlan.Alone<float>(problem.N, d);
                using var store = new BlockStore<float>(source, plan.Shape, 1 << 20, isWeighted: false);
                var sweep = new Sweep<float>(store, plan, statistics, new RankGroup(null), team, default);
                using var expectation = new Expectation<float>(sweep, BlockSteps.Soft<float>(initial.Family, width), initial.Family.Form, k, d);
                var maximization = new Maximization(initial.Parameters, Ridge.Uniform(options.Regularization!.Value.Value, initial.Dimension), floor: null, team);
                var settings = new EmSettings(options.MaxIterations, options.Stop, options.OnCollapse, Ridge.Uniform(0, initial.Dimension), new Wording(Vocabulary.Library, null), null);
                var outcome = new EmLoop(expectation, maximization, statistics, initial, settings).Run()!;
                Measures.SameBits(expected.Trace, outcome.Trace, $"{width}: trace");
                Measures.SameBits(expected.Model, new GaussianMixture(outcome.Mixture, null));
            }
        }
    }

    [Theory]
    [InlineData("full")]
    [InlineData("diag")]
    public void EveryFormOfTheSameFloatsGivesTheSameFit(string type)
    {
        var problem = Blobs.Build(seed: 52, n: 4000, d: 3, k: 3, type, separation: 1);
        var data = Measures.To<float>(problem.Data);
        var gaps = new float[4000, 5];
        for (var i = 0; i < 4000; i++)
        {
            for (var j = 0; j < 5; j++) gaps[i, j] = j is >= 1 and < 4 ? data[3 * i + j - 1] : float.NaN;
        }
        var fromModel = problem.Options(3, threads: 3);
        foreach (var options in (FitOptions[])[fromModel, fromModel with { InitialModel = null, Restarts = 2 }])
        {
            var expected = MixtureFit.Fit(new Points(data, 3), options);
            Measures.SameBits(expected, MixtureFit.Fit(new Points(data, 3), options));
            Measures.SameBits(expected, MixtureFit.Fit(((ReadOnlySpan2D<float>)new Span2D<float>(gaps)).Slice(0, 1, 4000, 3), options));
            Measures.SameBits(expected, MixtureFit.Fit(new Source(data, 3, copies: false), options));
            Measures.SameBits(expected, MixtureFit.Fit(new Source(data, 3, copies: true), options));
        }
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void NumbersThatAreNotFiniteAreRefusedWithTheirPlace(float value, string text)
    {
        var data = new float[3 * 20_000];
        data[3 * 12_345 + 2] = value;
        var message = $"rows[12345, 2] is {text}; finite values are required";
        var options = new FitOptions { Components = 1 };
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points(data, 3), options)).Message);
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Source(data, 3, copies: true), options)).Message);
    }

    [Fact]
    public void WholeNumbersWrittenInPlaceAreDoubles()
    {
        // 2^24 + 1 is no float.
        var options = new FitOptions { Components = 1, MaxIterations = 1 };
        Assert.Equal((16_777_217 + 4) / 3.0, MixtureFit.Fit(new Points([16_777_217, 1, 3], 1), options).Model.Means[0]);
        Assert.False(new Points([16_777_217], 1).IsSingle);
    }

    [Fact]
    public void WidenedRowsAreTheSameNumbersFromAViewAndFromScratch()
    {
        var data = Measures.To<float>([.. Enumerable.Range(0, 60).Select(i => 0.1 * i - 2)]);
        foreach (var copies in (bool[])[false, true])
        {
            var wide = new WideSource(new Source(data, 3, copies));
            Assert.Equal((20, 3), (wide.PointCount, wide.Dimension));
            for (var first = 0; first < 20; first++)
            {
                for (var count = 1; first + count <= 20; count++)
                {
                    // Room to the last number, and more room than is needed, which stays as it is.
                    foreach (var spare in (int[])[0, 7])
                    {
                        var scratch = new double[3 * count + spare];
                        scratch.AsSpan().Fill(-1);
                        var rows = wide.Read(first, count, scratch);
                        Assert.Equal(data.Skip(3 * first).Take(3 * count).Select(x => (double)x), rows.ToArray());
                        Assert.All(scratch[(3 * count)..], x => Assert.Equal(-1, x));
                    }
                }
            }
        }
    }

    // A view of its own memory, or the scratch filled.
    private sealed class Source(float[] rows, int columns, bool copies) : PointSource<float>
    {
        public override long PointCount => rows.Length / columns;

        public override int Dimension => columns;

        public override ReadOnlySpan<float> Read(long firstRow, int count, Span<float> scratch)
        {
            var view = rows.AsSpan((int)firstRow * columns, count * columns);
            if (!copies) return view;
            view.CopyTo(scratch);
            return scratch[..view.Length];
        }
    }
}
