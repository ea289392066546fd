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

    /// <summary>Brings part <paramref name="part"/> of <paramref name="parts"/> to the second-level cache.</summary>
    public void Part(int part, int parts)
    {
        if (!Sse.IsSupported) return;
        var end = (byte*)(start + length * (part + 1) / parts);
        for (var line = (byte*)(start + length * part / parts); line < end; line += CacheLine) Sse.Prefetch1(line);
    }
}
