using System.IO.Compression;
using System.Text;
using ZstdSharp;

namespace Gmm.Data.Tests;

/// <summary>Files that are compressed, whatever their name, from a file and from a pipe.</summary>
public class CompressedTests
{
    private static readonly byte[] s_text = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i % 7},{i % 11}.5\n")));

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public void TextAndArraysAreUnpacked(string method)
    {
        var array = Samples.Npy("<f8", "(2, 2)", Samples.Bytes(1, 2, 3, 4));
        foreach (var name in new[] { "data.csv.gz", "data.csv", "data" })
        {
            var packed = Pack(s_text, method);
            foreach (var stream in new Stream[] { new MemoryStream(packed), new Samples.Pipe(packed, 100) })
            {
                var table = TableFile.Read(stream, name);
                Assert.Equal((5000, 2), (table.Rows, table.Columns));
                Assert.Equal(["a", "b"], table.ColumnNames);
            }
        }

        Assert.Equal([1, 2, 3, 4], TableFile.Read(new MemoryStream(Pack(array, method)), "data.npy.gz").Values);
        Assert.Equal("x: the file is compressed twice; unpack it once", Samples.Error(() => TableFile.Read(new MemoryStream(Pack(Pack(s_text, method), method)), "x")));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public void DamagedAndCutFilesAreRefused(string method)
    {
        var packed = Pack(s_text, method);
        foreach (var length in new[] { packed.Length - 1, packed.Length / 2, 12 })
        {
            Assert.Equal($"x.gz: the file is compressed by {method}, and is damaged or cut off",
                Samples.Error(() => TableFile.Read(new MemoryStream(packed[..length]), "x.gz")));
        }

        for (var i = 4; i < packed.Length; i += 7)
        {
            var damaged = packed.ToArray();
            damaged[i] ^= 0x55;
            try
            {
                // A date or a flag means nothing; no damage changes the numbers.
                Assert.Equal(5000, TableFile.Read(new MemoryStream(damaged), "x.gz").Rows);
            }
            catch (TableFormatException e)
            {
                Assert.StartsWith("x.gz", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void MembersFollowEachOther()
    {
        byte[] parts = [.. Pack("a,b\n1,2\n"u8.ToArray(), "gzip"), .. Pack([], "gzip"), .. Pack("3,4\n"u8.ToArray(), "gzip")];
        foreach (var stream in new Stream[] { new MemoryStream(parts), new Samples.Pipe(parts, 5), new Samples.Pipe(parts, 1) })
        {
            Assert.Equal([1, 2, 3, 4], TableFile.Read(stream, "x").Values);
        }

        // The name of the file, a comment and more may stand in the header; zeros may follow the last member.
        byte[] named = [0x1F, 0x8B, 8, 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9, (byte)'n', 0, (byte)'c', 0, .. Pack("5,6\n"u8.ToArray(), "gzip")[10..], 0, 0, 0];
        Assert.Equal([5, 6], TableFile.Read(new MemoryStream(named), "x").Values);
        Assert.Equal("x: the file is compressed by gzip, and is damaged or cut off", Samples.Error(() => TableFile.Read(new MemoryStream(parts[..^2]), "x")));
    }

    [Fact]
    public void WhatFollowsTheLastMemberOfGzipIsNoSilentLoss()
    {
        const string Follow = "x: the file is compressed by gzip, and bytes that are no part of it follow its end; it is damaged, or was put together with something else";
        byte[] packed = [.. Pack("a,b\n1,2\n"u8.ToArray(), "gzip"), .. Pack("3,4\n"u8.ToArray(), "gzip")];
        Assert.Equal([1, 2, 3, 4], TableFile.Read(new MemoryStream([.. packed, .. new byte[600]]), "x").Values);
        foreach (var rest in (byte[][])[[1], "5,6\n"u8.ToArray(), [.. new byte[600], 7], Pack("5,6\n"u8.ToArray(), "gzip")[..8], [0x1F, .. Pack("5,6\n"u8.ToArray(), "gzip")]])
            Assert.Equal(Follow, Samples.Error(() => TableFile.Read(new MemoryStream([.. packed, .. rest]), "x")));
        var first = Pack("a,b\n1,2\n"u8.ToArray(), "gzip").Length;
        for (var i = first; i < packed.Length; i++)
        {
            if (i - first is >= 3 and < 10) continue;
            var damaged = packed.ToArray();
            damaged[i] ^= 0x55;
            Assert.StartsWith("x: the file is compressed by gzip, and ", Samples.Error(() => TableFile.Read(new MemoryStream(damaged), "x")));
        }
    }

    [Fact]
    public void ABombTakesNoMemory()
    {
        // A gigabyte of line ends in a megabyte.
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var ends = new byte[1 << 20];
            Array.Fill(ends, (byte)'\n');
            for (var i = 0; i < 1 << 10; i++)
            {
                gzip.Write(ends);
            }
        }

        packed.Position = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("x: the file has only blank lines; rows of numbers are required", Samples.Error(() => TableFile.Read(packed, "x")));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128 << 20);
    }

    private static byte[] Pack(byte[] bytes, string method)
    {
        using var packed = new MemoryStream();
        using (Stream stream = method == "gzip" ? new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true) : Zstd(packed))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }

    private static CompressionStream Zstd(Stream packed)
    {
        var stream = new CompressionStream(packed, leaveOpen: true);
        stream.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return stream;
    }
}
