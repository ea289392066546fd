using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;

namespace Gmm.Fast.Em;

/// <summary>
/// Exchanges numbers between the processes of one fit. Every exchange carries the votes of all ranks, so a rank that is canceled or fails ends all
/// of them at the same exchange. A process alone exchanges nothing.
/// </summary>
internal sealed class RankGroup
{
    private const double Canceled = 1;
    private const double Failed = 2;
    private const int MessageLength = 400;

    private readonly ICommunicator? _communicator;
    private long[] _counts = [];
    private int _dimension;
    private double[] _buffer = [];
    private Exception? _pending;
    private NodePlaces? _places;

    public RankGroup(ICommunicator? communicator)
    {
        if (communicator is null) return;
        (Rank, Count) = (communicator.Rank, communicator.Count);
        if (Count < 1) Throw.OutOfRange("Communicator.Count", Count, "at least 1 is required");
        if ((uint)Rank >= (uint)Count) Throw.OutOfRange("Communicator.Rank", Rank, $"0 to {Count - 1} is required");
        if (Count > 1) _communicator = communicator;
    }

    public int Rank { get; }

    public int Count { get; } = 1;

    public bool IsAlone => _communicator is null;

    /// <summary>The rank that canceled the fit; null if none did, and for a process alone.</summary>
    public int? CanceledRank { get; private set; }

    /// <summary>The number of points of all ranks.</summary>
    public long TotalCount { get; private set; }

    /// <summary>The number, in the whole data set, of this process's first point.</summary>
    public long FirstPoint { get; private set; }

    /// <summary>The ranks without points.</summary>
    public IEnumerable<int> EmptyRanks => IsAlone ? [] : Enumerable.Range(0, Count).Where(rank => _counts[rank] == 0);

    /// <summary>
    /// Compares the options and sizes of all ranks, and throws in all of them where one failed or differs.
    /// </summary>
    /// <param name="points">The number of points of this process.</param>
    /// <param name="firstRow">The number of its first point as its source counts; 0 for not counted.</param>
    /// <param name="dimension">D.</param>
    /// <param name="terms">Numbers that must be equal in all ranks, with their names.</param>
    /// <param name="failure">The exception that ends this process, or null.</param>
    /// <param name="canceled">Whether this process is canceled.</param>
    /// <returns>False when canceled.</returns>
    public bool Meet(long points, long firstRow, int dimension, ReadOnlySpan<(string Name, double Value)> terms, Exception? failure, bool canceled)
    {
        (TotalCount, _dimension) = (points, dimension);
        if (IsAlone)
        {
            if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            _counts = [points];
            return true;
        }
        const int Fixed = 3;
        var length = Fixed + terms.Length;
        var all = new double[Count + Count * length];
        var mine = all.AsSpan(Count + Rank * length, length);
        (mine[0], mine[1], mine[2]) = (points, firstRow, dimension);
        for (var i = 0; i < terms.Length; i++) mine[Fixed + i] = terms[i].Value;
        if (!Exchange(all, canceled, failure)) return false;

        _counts = new long[Count];
        TotalCount = 0;
        for (var rank = 0; rank < Count; rank++)
        {
            var theirs = all.AsSpan(Count + rank * length, length);
            if (theirs[2] != all[Count + 2]) Refuse(rank, $"has points of {theirs[2]} dimensions; rank 0 has {all[Count + 2]}");
            for (var i = 0; i < terms.Length; i++)
            {
                if (theirs[Fixed + i] != all[Count + Fixed + i]) Refuse(rank, $"has another {terms[i].Name} than rank 0; all ranks need the same");
            }
            if (theirs[1] != 0 && theirs[1] != TotalCount)
                Refuse(rank, $"says that its first row is {theirs[1]}; the ranks before it hold {TotalCount} points");
            if (rank == Rank) FirstPoint = TotalCount;
            _counts[rank] = (long)theirs[0];
            TotalCount += _counts[rank];
        }
        return true;
    }

    /// <summary>Gives this process's part of the tree for points of element type <typeparamref name="T"/>.</summary>
    public ShardPlan Plan<T>(bool hasGaps = false)
        where T : unmanaged
    {
        if (IsAlone) return ShardPlan.Alone<T>(TotalCount, _dimension, hasGaps);
        var whole = ShardPlan.WholeOf<T>(TotalCount, _dimension, hasGaps);
        if (Starts(whole) is not { } starts) return ShardPlan.Alone<T>(_counts[Rank], _dimension, hasGaps);
        var (first, end) = (starts[Rank], starts[Rank + 1]);
        var blocks = end > first ? Math.Min(whole.Blocks, whole.FirstBlock(end)) - whole.FirstBlock(first) : 0;
        return new ShardPlan(new BlockShape(whole.BlockPoints, blocks, end - first), whole, first, IsPart: true);
    }

