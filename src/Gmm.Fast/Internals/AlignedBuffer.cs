using System.Runtime.InteropServices;

namespace Gmm.Fast.Internals;

/// <summary>Native memory on cache-line boundaries; the managed pools give no alignment, and a vector across two lines costs twice.</summary>
internal sealed unsafe class AlignedBuffer<T> : IDisposable
    where T : unmanaged
{
    private const int CacheLine = 64;

    public AlignedBuffer(long length)
    {
        Length = length;
        Pointer = (T*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, length) * (nuint)sizeof(T), CacheLine);
        Poison();
    }

    ~AlignedBuffer() => Free();

    public T* Pointer { get; private set; }

    public long Length { get; }

    public Span<T> Span => new(Pointer, checked((int)Length));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    // All bits set is a NaN in both element types: a value used before it was written shows at once.
    [System.Diagnostics.Conditional("DEBUG")]
    private void Poison() => NativeMemory.Fill(Pointer, (nuint)Length * (nuint)sizeof(T), 0xFF);

    private void Free()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}
