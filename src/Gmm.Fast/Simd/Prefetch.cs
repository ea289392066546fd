using System.Runtime.Intrinsics.X86;

namespace Gmm.Fast.Simd;

/// <summary>Asks for memory that will be needed soon. A hint: where the processor takes none, nothing happens.</summary>
internal static unsafe class Prefetch
{
    private const int CacheLine = 64;

    /// <summary>Brings <paramref name="length"/> numbers to the second-level cache.</summary>
    public static void Lines<T>(T* start, long length)
        where T : unmanaged
    {
        if (!Sse.IsSupported) return;
        var end = (byte*)(start + length);
        for (var line = (byte*)start; line < end; line += CacheLine) Sse.Prefetch1(line);
    }
}