    /// <summary>Exchanges votes alone, and throws in all ranks where one failed. Returns false when canceled.</summary>
    public bool Agree(bool canceled, Exception? failure = null)
    {
        if (IsAlone)
        {
            if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            return !canceled;
        }
        return Exchange(new double[Count], canceled, failure);
    }

    /// <summary>Does what may fail in one rank alone, and lets all fail together.</summary>
    public void Together(Action act)
    {
        Exception? failure = null;
        try
        {
            act();
        }
        catch (Exception e) when (!IsAlone)
        {
            failure = e;
        }
        Agree(canceled: false, failure);
    }

    /// <summary>Votes, and throws in all ranks where one has another number than rank 0. Returns false when canceled.</summary>
    public bool Same(string name, ulong number, bool canceled, Exception? failure = null)
    {
        if (IsAlone) return Agree(canceled, failure);
        var all = new double[2 * Count];
        (all[2 * Rank], all[2 * Rank + 1]) = (number >> 32, number & uint.MaxValue);
        if (!Sum(all, canceled, failure)) return false;
        for (var rank = 1; rank < Count; rank++)
        {
            if (all[2 * rank] != all[0] || all[2 * rank + 1] != all[1]) Refuse(rank, $"has another {name} than rank 0; all ranks need the same");
        }
        return true;
    }

    /// <summary>Keeps a failure for the next exchange, which then fails.</summary>
    public void FailNext(Exception failure) => _pending ??= failure;

    /// <summary>Sums <paramref name="values"/> over all ranks, in place, with the votes. Returns false when canceled.</summary>
    public bool Sum(Span<double> values, bool canceled, Exception? failure = null)
    {
        if (IsAlone) return Agree(canceled, failure);
        var all = Buffer(Count + values.Length);
        values.CopyTo(all[Count..]);
        if (!Exchange(all, canceled, failure)) return false;
        all[Count..].CopyTo(values);
        return true;
    }

    /// <summary>
    /// Folds the nodes of all ranks, in the order of the tree, into <paramref name="into"/>, and throws in all ranks where one failed. Returns false
    /// when canceled.
    /// </summary>
    public bool Reduce(StatisticsTree tree, ShardPlan plan, SufficientStatistics into, bool canceled, Exception? failure)
    {
        if (IsAlone)
        {
            if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            if (canceled) return false;
            if (tree.Nodes.Length == 0) into.Clear();
            else tree.Sums[0]!.Values.CopyTo(into.Values);
            return true;
        }

        var places = Places(plan, into);
        var all = Buffer(places.End);
        var mine = places.Mine;
        if (!canceled && failure is null && _pending is null)
        {
            foreach (var sum in tree.Sums)
            {
                sum!.Values.CopyTo(all[mine..]);
                mine += places.Length;
            }
        }
        if (!Exchange(all, canceled, failure)) return false;

        into.Clear();
        if (places.OfNodes.Count > 0) places.Fold(all, places.Top, into.Values);
        return true;
    }

    // One pass after the other asks for the same places.
    private NodePlaces Places(ShardPlan plan, SufficientStatistics into)
    {
        if (_places is { } known && known.Plan == plan && known.Length == into.Values.Length) return known;
        var (shards, nodes) = Layout(plan);
        return _places = new NodePlaces(plan, shards, nodes, Count, Rank, into.Values.Length);
    }

    // Gives the leaves of the tree, shards or ranks, and the nodes of each rank in it.
    private (int Shards, TreeNode[][] Nodes) Layout(ShardPlan plan)
    {
        var shards = plan.Whole.Shards;
        if (plan.IsPart && Starts(plan.Whole) is { } starts)
            return (shards, [.. Enumerable.Range(0, Count).Select(rank => StatisticsTree.NodesOf(shards, starts[rank], starts[rank + 1]))]);
        return (Count, [.. Enumerable.Range(0, Count).Select(rank => _counts[rank] > 0 ? new[] { new TreeNode(0, rank) } : [])]);
    }

