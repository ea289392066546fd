using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Gmm.Fast.Internals;

namespace Gmm.Fast.Blocks;

/// <summary>
/// Works with patterns of present dimensions. In a mask, bit j mod 64 of word j / 64 is set where dimension j has a value; NaN stands for none.
/// </summary>
internal static class GapMask
{
    private const int WordBits = 64;

    /// <summary>Counts the words of a mask.</summary>
    public static int Words(int dimension) => (dimension + WordBits - 1) / WordBits;

    /// <summary>Writes the mask of a point and returns the number of its present dimensions.</summary>
    /// <param name="point">[D].</param>
    /// <param name="mask">[<see cref="Words"/>], receives the mask.</param>
    public static int Of<T>(ReadOnlySpan<T> point, Span<ulong> mask)
        where T : INumberBase<T>
    {
        var present = 0;
        for (int word = 0, j = 0; word < mask.Length; word++)
        {
            ulong bits = 0;
            for (var bit = 0; bit < WordBits && j < point.Length; bit++, j++)
            {
                if (!T.IsNaN(point[j])) bits |= 1UL << bit;
            }
            mask[word] = bits;
            present += BitOperations.PopCount(bits);
        }
        return present;
    }

    /// <summary>Tells whether dimension <paramref name="j"/> is present.</summary>
    public static bool Has(ReadOnlySpan<ulong> mask, int j) => (mask[j / WordBits] >> (j % WordBits) & 1) != 0;

    /// <summary>Writes the present dimensions, ascending, then the missing ones, and returns the number of the present ones.</summary>
    /// <param name="mask">[<see cref="Words"/>].</param>
    /// <param name="order">[D], receives the dimensions.</param>
    public static int Split(ReadOnlySpan<ulong> mask, Span<int> order)
    {
        var present = 0;
        for (var j = 0; j < order.Length; j++)
        {
            if (Has(mask, j)) order[present++] = j;
        }
        for (int j = 0, at = present; j < order.Length; j++)
        {
            if (!Has(mask, j)) order[at++] = j;
        }
        return present;
    }

    /// <summary>Gives a number that differs for most masks.</summary>
    public static int Hash(ReadOnlySpan<ulong> mask)
    {
        ulong hash = 1;
        foreach (var word in mask) hash = Xoshiro256.Hash(hash ^ word);
        return (int)hash;
    }

    /// <summary>Compares masks as keys, which a span finds without a copy.</summary>
    public sealed class Comparer : IEqualityComparer<ulong[]>, IAlternateEqualityComparer<ReadOnlySpan<ulong>, ulong[]>
    {
        public bool Equals(ulong[]? x, ulong[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] ulong[] mask) => Hash(mask);

        public bool Equals(ReadOnlySpan<ulong> alternate, ulong[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<ulong> alternate) => Hash(alternate);

        public ulong[] Create(ReadOnlySpan<ulong> alternate) => alternate.ToArray();
    }
}
