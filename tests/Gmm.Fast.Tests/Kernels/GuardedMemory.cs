using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gmm.Fast.Tests.Kernels;

/// <summary>Names the end of some memory that lies at an inaccessible page.</summary>
public enum Edge
{
    Behind,
    InFront,
}

/// <summary>Holds numbers between two inaccessible pages; the last or the first of them lies at its page.</summary>
internal sealed unsafe class GuardedMemory<T> : IDisposable
    where T : unmanaged
{
    private readonly byte* _pages;
    private readonly nuint _length;

    public GuardedMemory(int length, Edge edge = Edge.Behind)
    {
        const int Read = 1, Write = 2, Private = 2;
        var anonymous = OperatingSystem.IsMacOS() ? 0x1000 : 0x20;
        var page = (nuint)Environment.SystemPageSize;
        var used = ((nuint)length * (nuint)Unsafe.SizeOf<T>() + page - 1) / page * page;
        _length = used + 2 * page;
        _pages = Pages.Map(null, _length, Read | Write, Private | anonymous, -1, 0);
        if ((nint)_pages == -1 || Pages.Protect(_pages, page, 0) != 0 || Pages.Protect(_pages + page + used, page, 0) != 0)
            throw new InvalidOperationException("no guarded memory");
        Edge = edge;
        Pointer = edge == Edge.InFront ? (T*)(_pages + page) : (T*)(_pages + page + used) - length;
        Count = length;
    }

    public Edge Edge { get; }

    public T* Pointer { get; }

    public int Count { get; }

    public Span<T> Span => new(Pointer, Count);

    /// <summary>As many of the numbers, those at the page.</summary>
    public T* At(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Count);
        return Edge == Edge.InFront ? Pointer : Pointer + Count - length;
    }

    public Span<T> Take(int length) => new(At(length), length);

    public void Dispose() => _ = Pages.Unmap(_pages, _length);
}

// Imports cannot be generic.
internal static unsafe partial class Pages
{
    [LibraryImport("libc", EntryPoint = "mmap")]
    public static partial byte* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    public static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    public static partial int Unmap(void* address, nuint length);
}
