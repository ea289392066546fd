using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>
/// Reads all points once, in parallel, checks them and finds their gaps: how many there are, the patterns, and the points without a value.
/// </summary>
internal sealed class GapScan<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // What a group of points of one pattern costs, in points; what a set of factors costs, in points per dimension.
    private const double GroupCost = 100;
    private const double FactorCost = 10;

    private readonly GapStore<T> _store;
    private readonly RankGroup _ranks;
    private readonly CancellationToken _cancellation;
    private readonly bool _hasPairs;
    private readonly Lock _gate = new();
    private readonly long[] _present;
    private readonly (long Row, double Value)[] _first;
    private readonly List<long> _empty = [];
    private readonly ulong[][] _together;
    private long _incomplete;
    private long _points;
    private long _values;
    private int _next;
    private int _failedShard = int.MaxValue;
    private Exception? _failure;

    private GapScan(GapStore<T> store, RankGroup ranks, CancellationToken cancellation, bool hasPairs)
    {
        (_store, _ranks, _cancellation, _hasPairs) = (store, ranks, cancellation, hasPairs);
        _present = new long[store.Dimension];
        _first = [.. Enumerable.Repeat((long.MaxValue, 0.0), store.Dimension)];
        _together = [.. Enumerable.Range(0, hasPairs ? store.Dimension : 0).Select(_ => new ulong[GapMask.Words(store.Dimension)])];
    }

    /// <summary>What is missing, over all processes; null where nothing is.</summary>
    public GapSummary? Summary { get; private set; }

    /// <summary>[D]: the first present value of each column.</summary>
    public double[] Center { get; private set; } = [];

    /// <summary>The points without a value, by their numbers in this process, ascending.</summary>
    public long[] Empty { get; private set; } = [];

    /// <summary>Scans all ranges of a store. Returns null when canceled.</summary>
    /// <param name="store">The points.</param>
    /// <param name="hasPairs">Whether pairs of columns that are never present together matter.</param>
    /// <param name="wording">The words of messages.</param>
    /// <param name="ranks">The processes of the fit.</param>
    /// <param name="team">The threads.</param>
    /// <param name="cancellation">Ends the scan.</param>
    /// <exception cref="ArgumentException">A number is infinite, a weight is wrong, or a column has no value.</exception>
    public static GapScan<T>? Run(
        GapStore<T> store, bool hasPairs, Wording wording, RankGroup ranks, WorkTeam team, CancellationToken cancellation)
    {
        var scan = new GapScan<T>(store, ranks, cancellation, hasPairs);
        team.Run(Math.Clamp(store.Plan.Shape.Shards, 1, team.Size), scan.Work);
        return scan.Exchange(wording) ? scan : null;
    }

    private void Work(int worker)
    {
        var reader = _store.CreateReader();
        var order = new int[_store.Dimension];
        for (var shard = Interlocked.Increment(ref _next) - 1; shard < _store.Plan.Shape.Shards; shard = Interlocked.Increment(ref _next) - 1)
        {
            try
            {
                for (var number = 0; number < _store.Ranges(shard); number++)
                {
                    if (_cancellation.IsCancellationRequested || Volatile.Read(ref _failedShard) < shard) return;
                    var range = _store.Meet(shard, number, reader, out var first);
                    lock (_gate) Count(range, reader, first, order);
                }
            }
            catch (Exception e)
            {
                // Of several failures the one of the first shard: all shards before it were handed out too, and are done to their end.
                lock (_gate)
                {
                    if (shard < _failedShard) (_failedShard, _failure) = (shard, e);
                }
                return;
            }
        }
    }

    private void Count(GapRange<T> range, GapReader<T> reader, long first, int[] order)
    {
        var words = GapMask.Words(order.Length);
        _empty.AddRange(reader.Empty);
        (_points, _values) = (_points + range.Points, _values + range.Values);
        for (var group = 0; group < range.Groups; group++)
        {
            var mask = range.Masks.AsSpan(group * words, words);
            var present = GapMask.Split(mask, order);
            if (present < order.Length) _incomplete += range.Counts[group];
            foreach (var j in order.AsSpan(0, present))
            {
                _present[j] += range.Counts[group];
                if (!_hasPairs) continue;
                for (var word = 0; word < words; word++) _together[j][word] |= mask[word];
            }
        }
        for (var j = 0; j < order.Length; j++)
        {
            if (_first[j].Row < first) continue;
            for (var i = 0; i < reader.Count && first + i < _first[j].Row; i++)
            {
                var value = reader.Rows[i * order.Length + j];
                if (!reader.IsTaken(i) || T.IsNaN(value)) continue;
                _first[j] = (first + i, double.CreateTruncating(value));
                break;
            }
        }
    }

    // Sums the counts of all processes, side by side what is no sum: first values, patterns, factorings.
    private bool Exchange(Wording wording)
    {
        var d = _store.Dimension;
        const int Sums = 5;
        int columns = Sums, pairs = columns + d, sides = pairs + (_hasPairs ? d * d : 0), side = 2 + 2 * d;
        var all = new double[checked(sides + _ranks.Count * side)];
        (all[0], all[1], all[2], all[3], all[4]) = (_points, _values, _incomplete, _empty.Count, _store.Patterns.Uses);
        var mine = all.AsSpan(sides + _ranks.Rank * side, side);
        (mine[0], mine[1]) = (_store.Patterns.Count, _store.Patterns.Factorings);
        for (var j = 0; j < d; j++)
        {
            all[columns + j] = _present[j];
            if (_first[j].Row < long.MaxValue) (mine[2 + j], mine[2 + d + j]) = (1, _first[j].Value);
            for (var i = 0; _hasPairs && i < d; i++) all[pairs + j * d + i] = GapMask.Has(_together[j], i) ? 1 : 0;
        }
        if (!_ranks.Sum(all, _cancellation.IsCancellationRequested, _failure)) return false;

        var (points, values, empty) = ((long)all[0], (long)all[1], (long)all[3]);
        if (points * d == values && empty == 0) return true;
        if (points == 0) Throw.Argument("rows", "no point of weight above 0 has a value; at least one is required");
        for (var j = 0; j < d; j++)
        {
            if (all[columns + j] == 0) Throw.Argument("rows", $"{wording.Column(j)} has no value in any point; leave it out");
        }
        Center = new double[d];
        for (var j = 0; j < d; j++)
        {
            for (var rank = _ranks.Count - 1; rank >= 0; rank--)
            {
                if (all[sides + rank * side + 2 + j] > 0) Center[j] = all[sides + rank * side + 2 + d + j];
            }
        }
        _empty.Sort();
        Empty = [.. _empty];
        double patterns = 0, factorings = 0;
        for (var rank = 0; rank < _ranks.Count; rank++)
        {
            patterns = Math.Max(patterns, all[sides + rank * side]);
            factorings += all[sides + rank * side + 1];
        }
        Summary = new GapSummary
        {
            MissingValues = points * d - values,
            IncompletePoints = (long)all[2],
            EmptyPoints = empty,
            Patterns = (long)patterns,
            PatternWork = (GroupCost * all[4] + (_hasPairs ? FactorCost * factorings * d : 0)) / points,
            WorkWithoutPairs = GroupCost * all[4] / points,
            PairsNeverTogether = NeverTogether(all.AsSpan(pairs, _hasPairs ? d * d : 0), d),
        };
        return true;
    }

    private static (int, int)[] NeverTogether(ReadOnlySpan<double> together, int dimension)
    {
        var pairs = new List<(int, int)>();
        for (var i = 0; i < dimension && !together.IsEmpty; i++)
        {
            for (var j = i + 1; j < dimension; j++)
            {
                if (together[i * dimension + j] == 0) pairs.Add((i, j));
            }
        }
        return [.. pairs];
    }
}
