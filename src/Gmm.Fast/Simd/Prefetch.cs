using System.Runtime.Intrinsics.X86;

namespace Gmm.Fast.Simd;

/// <summary>
/// Memory that will be needed next, asked for in parts: all at once, the lines on their way from memory leave no room for those that the work at hand
/// takes from the second-level cache. A hint: where the processor takes none, nothing happens.
/// </summary>
/// <param name="start">Null for nothing.</param>
/// <param name="length">Numbers.</param>
internal readonly unsafe struct Prefetch<T>(T* start, long length)
    where T : unmanaged
{
    private const int CacheLine = 64;
    private const int Parts = 4;

    /// <summary>Brings one of four parts, from 0, to the second-level cache.</summary>
    public void Part(int part)
    {
        if (!Sse.IsSupported) return;
        var end = (byte*)(start + length * (part + 1) / Parts);
        for (var line = (byte*)(start + length * part / Parts); line < end; line += CacheLine) Sse.Prefetch1(line);
    }
}
