using Gmm.Data;

namespace Gmm.Fuzz;

/// <summary>Reads Parquet files, Arrow files and Arrow streams, from a file and from a pipe, which must agree.</summary>
internal static class ColumnarReading
{
    private static readonly string[] s_tokens = ["PAR1", "ARROW1", "\u00ff\u00ff\u00ff\u00ff", "\0\0", "\0\0\0\0\0\0\0\0", "x", "y", "double", "spark_schema"];

    /// <summary>
    /// Numbers of a byte and less stand for doubles. A compressed block begins with its unpacked length, and the libraries take so much from the pool, up to
    /// 2 GiB, before they unpack it.
    /// </summary>
    internal static Reader Reader { get; } = new(
        "columnar", s_tokens, typeof(TableFormatException),
        bytes => TableFile.Read(new MemoryStream(bytes), "data"),
        bytes => TableFile.Read(new Pipe(bytes), "data"),
        bytes => TableFile.Read(new MemoryStream(bytes), "data", new() { Columns = ["2", "1"], Missing = TableMissing.Drop }),
        bytes => TableFile.Read(new MemoryStream(bytes), "data", new() { Weights = "1" }))
    { Check = NpyReading.Check, BytesPerByte = 160, FixedBytes = 4L << 30 };
}
