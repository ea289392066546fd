using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;

namespace Gmm.Fast.Em;

/// <summary>
/// Takes the points of one start out of a pass over all points: those of given numbers, or of weighted points those with the largest keys, which
/// <see cref="PointKeys"/> draws. Several workers fill it at once; the order of the sample does not depend on them.
/// </summary>
internal abstract unsafe class SampleRequest(int dimension)
{
    protected int Dimension { get; } = dimension;

    /// <summary>The most numbers that the request holds.</summary>
    public abstract long Numbers { get; }

    /// <summary>Takes the requested points of a block.</summary>
    /// <param name="block">The points.</param>
    /// <param name="first">The number of the block's first point in the whole data set.</param>
    public abstract void Take(in PointBlock<double> block, long first);

    /// <summary>Joins the parts of all processes and gives the sample; null when canceled.</summary>
    public abstract Sample? Complete(RankGroup ranks, bool canceled);

    /// <summary>Copies one point of a block to <paramref name="row"/> [D].</summary>
    protected void Copy(in PointBlock<double> block, int point, Span<double> row)
    {
        for (var j = 0; j < Dimension; j++) row[j] = block.X[(nint)j * block.Stride + point];
    }
}

/// <summary>Holds the points of a start, or views all points of a fit.</summary>
internal sealed class Sample
{
    private readonly double[] _rows = [];

    /// <summary>Holds points.</summary>
    /// <param name="rows">[Count x D].</param>
    /// <param name="weights">[Count], or null where points have none.</param>
    /// <param name="dimension">D.</param>
    public Sample(double[] rows, double[]? weights, int dimension) =>
        (_rows, Weights, Dimension, Count) = (rows, weights, dimension, rows.Length / dimension);

    /// <summary>Views all points of a source in memory.</summary>
    public Sample(PointSource<double> whole) => (Whole, Dimension, Count) = (whole, whole.Dimension, checked((int)whole.PointCount));

    /// <summary>The source whose points these all are, in memory and without weights; null where the sample has points of its own.</summary>
    public PointSource<double>? Whole { get; }

    /// <summary>[Count x D].</summary>
    public ReadOnlySpan<double> Rows => Whole is null ? _rows : Whole.Read(0, Count, default);

    /// <summary>[Count], or null where points have none.</summary>
    public double[]? Weights { get; }

    /// <summary>D.</summary>
    public int Dimension { get; }

    public int Count { get; }

    /// <summary>Gives <paramref name="count"/> of the points, spread evenly over their order; all where there are no more.</summary>
    public Sample Thin(int count)
    {
        if (count >= Count) return this;
        var (rows, weights) = (new double[count * Dimension], Weights is null ? null : new double[count]);
        for (var i = 0; i < count; i++)
        {
            var from = (int)((long)i * Count / count);
            Rows.Slice(from * Dimension, Dimension).CopyTo(rows.AsSpan(i * Dimension));
            weights?[i] = Weights![from];
        }
        return new Sample(rows, weights, Dimension);
    }
}

/// <summary>Takes points of given numbers, in the order given.</summary>
/// <param name="indices">[count], all different; null for all points, as many as <paramref name="count"/>.</param>
/// <param name="count">Points of the sample.</param>
/// <param name="dimension">D.</param>
internal sealed unsafe class NumberedSample(long[]? indices, int count, int dimension) : SampleRequest(dimension)
{
    private readonly double[] _rows = new double[checked(count * dimension)];
    private readonly (long Index, int Place)[] _sorted =
        indices is null ? [] : [.. indices.Select((index, place) => (index, place)).OrderBy(pair => pair.index)];

    public override long Numbers => _rows.Length;

    public override void Take(in PointBlock<double> block, long first)
    {
        if (indices is null)
        {
            for (var p = 0; p < block.Count && first + p < count; p++) Copy(block, p, _rows.AsSpan((int)(first + p) * Dimension, Dimension));
            return;
        }
        var (low, high) = (0, _sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_sorted[middle].Index < first) low = middle + 1;
            else high = middle;
        }
        for (; low < _sorted.Length && _sorted[low].Index < first + block.Count; low++)
            Copy(block, (int)(_sorted[low].Index - first), _rows.AsSpan(_sorted[low].Place * Dimension, Dimension));
    }

    // Every point is in one process, and 0 in the others.
    public override Sample? Complete(RankGroup ranks, bool canceled) => ranks.Sum(_rows, canceled) ? new Sample(_rows, null, Dimension) : null;
}

/// <summary>Views all points of a source in memory, and takes none.</summary>
internal sealed class WholeSample(PointSource<double> source) : SampleRequest(source.Dimension)
{
    public override long Numbers => 0;

    public override void Take(in PointBlock<double> block, long first)
    {
    }

    public override Sample? Complete(RankGroup ranks, bool canceled) => canceled ? null : new Sample(source);
}

