using Gmm.Data;

namespace Gmm.Fuzz;

/// <summary>NumPy's arrays, from a file and from a pipe, which must agree.</summary>
internal static class NpyReading
{
    private const string Name = "data.npy";

    private static readonly string[] s_tokens =
    [
        "'descr': '<f8'", "'fortran_order': True", "'shape': (1, 8)", "'shape': (8,)", "(", ")", ",", "L", "{", "}", "'", "\"", ":", "True", "False",
        "'|u1'", "'>f4'", "'<i2'", "'|O'", "[('x', '<f8')]", "-", "\n", " ", "\u0093NUMPY",
    ];

    /// <summary>
    /// A byte may be a number, which is 8 bytes as a double; put from columns into rows there are two of them, and 4 bytes name each column. With
    /// weights a row of two bytes has its number and its weight besides, in lists that grow.
    /// </summary>
    internal static Reader Reader { get; } = new(
        "npy", s_tokens, typeof(TableFormatException),
        bytes => TableFile.Read(new MemoryStream(bytes), Name),
        bytes => TableFile.Read(new Pipe(bytes), Name),
        bytes => TableFile.Read(new MemoryStream(bytes), Name, new() { Columns = ["2", "1"] }),
        bytes => TableFile.Read(new MemoryStream(bytes), Name, new() { Weights = "1" }))
    { Check = Check, BytesPerByte = 40 };

    internal static string? Check(object?[] answers)
    {
        var (file, pipe) = ((NumericTable?)answers[0], (NumericTable?)answers[1]);
        if ((file is null) != (pipe is null)) return $"the file {(file is null ? "is refused" : "is read")}, the same bytes from a pipe are not";
        if (file is null) return null;
        if (answers[3] is NumericTable weighted && CsvReading.Problem(weighted) is { } problem) return problem;
        return CsvReading.Problem(file) ?? (CsvReading.Same(file, pipe!) ? null : "file and pipe differ");
    }
}