    // Gives the first shard of each rank, or null where some part does not begin at a shard.
    private int[]? Starts(BlockShape whole)
    {
        var starts = new int[Count + 1];
        long first = 0;
        for (var rank = 0; rank < Count; rank++, first += _counts[rank - 1])
        {
            var shard = rank == 0 ? 0 : starts[rank - 1];
            while (shard < whole.Shards && whole.FirstBlock(shard) * whole.BlockPoints < first) shard++;
            if (first < TotalCount && whole.FirstBlock(shard) * whole.BlockPoints != first) return null;
            starts[rank] = shard;
        }
        starts[Count] = whole.Shards;
        return starts;
    }

    private Span<double> Buffer(int length)
    {
        if (_buffer.Length < length) _buffer = new double[length];
        var all = _buffer.AsSpan(0, length);
        all.Clear();
        return all;
    }

    // The first Count numbers are votes. Where one rank failed, all ranks receive its message before they throw.
    private bool Exchange(Span<double> all, bool canceled, Exception? failure)
    {
        failure ??= _pending;
        all[Rank] = failure is not null ? Failed : canceled ? Canceled : 0;
        _communicator!.AllReduce(all);
        var votes = all[..Count];
        if (votes.Contains(Failed))
        {
            var texts = new double[Count * MessageLength];
            if (failure is not null)
            {
                var message = failure.Message;
                for (var i = 0; i < Math.Min(message.Length, MessageLength); i++) texts[Rank * MessageLength + i] = message[i];
            }
            _communicator.AllReduce(texts);
            var rank = votes.IndexOf(Failed);
            var text = string.Concat(texts.AsSpan(rank * MessageLength, MessageLength).ToArray().TakeWhile(c => c != 0).Select(c => (char)c));
            throw new FailedRankException(rank, text, rank == Rank ? failure : null);
        }
        if (!votes.Contains(Canceled)) return true;
        CanceledRank = votes.IndexOf(Canceled);
        return false;
    }

    private static void Refuse(int rank, FormattableString message) =>
        throw new FailedRankException(rank, message.ToString(System.Globalization.CultureInfo.InvariantCulture), null);

    /// <summary>Places the nodes of all ranks in the reduced vector, and folds them. Keeps the memory of one fold.</summary>
    private sealed class NodePlaces
    {
        private readonly int _shards;
        private readonly double[]?[] _right;

        /// <summary>Makes the places.</summary>
        /// <param name="plan">Of this process.</param>
        /// <param name="shards">The leaves of the tree.</param>
        /// <param name="nodes">[ranks]: the nodes of each.</param>
        /// <param name="first">The first place.</param>
        /// <param name="rank">This process.</param>
        /// <param name="length">The numbers of a node.</param>
        public NodePlaces(ShardPlan plan, int shards, TreeNode[][] nodes, int first, int rank, int length)
        {
            (Plan, Length, _shards) = (plan, length, shards);
            Mine = first + nodes.Take(rank).Sum(list => list.Length) * length;
            foreach (var node in nodes.SelectMany(list => list)) OfNodes.Add(node, first + OfNodes.Count * length);
            End = checked(first + OfNodes.Count * length);
            var level = 0;
            while (StatisticsTree.Width(shards, level) > 1) level++;
            Top = new TreeNode(level, 0);
            _right = new double[]?[level + 1];
        }

        public ShardPlan Plan { get; }

        public int Length { get; }

        /// <summary>The first number of this process.</summary>
        public int Mine { get; }

        /// <summary>The number behind the last.</summary>
        public int End { get; }

        public TreeNode Top { get; }

        public Dictionary<TreeNode, int> OfNodes { get; } = [];

        /// <summary>Writes the sum of a node, left plus right.</summary>
        public void Fold(ReadOnlySpan<double> all, TreeNode node, Span<double> into)
        {
            if (OfNodes.TryGetValue(node, out var place))
            {
                all.Slice(place, into.Length).CopyTo(into);
                return;
            }
            if (node.Level == 0) return;
            Fold(all, node.Left, into);
            if (node.Left.Index + 1 >= StatisticsTree.Width(_shards, node.Level - 1)) return;
            var right = _right[node.Level] ??= new double[Length];
            right.AsSpan().Clear();
            Fold(all, node.Right, right);
            for (var i = 0; i < right.Length; i++) into[i] += right[i];
        }
    }
}
