namespace Gmm.Fuzz;

/// <summary>One reader of the product under test.</summary>
/// <param name="Name">Also the folder of its corpus.</param>
/// <param name="Tokens">Text that means something to the format.</param>
/// <param name="Refusal">The exception that it documents for content that it does not take.</param>
/// <param name="Ways">Every way of reading; each is judged alone.</param>
internal sealed record Reader(string Name, string[] Tokens, Type Refusal, params Func<byte[], object?>[] Ways)
{
    internal static Reader[] All { get; } =
    [
        CsvReading.Reader, NpyReading.Reader, NpzReading.Reader, ColumnarReading.Reader, ModelReading.Reader, StatisticsReading.Reader, PictureReading.Reader,
        LabelsReading.Reader, ForeignModelReading.ScikitLearn, ForeignModelReading.Mclust,
    ];

    /// <summary>What is wrong with the answers, one per way and null where it was refused; or null.</summary>
    internal Func<object?[], string?> Check { get; init; } = _ => null;

    /// <summary>The memory that may be taken for each byte of input; a reader with more than ten says why.</summary>
    internal int BytesPerByte { get; init; } = 10;

    /// <summary>The memory that may be taken whatever the input: buffers.</summary>
    internal long FixedBytes { get; init; } = 4 << 20;

    /// <summary>The seeds that are kept with the source, in one order on every machine.</summary>
    internal IReadOnlyList<(string File, byte[] Bytes)> Corpus() =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "corpus", Name)).Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))];
}
