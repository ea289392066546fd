namespace Gmm.Fast.Em;

/// <summary>
/// Adds the statistics of shards as a fixed binary tree, whichever is ready first: node i of a level is the sum of nodes 2i and 2i + 1 of the one
/// below, left plus right. A node is added to its sibling as soon as both are there, so of all shards only about one per worker and level is alive.
/// </summary>
internal sealed class StatisticsTree
{
    private readonly SufficientStatistics _result;
    private readonly int _shards;
    private readonly SufficientStatistics?[][] _waiting;
    private readonly Stack<SufficientStatistics> _free = new();
    private readonly Lock _gate = new();

    // Small statistics are made before the first pass, as many as may be alive at once; large ones when they are needed.
    private const int ReadyNumbers = 1 << 20;

    /// <param name="result">Receives the sum.</param>
    /// <param name="shards">Leaves of the tree.</param>
    /// <param name="workers">Shards in work at the same time.</param>
    public StatisticsTree(SufficientStatistics result, int shards, int workers = 1)
    {
        _result = result;
        _shards = shards;
        var levels = new List<SufficientStatistics?[]>();
        for (var nodes = shards; nodes > 1; nodes = (nodes + 1) / 2) levels.Add(new SufficientStatistics?[nodes / 2]);
        _waiting = [.. levels];
        var alive = Math.Min(shards, workers * (levels.Count + 1));
        if ((long)alive * result.Values.Length > ReadyNumbers) return;
        while (_free.Count < alive) _free.Push(Create());
    }

    /// <summary>Forgets what an interrupted pass has left.</summary>
    public void Reset()
    {
        foreach (var level in _waiting)
        {
            foreach (ref var node in level.AsSpan())
            {
                if (node is not null) _free.Push(node);
                node = null;
            }
        }
    }

    /// <summary>Empty statistics for one shard.</summary>
    public SufficientStatistics Rent()
    {
        SufficientStatistics? statistics;
        lock (_gate)
        {
            if (!_free.TryPop(out statistics)) statistics = Create();
        }
        statistics.Clear();
        return statistics;
    }

    /// <summary>Takes the finished statistics of a shard; the last one completes the result.</summary>
    public void Complete(int shard, SufficientStatistics statistics)
    {
        var (node, nodes) = (shard, _shards);
        foreach (var level in _waiting)
        {
            // The last node of an odd level has no sibling and goes up as it is.
            if ((node ^ 1) < nodes)
            {
                SufficientStatistics? sibling;
                lock (_gate)
                {
                    ref var place = ref level[node / 2];
                    sibling = place;
                    place = sibling is null ? statistics : null;
                }
                if (sibling is null) return;
                var (left, right) = node % 2 == 0 ? (statistics, sibling) : (sibling, statistics);
                left.Add(right);
                statistics = left;
                lock (_gate) _free.Push(right);
            }
            (node, nodes) = (node / 2, (nodes + 1) / 2);
        }
        statistics.Values.CopyTo(_result.Values);
        lock (_gate) _free.Push(statistics);
    }

    private SufficientStatistics Create() => new(_result.CovarianceType, _result.Components, _result.Dimension);
}
