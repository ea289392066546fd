using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gmm.Fast.Blocks;

/// <summary>
/// Hashes rows of numbers by folded products of 64 bits (the mixing of wyhash, Wang Yi). Rows that compare as equal have equal hashes, also where one
/// has 0 and the other -0.
/// </summary>
internal static class RowHash
{
    private const ulong Start = 0x2D358DCCAA6C78A5;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    /// <summary>Hashes one row [D] of finite numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var hash = Start;

        // -0 plus 0 is 0.
        foreach (var number in row) hash = Mix(hash ^ Bits(number + T.Zero));
        return hash;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits<T>(T number)
        where T : unmanaged =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<T, uint>(number) : Unsafe.BitCast<T, ulong>(number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, Multiplier, out var low);
        return high ^ low;
    }
}
