namespace Gmm.Data;

/// <summary>Reads and writes tables in files; the extension of the path says the format.</summary>
public static class TableFile
{
    private const string StandardInput = "-";

    /// <summary>The table of formats. All that names extensions, here and in the tool, follows from it.</summary>
    private static readonly Format[] s_formats =
    [
        Text(".csv", ','),
        Text(".tsv", '\t'),
        Text(".txt", ','),
        new(".npy", NpyTable.Read, NpyTable.Write),
        new(".npz", NpzTable.Read),
    ];

    private delegate NumericTable Reader(Stream stream, string name, IReadOnlyList<string>? columns, string? weights);

    /// <summary>Gives the extensions that can be read, for people: ".csv, .tsv or .npy".</summary>
    public static string ReadableExtensions { get; } = List(s_formats);

    /// <summary>Gives the extensions that can be written, for people.</summary>
    public static string WritableExtensions { get; } = List(s_formats.Where(format => format.Write != null));

    /// <summary>Reads a table.</summary>
    /// <param name="path">
    /// One of the <see cref="ReadableExtensions"/>: .csv and .txt are comma-separated, .tsv is tab-separated; comma-separated when there is no
    /// extension; "-" reads comma-separated text from <paramref name="standardInput"/>.
    /// </param>
    /// <param name="columns">Names (they need a header) or 1-based numbers, in the order wanted; null for all.</param>
    /// <param name="standardInput">What "-" reads; the process's own standard input when null.</param>
    /// <param name="weights">
    /// The column, by name or 1-based number, of the rows' weights, numbers of at least 0; null for none. It is none of the table's columns, and a
    /// row of weight 0 is left out, whatever it holds.
    /// </param>
    /// <exception cref="TableFormatException">The file cannot be read, or is not a table of finite numbers.</exception>
    public static NumericTable Read(string path, IReadOnlyList<string>? columns = null, Stream? standardInput = null, string? weights = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ColumnChoice.Check(columns);
        if (path == StandardInput)
        {
            const string Name = "standard input";
            return FileFailure.Guard(Name, "cannot be read",
                () => CsvTable.Read(standardInput ?? Console.OpenStandardInput(), Name, columns, weights: weights));
        }

        var place = ErrorText.OneLine(path);
        if (Directory.Exists(path))
        {
            throw new TableFormatException($"{place}: is a folder; a file is required");
        }

        return FileFailure.Guard(place, "cannot be read", () =>
        {
            // Every reader brings its own buffer.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            var format = Readable(path) ?? throw WrongExtension(path, "is not known", ReadableExtensions);
            return format.Read(stream, path, columns, weights);
        });
    }

    /// <summary>
    /// Writes a table, completely or not at all: to a temporary file in the same folder, flushed, then renamed over the target. Text gets a header
    /// row when the table has names; numbers are written in the shortest form that reads back as the same double. A .npy file has no names.
    /// </summary>
    /// <param name="path">One of the <see cref="WritableExtensions"/>.</param>
    /// <param name="table">What to write.</param>
    /// <exception cref="TableFormatException">The file cannot be written, or its extension is not one of those.</exception>
    public static void Write(string path, RowStream table)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(table);
        var format = Find(Extension(path));
        var write = format?.Write ?? throw WrongExtension(path, format == null ? "is not known" : "can only be read", WritableExtensions);
        AtomicFile.Write(path, stream => write(stream, table));
    }

    /// <summary>Tells whether <see cref="Write"/> knows the extension of a path.</summary>
    /// <param name="path">Any path; no file needs to be there.</param>
    public static bool CanWrite(string path) => Find(Extension(path))?.Write != null;

    /// <summary>Gives the character between the cells of a line, or null where the format is no text or not known.</summary>
    /// <param name="path">As <see cref="Read"/> takes it; no file needs to be there.</param>
    public static char? Separator(string path) => Readable(path)?.Separator;

    /// <summary>Writes a table as comma-separated text to any stream, which stays open.</summary>
    /// <param name="stream">The destination.</param>
    /// <param name="table">What to write.</param>
    /// <param name="separator">An ASCII character.</param>
    public static void WriteCsv(Stream stream, RowStream table, char separator = ',')
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(table);
        CsvTable.Write(stream, table, separator);
    }

    private static Format Text(string extension, char separator) => new(
        extension,
        (stream, name, columns, weights) => CsvTable.Read(stream, name, columns, separator, weights),
        (stream, table) => CsvTable.Write(stream, table, separator),
        separator);

    private static string List(IEnumerable<Format> formats)
    {
        string[] extensions = [.. formats.Select(format => format.Extension)];
        return $"{string.Join(", ", extensions[..^1])} or {extensions[^1]}";
    }

    private static string Extension(string path) => Path.GetExtension(path).ToLowerInvariant();

    private static Format? Find(string extension) => Array.Find(s_formats, format => format.Extension == extension);

    private static Format? Readable(string path) => Extension(path) is { Length: > 0 } extension ? Find(extension) : s_formats[0];

    private static TableFormatException WrongExtension(string path, string problem, string required)
    {
        var extension = Extension(path);
        var what = extension.Length == 0 ? "there is no extension" : $"the extension {ErrorText.Quoted(extension)} {problem}";
        return new TableFormatException($"{ErrorText.OneLine(path)}: {what}; {required} is required");
    }

    /// <summary>Describes a format: a row of the table.</summary>
    /// <param name="Extension">In lower case, with its dot.</param>
    /// <param name="Read">Reads a stream that has no buffer.</param>
    /// <param name="Write">Writes a stream; null for a format that can only be read.</param>
    /// <param name="Separator">Between the cells of a line of text; null for a format without names of columns.</param>
    private sealed record Format(string Extension, Reader Read, Action<Stream, RowStream>? Write = null, char? Separator = null);
}
