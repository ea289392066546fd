using Gmm.Data;

namespace Gmm.Fuzz;

/// <summary>Reads NumPy's archives, from a file and from a pipe, which must agree.</summary>
internal static class NpzReading
{
    private const string Name = "data.npz";

    private static readonly string[] s_tokens =
    [
        "PK\u0001\u0002", "PK\u0003\u0004", "PK\u0005\u0006", "PK\u0006\u0006", "PK\u0006\u0007",
        "\0\0", ".npy", "x.npy", "'shape': (8,)", "\u0093NUMPY",
    ];

    /// <summary>
    /// An entry of the archive's list takes 46 bytes, and some hundred as an object with its name. A pipe is held in memory. A byte of the entry may
    /// be up to 1,032 numbers, which are kept low by the size of the seeds.
    /// </summary>
    internal static Reader Reader { get; } = new(
        "npz", s_tokens, typeof(TableFormatException),
        bytes => TableFile.Read(new MemoryStream(bytes), Name),
        bytes => TableFile.Read(new Pipe(bytes), Name),
        bytes => TableFile.Read(new MemoryStream(bytes), Name, new() { Columns = ["2", "1"] }),
        bytes => TableFile.Read(new MemoryStream(bytes), Name, new() { Weights = "1" }))
    { Check = NpyReading.Check, BytesPerByte = 40 };
}
