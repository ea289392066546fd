namespace Gmm.Fast.Blocks;

/// <summary>
/// Holds consecutive points with gaps, sorted by pattern: groups of the points that have the same present dimensions, in the order of the data.
/// Groups with more present dimensions come first, of equals the one that appears first.
/// </summary>
internal sealed class GapRange<T>
    where T : unmanaged
{
    /// <summary>[groups x points x present dimensions of the group]: the present numbers, point after point.</summary>
    public T[] Numbers { get; set; } = [];

    /// <summary>[points], in the order of the numbers; not read where all weights are 1.</summary>
    public T[] Weights { get; set; } = [];

    /// <summary>[groups x words].</summary>
    public ulong[] Masks { get; set; } = [];

    /// <summary>[groups]: the number of points.</summary>
    public int[] Counts { get; set; } = [];

    /// <summary>[groups]: the number of present dimensions, at least 1.</summary>
    public int[] Present { get; set; } = [];

    public int Groups { get; set; }

    /// <summary>Whether some weight is not 1.</summary>
    public bool IsWeighted { get; set; }

    /// <summary>The number of points, without those of weight 0 and those without a value.</summary>
    public int Points { get; set; }

    /// <summary>The number of present values.</summary>
    public int Values { get; set; }

    /// <summary>Counts the bytes of a copy without spare room.</summary>
    public unsafe long Bytes => ((long)Values + (IsWeighted ? Points : 0)) * sizeof(T) + (long)Groups * (2 * sizeof(int) + sizeof(ulong));

    /// <summary>Copies the range without spare room.</summary>
    /// <param name="words">Words of a mask.</param>
    public GapRange<T> Copy(int words) => new()
    {
        Numbers = Numbers[..Values],
        Weights = IsWeighted ? Weights[..Points] : [],
        Masks = Masks[..(Groups * words)],
        Counts = Counts[..Groups],
        Present = Present[..Groups],
        Groups = Groups,
        IsWeighted = IsWeighted,
        Points = Points,
        Values = Values,
    };
}
