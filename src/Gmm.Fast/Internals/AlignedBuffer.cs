using System.Runtime.InteropServices;

namespace Gmm.Fast.Internals;

/// <summary>Holds native memory on cache-line boundaries. Managed pools give no alignment, and a vector across two lines costs two reads.</summary>
internal sealed unsafe class AlignedBuffer<T> : IDisposable
    where T : unmanaged
{
    private const int CacheLine = 64;

    public AlignedBuffer(long length)
    {
        Length = length;
        var bytes = (nuint)Math.Max(1, length) * (nuint)sizeof(T);
        Pointer = (T*)NativeMemory.AlignedAlloc(bytes, CacheLine);
        LargePages.Ask(Pointer, bytes);
        Poison();
    }

    ~AlignedBuffer() => Free();

    public T* Pointer { get; private set; }

    public long Length { get; }

    /// <summary>[Length].</summary>
    public Span<T> Span => new(Pointer, checked((int)Length));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    // All bits set is a NaN in both element types, so a value that is read before it is written shows.
    [System.Diagnostics.Conditional("DEBUG")]
    private void Poison() => NativeMemory.Fill(Pointer, (nuint)Length * (nuint)sizeof(T), 0xFF);

    private void Free()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}
