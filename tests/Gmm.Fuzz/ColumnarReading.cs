using Gmm.Data;

namespace Gmm.Fuzz;

/// <summary>Reads Parquet files, Arrow files and Arrow streams, from a file and from a pipe, which must agree.</summary>
internal static class ColumnarReading
{
    private static readonly string[] s_tokens = ["PAR1", "ARROW1", "\u00ff\u00ff\u00ff\u00ff", "\0\0", "\0\0\0\0\0\0\0\0", "x", "y", "double", "spark_schema"];

    /// <summary>
    /// A compressed block begins with its unpacked length, and the libraries take so much before they unpack it: up to 64 MiB each, or 32,768 bytes for each
    /// of the file.
    /// </summary>
    internal static Reader Reader { get; } = new(
        "columnar", s_tokens, typeof(TableFormatException),
        bytes => TableFile.Read(new MemoryStream(bytes), "data"),
        bytes => TableFile.Read(new Pipe(bytes), "data"),
        bytes => TableFile.Read(new MemoryStream(bytes), "data", new() { Columns = ["2", "1"], Missing = TableMissing.Drop }),
        bytes => TableFile.Read(new MemoryStream(bytes), "data", new() { Weights = "1" }))
    { Check = NpyReading.Check, BytesPerByte = 1 << 17, FixedBytes = 1L << 29 };
}
