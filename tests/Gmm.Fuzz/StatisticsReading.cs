using Gmm.Fast;

namespace Gmm.Fuzz;

/// <summary>Reads statistics of parts, whose checksums are put right again; what is read can be written and read again, byte by byte.</summary>
internal static class StatisticsReading
{
    private static readonly string[] s_tokens = ["gmm-statistics 1\n", "gmm-statistics 2\n", "gmm-checkpoint 1\n", "\0\0\0\0", "\0\0\0\0\0\0\0\0"];

    /// <summary>The checksum is computed through a buffer of a mebibyte.</summary>
    internal static Reader Reader { get; } = new(
        "statistics", s_tokens, typeof(InvalidDataException),
        bytes => PartStatistics.Load(new MemoryStream(bytes)),
        bytes => PartStatistics.Load(new Pipe(bytes)))
    { Check = Check };

    private static string? Check(object?[] answers)
    {
        var (file, pipe) = ((PartStatistics?)answers[0], (PartStatistics?)answers[1]);
        if ((file is null) != (pipe is null)) return $"the file {(file is null ? "is refused" : "is read")}, the same bytes from a pipe are not";
        if (file is null) return null;
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        file.Save(first);
        first.Position = 0;
        PartStatistics.Load(first).Save(second);
        return first.ToArray().AsSpan().SequenceEqual(second.ToArray()) ? null : "the statistics, written and read again, differ";
    }
}
