using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Gmm.Fast.Simd;

/// <summary>Prefetches single lines of memory.</summary>
internal static unsafe class Prefetch
{
    /// <summary>
    /// Prefetches the line of a number to the first-level cache, if the processor has the instruction. The collector may move an array meanwhile: then the
    /// wrong line comes, which changes only time.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line<T>(ref T number)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref number));
    }
}

/// <summary>
/// Prefetches memory in parts. All at once, its lines would leave no room for those that the current kernel takes from the second-level cache.
/// A processor without the instruction does nothing.
/// </summary>
/// <param name="start">[length]; null for nothing.</param>
/// <param name="length">Numbers.</param>
internal readonly unsafe struct Prefetch<T>(T* start, long length)
    where T : unmanaged
{
    private const int CacheLine = 64;
    private const int Parts = 4;

    /// <summary>Prefetches one of four parts, from 0, to the second-level cache.</summary>
    public void Part(int part)
    {
        if (!Sse.IsSupported) return;
        var end = (byte*)(start + length * (part + 1) / Parts);
        for (var line = (byte*)(start + length * part / Parts); line < end; line += CacheLine) Sse.Prefetch1(line);
    }
}
