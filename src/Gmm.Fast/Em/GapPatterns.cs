using Gmm.Fast.Blocks;

namespace Gmm.Fast.Em;

/// <summary>
/// Counts the ranges that have a pattern. A pattern of one range is factored once per iteration in any case. So those of several ranges are worth
/// memory for their factors. Past a limit, further patterns are not counted and count as those of one range.
/// </summary>
internal sealed class GapPatterns
{
    /// <summary>The most patterns that are counted.</summary>
    public const int Limit = 1 << 16;

    private readonly Dictionary<ulong[], int> _ranges = new(new GapMask.Comparer());
    private readonly Lock _gate = new();
    private long _uses;

    /// <summary>The number of patterns that were counted.</summary>
    public int Count => _ranges.Count;

    /// <summary>The number of groups: patterns, each counted once per range that has it.</summary>
    public long Uses => _uses;

    /// <summary>The number of times that a pass factors a pattern: once for a pattern of several ranges, otherwise where it is met.</summary>
    public long Factorings => _uses - _ranges.Values.Sum(count => (long)count - 1);

    /// <summary>Counts the patterns of one range.</summary>
    /// <param name="masks">[groups x words].</param>
    /// <param name="groups">The number of patterns.</param>
    /// <param name="words">Words of a mask.</param>
    public void Add(ReadOnlySpan<ulong> masks, int groups, int words)
    {
        lock (_gate)
        {
            _uses += groups;
            var ranges = _ranges.GetAlternateLookup<ReadOnlySpan<ulong>>();
            for (var group = 0; group < groups; group++)
            {
                var mask = masks.Slice(group * words, words);
                if (ranges.TryGetValue(mask, out var count)) ranges[mask] = count + 1;
                else if (_ranges.Count < Limit) ranges[mask] = 1;
            }
        }
    }

    /// <summary>Lists the patterns with gaps that several ranges have, those of most ranges first.</summary>
    /// <param name="dimension">D.</param>
    public IEnumerable<ulong[]> Repeated(int dimension)
    {
        var order = new int[dimension];
        return _ranges.Where(pair => pair.Value > 1 && GapMask.Split(pair.Key, order) < dimension).OrderByDescending(pair => pair.Value).Select(pair => pair.Key);
    }
}
