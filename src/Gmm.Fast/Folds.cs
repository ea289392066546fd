using CommunityToolkit.HighPerformance.Buffers;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>
/// Divides N points into F parts of N / F points, rounded down or up, for a cross-validation: of each run of F consecutive points every part gets one,
/// dealt at random. So each part has points from everywhere in data that are sorted.
/// </summary>
/// <param name="count">F, the number of parts.</param>
/// <param name="seed">Another seed deals otherwise.</param>
internal sealed class Folds(int count, long seed)
{
    private readonly ulong _start = Xoshiro256.Hash(unchecked((ulong)seed));

    /// <summary>The number of parts.</summary>
    public int Count => count;

    /// <summary>Writes the parts of consecutive points.</summary>
    /// <param name="first">The number of the first point.</param>
    /// <param name="parts">[points]: receives the numbers of their parts, from 0.</param>
    public void Of(long first, Span<int> parts)
    {
        using var dealt = SpanOwner<int>.Allocate(count);
        while (!parts.IsEmpty)
        {
            var (run, skipped) = Math.DivRem(first, count);
            Deal((ulong)run, dealt.Span);
            var taken = Math.Min(count - (int)skipped, parts.Length);
            dealt.Span.Slice((int)skipped, taken).CopyTo(parts);
            first += taken;
            parts = parts[taken..];
        }
    }

    // Shuffles the parts (Durstenfeld, Algorithm 235, CACM 7, 1964) by bits that depend on seed and run alone.
    private void Deal(ulong run, Span<int> parts)
    {
        var begin = Xoshiro256.Hash(unchecked(_start + run));
        for (var i = 0; i < parts.Length; i++)
        {
            var other = (int)Math.BigMul(Xoshiro256.Hash(unchecked(begin + (ulong)i)), (ulong)(i + 1), out _);
            parts[i] = parts[other];
            parts[other] = i;
        }
    }
}
