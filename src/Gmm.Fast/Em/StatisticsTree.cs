namespace Gmm.Fast.Em;

/// <summary>
/// Adds the statistics of shards as a fixed binary tree, in any order of completion. Node i of a level is the sum of nodes 2i and 2i + 1 of the
/// level below, left plus right. A node is added to its sibling as soon as both are complete, so about one per worker and level is in memory.
/// A process that holds some of the shards ends with the nodes whose siblings belong to other processes.
/// </summary>
internal sealed class StatisticsTree
{
    // Up to this many numbers are allocated before the first pass; larger statistics are allocated when a pass takes them.
    private const int ReadyNumbers = 1 << 20;

    private readonly SufficientStatistics _shape;
    private readonly int _shards;
    private readonly int _first;
    private readonly int _end;
    private readonly SufficientStatistics?[][] _waiting;
    private readonly Stack<SufficientStatistics> _free = new();
    private readonly Lock _gate = new();

    /// <summary>Makes the part of a tree that one process adds.</summary>
    /// <param name="shape">Statistics of the shape to add.</param>
    /// <param name="shards">The number of leaves of the tree.</param>
    /// <param name="first">The first leaf of this process.</param>
    /// <param name="end">The leaf behind its last.</param>
    /// <param name="workers">The most shards in work at the same time.</param>
    public StatisticsTree(SufficientStatistics shape, int shards, int first, int end, int workers = 1)
    {
        (_shape, _shards, _first, _end) = (shape, shards, first, end);
        Nodes = NodesOf(shards, first, end);
        Sums = new SufficientStatistics?[Nodes.Length];
        var levels = new List<SufficientStatistics?[]>();
        for (var nodes = shards; nodes > 1; nodes = (nodes + 1) / 2) levels.Add(new SufficientStatistics?[nodes / 2]);
        _waiting = [.. levels];
        var alive = Math.Min(end - first, workers * (levels.Count + 1));
        if ((long)alive * shape.Values.Length > ReadyNumbers) return;
        while (_free.Count < alive) _free.Push(Create());
    }

    /// <summary>The nodes that this process completes, from left to right.</summary>
    public TreeNode[] Nodes { get; }

    /// <summary>[nodes]: their sums after a pass.</summary>
    public SufficientStatistics?[] Sums { get; }

    /// <summary>Gives the nodes, as high as possible, that leaves [first, end) complete.</summary>
    public static TreeNode[] NodesOf(int shards, int first, int end)
    {
        var nodes = new List<TreeNode>();
        var top = 0;
        while (Width(shards, top) > 1) top++;
        if (shards > 0) Visit(new TreeNode(top, 0));
        return [.. nodes];

        void Visit(TreeNode node)
        {
            var (low, high) = (node.FirstLeaf, Math.Min(shards, node.EndLeaf));
            if (high <= first || low >= end) return;
            if (low >= first && high <= end)
            {
                nodes.Add(node);
                return;
            }
            Visit(node.Left);
            if (node.Left.Index + 1 < Width(shards, node.Level - 1)) Visit(node.Right);
        }
    }

    /// <summary>Counts the nodes of a level.</summary>
    public static int Width(int shards, int level) => (int)(((long)shards + (1L << level) - 1) >> level);

    /// <summary>Frees the sums of the last pass, complete or not.</summary>
    public void Reset()
    {
        foreach (var level in _waiting) Free(level);
        Free(Sums);
    }

    /// <summary>Gives empty statistics for one shard.</summary>
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

    /// <summary>Takes the finished statistics of a shard of this process, counted from 0 in the whole tree.</summary>
    public void Complete(int shard, SufficientStatistics statistics)
    {
        var node = new TreeNode(0, shard);
        for (var nodes = _shards; nodes > 1; nodes = (nodes + 1) / 2)
        {
            // The last node of an odd level has no sibling and becomes its parent.
            var other = node.Sibling;
            if (other.Index < nodes)
            {
                if (other.FirstLeaf < _first || Math.Min(_shards, other.EndLeaf) > _end) break;
                SufficientStatistics? sibling;
                lock (_gate)
                {
                    ref var place = ref _waiting[node.Level][node.Index / 2];
                    sibling = place;
                    place = sibling is null ? statistics : null;
                }
                if (sibling is null) return;
                var (left, right) = node.Index % 2 == 0 ? (statistics, sibling) : (sibling, statistics);
                left.AddValues(right);
                statistics = left;
                lock (_gate) _free.Push(right);
            }
            node = node.Parent;
        }
        Sums[Array.IndexOf(Nodes, node)] = statistics;
    }

    private void Free(Span<SufficientStatistics?> places)
    {
        foreach (ref var node in places)
        {
            if (node is not null) _free.Push(node);
            node = null;
        }
    }

    // The centers of a pass are those of its result.
    private SufficientStatistics Create() => new(_shape.Moments, _shape.Components, _shape.Dimension, hasCenters: false);
}

/// <summary>Names a node of the tree by its level above the leaves and its number from the left.</summary>
internal readonly record struct TreeNode(int Level, int Index)
{
    public TreeNode Left => new(Level - 1, 2 * Index);

    public TreeNode Right => new(Level - 1, 2 * Index + 1);

    public TreeNode Parent => new(Level + 1, Index / 2);

    public TreeNode Sibling => this with { Index = Index ^ 1 };

    public int FirstLeaf => Index << Level;

    public int EndLeaf => (Index + 1) << Level;
}