/// <summary>Takes the weighted points with the largest keys.</summary>
/// <param name="keys">Draws the keys.</param>
/// <param name="count">Points of the sample, at most.</param>
/// <param name="dimension">D.</param>
internal sealed unsafe class KeyedSample(PointKeys keys, int count, int dimension) : SampleRequest(dimension)
{
    // One more than the sample: its key is the threshold of the weights.
    private readonly int _kept = count + 1;
    private readonly PriorityQueue<(long Index, double Key, double Weight, double[] Row), (double Key, long Index)> _best =
        new(Comparer<(double Key, long Index)>.Create((a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : b.Index.CompareTo(a.Index)));

    private readonly HashSet<long> _members = [];
    private readonly Lock _gate = new();
    private double _threshold;

    public override long Numbers => (long)_kept * Dimension;

    public override void Take(in PointBlock<double> block, long first)
    {
        for (var p = 0; p < block.Count; p++)
        {
            var (index, weight) = (first + p, block.Weights is null ? 1 : block.Weights[p]);
            var key = keys.Of(index, weight);
            if (key < Volatile.Read(ref _threshold)) continue;
            var row = new double[Dimension];
            Copy(block, p, row);
            lock (_gate) Add((index, key, weight, row));
        }
    }

    public override Sample? Complete(RankGroup ranks, bool canceled)
    {
        if (!ranks.IsAlone && !Gather(ranks, canceled)) return null;
        if (canceled) return null;
        var sorted = _best.UnorderedItems.Select(item => item.Element).OrderByDescending(point => point.Key).ThenBy(point => point.Index).ToList();
        var threshold = sorted.Count > count ? sorted[count].Key : 0;
        var taken = sorted.Take(count).ToList();
        if (keys.EstimatesSums) taken.Sort((a, b) => a.Index.CompareTo(b.Index));
        return new Sample(
            [.. taken.SelectMany(point => point.Row)],
            [.. taken.Select(point => keys.EstimatesSums ? Math.Max(point.Weight, threshold) : point.Weight)], Dimension);
    }

    private void Add((long Index, double Key, double Weight, double[] Row) point)
    {
        // The E-step may repeat a pass.
        if (!_members.Add(point.Index)) return;
        _best.Enqueue(point, (point.Key, point.Index));
        if (_best.Count > _kept) _members.Remove(_best.Dequeue().Index);
        if (_best.Count == _kept) Volatile.Write(ref _threshold, _best.Peek().Key);
    }

    // Exchanges the candidates of all ranks side by side, each as 1, its index, key, weight and point, or as zeros.
    private bool Gather(RankGroup ranks, bool canceled)
    {
        var length = 4 + Dimension;
        var all = new double[checked(ranks.Count * _kept * length)];
        var at = ranks.Rank * _kept * length;
        foreach (var (point, _) in _best.UnorderedItems)
        {
            (all[at], all[at + 1], all[at + 2], all[at + 3]) = (1, point.Index, point.Key, point.Weight);
            point.Row.CopyTo(all, at + 4);
            at += length;
        }
        if (!ranks.Sum(all, canceled)) return false;
        _best.Clear();
        _members.Clear();
        for (at = 0; at < all.Length; at += length)
        {
            if (all[at] == 1) Add(((long)all[at + 1], all[at + 2], all[at + 3], all[(at + 4)..(at + length)]));
        }
        return true;
    }
}

/// <summary>
/// Draws random keys of weighted points, each from a point's number alone. A sample is the points with the largest keys.
/// With key = weight / uniform, each point of the sample gets the larger of its weight and the next key as its weight. Then the sample estimates
/// every sum over all points without bias (Duffield, Lund and Thorup, Priority sampling for estimation of arbitrary subset sums, JACM 54, 2007).
/// With key = weight / exponential, the sample is a draw without replacement, each next point with probability by weight (Efraimidis and Spirakis,
/// Weighted random sampling with a reservoir, IPL 97, 2006).
/// </summary>
/// <param name="seed">Seed of the fit.</param>
/// <param name="stream">Number of the start.</param>
/// <param name="estimatesSums">Whether keys are weight / uniform.</param>
internal sealed class PointKeys(long seed, int stream, bool estimatesSums)
{
    private readonly ulong _start = Xoshiro256.Hash(Xoshiro256.Hash((ulong)seed) + (ulong)stream);

    public bool EstimatesSums => estimatesSums;

    /// <summary>Draws the key of a point from its number in the whole data set.</summary>
    public double Of(long index, double weight)
    {
        // In (0, 1], so that no division is by 0.
        var uniform = 1 - Xoshiro256.ToDouble(Xoshiro256.Hash(unchecked(_start + (ulong)index)));
        return estimatesSums ? weight / uniform : weight / Math.Max(-Model.Parameters.Log(uniform), double.Epsilon);
    }
}
