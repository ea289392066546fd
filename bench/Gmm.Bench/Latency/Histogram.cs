namespace Gmm.Bench.Latency;

/// <summary>Counts times to the nanosecond.</summary>
internal sealed class Histogram
{
    private readonly SortedDictionary<long, long> _late = [];
    private readonly long[] _early = new long[1 << 14];

    public long Count { get; private set; }

    /// <summary>The longest time, ns.</summary>
    public long Longest => _late.Count > 0 ? _late.Keys.Last() : Array.FindLastIndex(_early, count => count > 0);

    /// <summary>Takes a time.</summary>
    /// <param name="nanoseconds">At least 0.</param>
    /// <param name="count">How many calls took so long.</param>
    public void Add(long nanoseconds, long count = 1)
    {
        Count += count;
        if (nanoseconds < _early.Length) _early[nanoseconds] += count;
        else _late[nanoseconds] = _late.GetValueOrDefault(nanoseconds) + count;
    }

    /// <summary>Gives the shortest time, ns, that a share of the calls did not exceed.</summary>
    /// <param name="share">Above 0, at most 1.</param>
    public long Quantile(double share)
    {
        var left = (long)Math.Ceiling(share * Count);
        for (var i = 0; i < _early.Length; i++)
        {
            left -= _early[i];
            if (left <= 0) return i;
        }
        foreach (var (nanoseconds, count) in _late)
        {
            left -= count;
            if (left <= 0) return nanoseconds;
        }
        throw new InvalidOperationException("nothing was counted");
    }
}
