using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Gmm.Data.Tests;

public class NpzTests
{
    private const string Damaged = "data.npz: the file is not a zip archive, or is damaged";

    private static readonly byte[] s_array = Samples.Npy("<f8", "(2, 2)", Samples.Bytes(1, 2, 3, 4));

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void OneArrayIsReadFromFilesAndPipes(CompressionLevel level)
    {
        var bytes = Zip(level, ("x.npy", s_array));
        foreach (var stream in new Stream[] { new MemoryStream(bytes), new Samples.Pipe(bytes, 5) })
        {
            var table = TableFile.Read(stream, "data.npz");
            Assert.Equal([1, 2, 3, 4], table.Values);
            Assert.Equal((2, 2), (table.Rows, table.Columns));
        }
    }

    [Fact]
    public void ColumnsAndWeightsHaveNumbers()
    {
        var bytes = Zip(("x.npy", Samples.Npy("<f8", "(2, 3)", Samples.Bytes(2, 5, 6, 0, double.NaN, 1))));
        var table = TableFile.Read(new MemoryStream(bytes), "data.npz", new() { Columns = ["3"], Weights = "1" });
        Assert.Equal([6], table.Values);
        Assert.Equal("data.npz: x.npy: no column is named 'a': a .npy file has no names; choose columns by number", Error(bytes, ["a"]));
    }

    [Fact]
    public void ManyMegabytesAreReadInPieces()
    {
        var values = Enumerable.Range(0, 300_001).Select(i => (double)i).ToArray();
        foreach (var level in new[] { CompressionLevel.NoCompression, CompressionLevel.Fastest })
        {
            var bytes = Zip(level, ("x.npy", Samples.Npy("<f8", "(300001,)", Samples.Bytes(values))));
            Assert.Equal(values, TableFile.Read(new MemoryStream(bytes), "data.npz").Values);
        }
    }

    [Fact]
    public void SeveralArraysAreNamed()
    {
        Assert.Equal("data.npz: the file holds 2 arrays, 'train', 'te\\nst'; Array chooses one",
            Error(Zip(("train.npy", s_array), ("te\nst.npy", s_array))));
        Assert.EndsWith("'19' and 30 more; Array chooses one",
            Error(Zip([.. Enumerable.Range(0, 50).Select(i => ($"{i}.npy", s_array))])));
    }

    [Fact]
    public void OtherEntriesAreRefused()
    {
        Assert.Equal("data.npz: the file holds no array; exactly one is required", Error(Zip()));
        Assert.Equal("data.npz: the file is a zip archive of 'notes.txt'; unpack it", Error(Zip(("notes.txt", s_array))));
        Assert.Equal("data.npz: 'folder/' is not a .npy file; Array chooses one that is", Error(Zip(("x.npy", s_array), ("folder/", []))));
        Assert.Equal("data.npz: x.npy: the file does not start as a .npy file does", Error(Zip(("x.npy", "1,2\n3,4\n5,6\n"u8.ToArray()))));
        Assert.Equal("data.npz: x.npy: the file is empty; a .npy array is required", Error(Zip(("x.npy", []))));
        Assert.Equal("data.npz: x.npy: row 1, column 1: Infinity is not finite",
            Error(Zip(("x.npy", Samples.Npy("<f8", "(1,)", Samples.Bytes(double.PositiveInfinity))))));
    }

    [Fact]
    public void FilesThatAreNoArchive()
    {
        var good = Zip(("x.npy", s_array));
        Assert.Equal(Damaged, Error([]));
        Assert.Equal(Damaged, Error(good[..^1]));
        Assert.Equal(Damaged, Error(good[..^30]));
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void EveryDamagedByteIsReadOrRefused(CompressionLevel level)
    {
        var good = Zip(level, ("x.npy", s_array));
        for (var i = 0; i < good.Length; i++)
        {
            foreach (var flip in new byte[] { 1, 0x80, 0xFF })
            {
                var bytes = good.ToArray();
                bytes[i] ^= flip;
                try
                {
                    // Dates and attributes mean nothing to an array; no damage changes its numbers.
                    Assert.Equal([1, 2, 3, 4], TableFile.Read(new MemoryStream(bytes), "data.npz").Values);
                }
                catch (TableFormatException e)
                {
                    Assert.StartsWith("data.npz: ", e.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void DamagedNumbersAreKnownByTheirChecksum()
    {
        var bytes = Zip(CompressionLevel.NoCompression, ("x.npy", s_array));
        bytes[bytes.AsSpan().IndexOf(Samples.Bytes(3))] ^= 1;
        Assert.Equal("data.npz: x.npy: the data are damaged: their CRC-32 is not that in the archive", Error(bytes));
    }

    [Fact]
    public void EncryptedArraysAreRefused()
    {
        var bytes = Zip(("x.npy", s_array));
        bytes[6] |= 1;
        bytes[Central(bytes) + 8] |= 1;
        Assert.Equal("data.npz: x.npy: the array is encrypted; one without a password is required", Error(bytes));
    }

    [Fact]
    public void OtherMethodsThanDeflateAreRefused()
    {
        var bytes = Zip(("x.npy", s_array));
        bytes[8] = bytes[Central(bytes) + 10] = 12;
        Assert.Equal("data.npz: x.npy: the array is damaged, or compressed by another method than deflate", Error(bytes));
    }

    [Theory]
    [InlineData(1 << 30, "the data end after {0} bytes; the archive promises 1073741824")]
    [InlineData(-1, "the data are damaged: their CRC-32 is not that in the archive")]
    public void APromisedSizeThatIsNotThatOfTheDataIsRefused(int change, string problem)
    {
        var bytes = Zip(("x.npy", s_array));
        var promised = change > 0 ? change : s_array.Length + change;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), promised);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Central(bytes) + 24), promised);
        Assert.Equal($"data.npz: x.npy: {string.Format(null, problem, s_array.Length)}", Error(bytes));
    }

    [Fact]
    public void MemoryIsTakenOnlyForDataThatAreThere()
    {
        // 64 MiB of zeros in 64 KiB: a bomb behind a small array, and an array that is mostly claimed.
        var zeros = new byte[64 << 20];
        var behind = Zip(("x.npy", Samples.Npy("<f8", "(1,)", zeros)));
        var claimed = Zip(("x.npy", Samples.Npy("<f8", "(2147483591,)", new byte[8])));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("data.npz: x.npy: bytes follow the end of the data; the shape takes 8", Error(behind));
        Assert.Equal("data.npz: x.npy: the data end after 8 bytes; the shape takes 17179868728", Error(claimed));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void TheChecksumIsThatOfZip(string text, uint expected)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        Assert.Equal(expected, Crc32.Append(0, bytes));
        Assert.Equal(expected, bytes.Aggregate(0u, (crc, one) => Crc32.Append(crc, [one])));
    }

    private static string Error(byte[] bytes, string[]? columns = null)
    {
        var fromFile = Samples.Error(() => TableFile.Read(new MemoryStream(bytes), "data.npz", Samples.Chosen(columns)));
        Assert.Equal(fromFile, Samples.Error(() => TableFile.Read(new Samples.Pipe(bytes, 300), "data.npz", Samples.Chosen(columns))));
        return fromFile;
    }

    private static int Central(byte[] bytes) => bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);

    private static byte[] Zip(params (string Name, byte[] Bytes)[] entries) => Zip(CompressionLevel.Optimal, entries);

    private static byte[] Zip(CompressionLevel level, params (string Name, byte[] Bytes)[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = archive.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }
}
