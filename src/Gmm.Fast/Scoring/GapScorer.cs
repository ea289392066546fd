using Gmm.Fast.Blocks;
using Gmm.Fast.Model;

namespace Gmm.Fast.Scoring;

/// <summary>
/// Scores consecutive points with gaps by their present dimensions, in the memory of one worker: sorts them by pattern, scores each pattern with its
/// marginal mixture, and puts the scores back in the order of the points. A point without a value has log-density 0, the weights of the mixture for
/// responsibilities, and distance 0.
/// </summary>
/// <param name="mixture">The mixture.</param>
/// <param name="scorer">Scores complete points.</param>
/// <param name="marginals">Score the others.</param>
/// <param name="source">The points.</param>
/// <param name="isWeighted">Whether points of weight 0 are left out, and totals weighted.</param>
/// <param name="points">Points of a block.</param>
internal sealed unsafe class GapScorer(
    Factored mixture, BlockScorer scorer, MarginalScorers marginals, PointSource<double> source, bool isWeighted, int points)
{
    private readonly GapReader<double> _reader = new(source, isWeighted, points);
    private int[] _labels = [];
    private double[] _logDensities = [];
    private double[] _responsibilities = [];
    private double[] _componentLogDensities = [];
    private double[] _distances = [];

    /// <summary>Scores the points [first, first + count) of the source.</summary>
    /// <param name="first">The first point.</param>
    /// <param name="count">At least 1.</param>
    /// <param name="targets">Receive the scores of these points.</param>
    /// <param name="total">[1], receives the sum of weight times log-density; null for none.</param>
    /// <param name="memory">The memory of blocks.</param>
    public void Score(long first, int count, in ScoreTargets targets, double* total, double* memory)
    {
        var range = _reader.Read(first, count, check: true);
        var components = mixture.Components;
        Reserve(ref _labels, targets.Labels is null ? 0 : count);
        Reserve(ref _logDensities, targets.LogDensities is null ? 0 : count);
        Reserve(ref _responsibilities, targets.Responsibilities is null ? 0 : count * components);
        Reserve(ref _componentLogDensities, targets.ComponentLogDensities is null ? 0 : count * components);
        Reserve(ref _distances, targets.Distances is null ? 0 : count * components);
        fixed (int* labels = _labels)
        fixed (double* logDensities = _logDensities, responsibilities = _responsibilities, logs = _componentLogDensities, distances = _distances)
        {
            var sorted = new ScoreTargets
            {
                Labels = targets.Labels is null ? null : labels,
                LogDensities = targets.LogDensities is null ? null : logDensities,
                Responsibilities = targets.Responsibilities is null ? null : responsibilities,
                ComponentLogDensities = targets.ComponentLogDensities is null ? null : logs,
                Distances = targets.Distances is null ? null : distances,
                IsWeighted = targets.IsWeighted,
            };
            var sum = Sorted(range, sorted, total is not null, memory);
            if (total is not null) *total = sum;
            var from = sorted;
            for (var i = 0; i < count; i++)
            {
                if (_reader.IsTaken(i)) Copy(from.From(_reader.Place(i), components), targets.From(i, components), components);
                else if (!_reader.IsWeightless(i)) Empty(targets.From(i, components));
            }
        }
    }

    // Scores the groups of a range, in their order, and returns the total.
    private double Sorted(GapRange<double> range, in ScoreTargets targets, bool wantsTotal, double* memory)
    {
        var words = GapMask.Words(source.Dimension);
        double total = 0, part = 0;
        var (number, point) = (0, 0);
        for (var group = 0; group < range.Groups; group++)
        {
            var (count, present) = (range.Counts[group], range.Present[group]);
            var blocks = present == source.Dimension ? scorer : marginals.Of(range.Masks.AsSpan(group * words, words)).Blocks;
            for (var done = 0; done < count; done += points)
            {
                var now = Math.Min(points, count - done);
                blocks.Score(
                    range.Numbers.AsSpan(number, now * present), range.IsWeighted ? range.Weights.AsSpan(point, now) : [], memory, points,
                    targets.From(point, mixture.Components), wantsTotal ? &part : null, 0);
                total += part;
                number += now * present;
                point += now;
            }
        }
        return total;
    }

    private static void Copy(in ScoreTargets from, in ScoreTargets to, int components)
    {
        if (to.Labels is not null) *to.Labels = *from.Labels;
        if (to.LogDensities is not null) *to.LogDensities = *from.LogDensities;
        if (to.Responsibilities is not null) Row(from.Responsibilities, to.Responsibilities, components);
        if (to.ComponentLogDensities is not null) Row(from.ComponentLogDensities, to.ComponentLogDensities, components);
        if (to.Distances is not null) Row(from.Distances, to.Distances, components);
    }

    private static void Row(double* from, double* to, int length) => new ReadOnlySpan<double>(from, length).CopyTo(new Span<double>(to, length));

    private void Empty(in ScoreTargets to)
    {
        var weights = mixture.Parameters.Weights;
        if (to.Labels is not null) *to.Labels = NoValue.Label(weights);
        if (to.LogDensities is not null) *to.LogDensities = 0;
        if (to.Responsibilities is not null) weights.CopyTo(new Span<double>(to.Responsibilities, weights.Length));
        if (to.ComponentLogDensities is not null) NoValue.LogDensities(weights, to.IsWeighted, new Span<double>(to.ComponentLogDensities, weights.Length));
        if (to.Distances is not null) new Span<double>(to.Distances, weights.Length).Clear();
    }

    private static void Reserve<TValue>(ref TValue[] room, int length)
    {
        if (room.Length < length) room = new TValue[length];
    }
}

/// <summary>Gives the scores of a point without a value that are not 0.</summary>
internal static class NoValue
{
    /// <summary>Gives the component with the largest weight, the first of equals.</summary>
    public static int Label(ReadOnlySpan<double> weights)
    {
        var label = 0;
        for (var k = 1; k < weights.Length; k++)
        {
            if (weights[k] > weights[label]) label = k;
        }
        return label;
    }

    /// <summary>Writes ln 1, or with the weights ln w.</summary>
    public static void LogDensities(ReadOnlySpan<double> weights, bool weighted, Span<double> logDensities)
    {
        for (var k = 0; k < weights.Length; k++) logDensities[k] = weighted ? Parameters.Log(weights[k]) : 0;
    }
}
