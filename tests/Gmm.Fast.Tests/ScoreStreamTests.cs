using System.Runtime.CompilerServices;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Scores of points that arrive some at a time.</summary>
public class ScoreStreamTests
{
    private static readonly MixtureProblem s_problem = Blobs.Build(seed: 3, n: 10_000, d: 3, k: 2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10_000)]
    public async Task ScoresAreThoseOfSinglePointsInTheirOrder(int together)
    {
        var model = s_problem.Model();
        var responsibilities = new double[2];
        var found = 0;
        await foreach (var score in model.ScoreAsync(Rows(s_problem.Data, together * 3), cancellation: Token))
        {
            var point = s_problem.Data.AsSpan(found * 3, 3).ToArray();
            model.Responsibilities(point, responsibilities);
            Assert.Equal((found++, model.Label(point), model.LogDensity(point)), ((int)score.Index, score.Label, score.LogDensity));
            Assert.Equal(responsibilities, score.Responsibilities.ToArray());
        }
        Assert.Equal(10_000, found);
    }

    [Fact]
    public async Task NothingIsReadAhead()
    {
        var asked = 0;
        async IAsyncEnumerable<ReadOnlyMemory<double>> Source()
        {
            for (; ; asked++)
            {
                await Task.Yield();
                yield return new double[3];
            }
        }

        var scored = 0;
        await foreach (var score in s_problem.Model().ScoreAsync(Source(), cancellation: Token))
        {
            Assert.Equal((scored, scored), ((int)score.Index, asked));
            if (++scored == 100) break;
        }
    }

    [Fact]
    public async Task CancellationEndsASourceThatNeverGivesAPoint()
    {
        using var canceling = new CancellationTokenSource();
        async IAsyncEnumerable<ReadOnlyMemory<double>> Source([EnumeratorCancellation] CancellationToken cancellation = default)
        {
            yield return new double[3];
            await Task.Delay(Timeout.Infinite, cancellation);
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in s_problem.Model().ScoreAsync(Source(), cancellation: canceling.Token)) await canceling.CancelAsync();
        });
    }

    [Theory]
    [InlineData(new[] { 1.0, 2, 3, 4 }, "rows: 4 values came after 2 points; a multiple of 3, the dimension, is required")]
    [InlineData(new[] { 1.0, 2, 3, 4, double.NaN, 6 }, "rows[3, 1] is NaN; finite values are required")]
    public async Task APointThatCannotBeScoredComesAfterTheOthers(double[] last, string message)
    {
        var scored = 0;
        var refused = await Assert.ThrowsAsync<ArgumentException>(async () =>
        {
            await foreach (var score in s_problem.Model().ScoreAsync(Rows([0, 0, 0, 1, 1, 1], 6, last), cancellation: Token)) scored++;
        });
        Assert.Equal((2, message), (scored, refused.Message.Split(" (Parameter")[0]));
    }

    [Fact]
    public async Task OfPointsThatCameTogetherNoneIsScoredWhereOneCannotBe()
    {
        var rows = s_problem.Data.ToArray();
        rows[9_000 * 3 + 1] = double.NaN;
        var refused = await Assert.ThrowsAsync<ArgumentException>(async () =>
        {
            await foreach (var score in s_problem.Model().ScoreAsync(Rows(rows, rows.Length), cancellation: Token)) Assert.Fail("scored");
        });
        Assert.StartsWith("rows[9000, 1] is NaN; finite values are required", refused.Message);
    }

    [Fact]
    public async Task AModelThatTakesGapsTakesThemHere()
    {
        var model = s_problem.Model().WithMissingValues(MissingValues.Marginalize);
        await foreach (var score in model.ScoreAsync(Rows([0, double.NaN, 0], 3), cancellation: Token))
            Assert.Equal(model.LogDensity([0, double.NaN, 0]), score.LogDensity);
        await Assert.ThrowsAsync<ArgumentException>(async () =>
        {
            await foreach (var _ in model.ScoreAsync(Rows([0, double.PositiveInfinity, 0], 3), cancellation: Token)) Assert.Fail("scored");
        });
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<double>> Rows(double[] rows, int together, double[]? last = null)
    {
        for (var i = 0; i < rows.Length; i += together)
        {
            await Task.Yield();
            yield return rows.AsMemory(i, Math.Min(together, rows.Length - i));
        }
        if (last is not null) yield return last;
    }
}
