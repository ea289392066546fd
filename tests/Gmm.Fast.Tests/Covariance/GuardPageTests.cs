using System.Runtime.InteropServices;
using Gmm.Fast.Data;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Covariance;

/// <summary>Kernels on buffers that end where the memory ends: one number too far, and the process is gone.</summary>
public unsafe class GuardPageTests
{
    [Theory]
    [InlineData("full")]
    [InlineData("tied")]
    [InlineData("diag")]
    [InlineData("spherical")]
    public void KernelsStayInsideTheirBuffers(string type)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses mmap and mprotect");
        foreach (var d in (int[])[1, 2, 3, 4, 5, 7, 8, 13, 16])
        {
            foreach (var count in (int[])[1, 31, 32, 33, 64])
            {
                var problem = Blobs.Build(seed: d, count, d, k: 2, type);
                var parameters = problem.Model().Parameters;
                var stride = Kernels.Padded(count);
                using var x = new GuardedDoubles(stride * d);
                using var scratch = new GuardedDoubles(2 * stride * d);
                using var joint = new GuardedDoubles(stride * 2);
                using var center = new GuardedDoubles(d);
                using var moments = new GuardedDoubles(1 + d + parameters.Covariance.SecondMomentLength(d));
                problem.Means.AsSpan(0, d).CopyTo(center.Span);
                foreach (var width in Kernels.Widths)
                {
                    var block = BlockPacker.Pack(problem.Data, d, x.Pointer, stride, stride);
                    Kernels.Distances(width, block, parameters, scratch.Pointer, joint.Pointer);
                    moments.Span.Clear();
                    Kernels.Accumulate(width, Adapters.Type(type), block, joint.Pointer + stride, center.Pointer, scratch.Pointer, moments.Pointer);
                    Assert.True(moments.Span[0] > 0);
                }
            }
        }
    }

    [Fact]
    public void RowsAtTheEndOfMemoryCanBeScoredAndFitted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses mmap and mprotect");
        foreach (var type in Layout.CovarianceTypes)
        {
            var problem = Blobs.Build(seed: 3, n: 401, d: 3, k: 2, type);
            using var rows = new GuardedDoubles(problem.Data.Length);
            problem.Data.CopyTo(rows.Span);
            Measures.SameBits(problem.Fit(), MixtureFit.Fit(rows.Span, 3, problem.Options()));
            var point = rows.Span[^3..];
            Assert.Equal(problem.Model().LogDensity(problem.Data.AsSpan()[^3..]), problem.Model().LogDensity(point));
        }
    }
}

/// <summary>Doubles whose last one is followed by a page that must not be touched.</summary>
internal sealed unsafe partial class GuardedDoubles : IDisposable
{
    private readonly byte* _pages;
    private readonly nuint _length;

    public GuardedDoubles(int length)
    {
        const int Read = 1, Write = 2, Private = 2;
        var anonymous = OperatingSystem.IsMacOS() ? 0x1000 : 0x20;
        var page = (nuint)Environment.SystemPageSize;
        var used = ((nuint)length * sizeof(double) + page - 1) / page * page;
        _length = used + page;
        _pages = Map(null, _length, Read | Write, Private | anonymous, -1, 0);
        if ((nint)_pages == -1 || Protect(_pages + used, page, 0) != 0) throw new InvalidOperationException("no guarded memory");
        Pointer = (double*)(_pages + used) - length;
        Count = length;
    }

    public double* Pointer { get; }

    public int Count { get; }

    public Span<double> Span => new(Pointer, Count);

    public void Dispose() => _ = Unmap(_pages, _length);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
