using System.Text;

namespace Gmm.Data.Tests;

/// <summary>Inputs made from text, and the two ways of offering bytes: a file (can seek) and a pipe (cannot, and gives little at a time).</summary>
internal static class Samples
{
    internal static NumericTable ReadCsv(string text, string[]? columns = null, char? separator = null) =>
        TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "data.csv", new() { Columns = columns, Separator = separator });

    internal static string CsvError(string text, string[]? columns = null, char? separator = null) =>
        CsvError(Encoding.UTF8.GetBytes(text), columns, separator);

    internal static string CsvError(byte[] bytes, string[]? columns = null, char? separator = null)
    {
        var fromFile = Error(() => TableFile.Read(new MemoryStream(bytes), "data.csv", new() { Columns = columns, Separator = separator }));
        Assert.Equal(fromFile, Error(() => TableFile.Read(new Pipe(bytes, 3), "data.csv", new() { Columns = columns, Separator = separator })));
        return fromFile;
    }

    internal static string NpyError(byte[] bytes, string[]? columns = null)
    {
        var fromFile = Error(() => TableFile.Read(new MemoryStream(bytes), "data.npy", Chosen(columns)));
        Assert.Equal(fromFile, Error(() => TableFile.Read(new Pipe(bytes, 3), "data.npy", Chosen(columns))));
        return fromFile;
    }

    internal static TableOptions Chosen(string[]? columns) => new() { Columns = columns };

    internal static string Error(Action action)
    {
        var message = Assert.Throws<TableFormatException>(action).Message;
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain('\r', message);
        return message;
    }

    /// <summary>A .npy file put together by hand.</summary>
    internal static byte[] Npy(string dictionary, byte[] data, byte major = 1)
    {
        var header = Encoding.UTF8.GetBytes(dictionary + "\n");
        var length = major == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes((uint)header.Length);
        return [0x93, .. "NUMPY"u8, major, 0, .. length, .. header, .. data];
    }

    internal static byte[] Npy(string descr, string shape, byte[] data, bool fortran = false) =>
        Npy($"{{'descr': '{descr}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': {shape}, }}", data);

    internal static byte[] Bytes(params double[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    /// <summary>A stream that cannot seek and returns at most <paramref name="step"/> bytes per read.</summary>
    internal sealed class Pipe(byte[] bytes, int step) : Stream
    {
        private readonly MemoryStream _inner = new(bytes);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer) => _inner.Read(buffer[..Math.Min(step, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
