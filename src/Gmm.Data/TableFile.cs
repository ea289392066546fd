using Gmm.Data.Text;

namespace Gmm.Data;

/// <summary>Reads and writes tables in files. What a file is, its content says when it is read, and its extension when it is written.</summary>
public static class TableFile
{
    private const string StandardInput = "-";

    /// <summary>The table of formats that can be written. All that names extensions, here and in the tool, follows from it.</summary>
    private static readonly Format[] s_formats =
    [
        Delimited(".csv", ','),
        Delimited(".tsv", '\t'),
        Delimited(".txt", ','),
        new(".npy", NpyTable.Write) { IsBinary = true },
        new(".parquet", ParquetTable.Write) { IsBinary = true, FindsByName = true },
        new(".arrow", ArrowTable.Write) { IsBinary = true },
        new(".feather", ArrowTable.Write) { IsBinary = true },
    ];

    /// <summary>Names what can be read, for people.</summary>
    public static string Readable { get; } = "text with a point per line (.csv, .tsv, .txt, .dat, .data), .npy, .npz, Parquet or Arrow, also compressed (.gz, .zst)";

    /// <summary>Gives the extensions that can be written, for people.</summary>
    public static string WritableExtensions { get; } = List(s_formats);

    /// <summary>Gives the extensions of files whose numbers are floats of 4 or 8 bytes (<see cref="RowStream.IsSingle"/>), for people.</summary>
    public static string BinaryExtensions { get; } = List(s_formats.Where(format => format.IsBinary));

    /// <summary>Reads a table from a file.</summary>
    /// <param name="path">Any name; "-" reads <paramref name="standardInput"/>.</param>
    /// <param name="options">What is known of the table; null for nothing.</param>
    /// <param name="standardInput">What "-" reads; the process's own standard input when null.</param>
    /// <exception cref="TableFormatException">The file cannot be read, or is not a table of numbers.</exception>
    public static NumericTable Read(string path, TableOptions? options = null, Stream? standardInput = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path == StandardInput)
        {
            return Read(standardInput ?? Console.OpenStandardInput(), "standard input", options);
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
            return Read(stream, path, options);
        });
    }

    /// <summary>Reads a table from a stream, whose content says what it is: text, .npy, .npz, Parquet or Arrow, also
    /// compressed by gzip or zstd.</summary>
    /// <param name="stream">Read from its current position to its end, and left open.</param>
    /// <param name="name">What messages call the input.</param>
    /// <param name="options">What is known of the table; null for nothing.</param>
    /// <exception cref="TableFormatException">The stream cannot be read, or is not a table of numbers.</exception>
    public static NumericTable Read(Stream stream, string name, TableOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        options ??= TableOptions.Default;
        var place = ErrorText.OneLine(name);
        return FileFailure.Guard(place, "cannot be read", () => ReadContent(stream, name, place, options));
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
        var format = Find(Extension(path)) ?? throw WrongExtension(path);
        if (format.FindsByName && table.ColumnNames is { } names)
        {
            CheckNames(path, names);
        }

        AtomicFile.Write(path, stream => format.Write(stream, table));
    }

    /// <summary>
    /// Estimates the most bytes of memory that <see cref="Read(string, TableOptions, Stream)"/> of a file takes, from its length and kind: too much rather
    /// than too little. 0 for what is not there or cannot be read.
    /// </summary>
    /// <param name="path">Any path.</param>
    public static double MemoryToRead(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);

        // Doubles beside the bytes of a file, and once more while an array grows.
        const double OfText = 4, OfPacked = 24, OfColumns = 8, Twice = 2;
        try
        {
            if (!RegularFile.HasContent(path))
            {
                return 0;
            }

            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (!stream.CanSeek)
            {
                return 0;
            }

            var start = new byte[FileKind.Length];
            var kind = FileKind.Of(start.AsSpan(0, stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)), path);
            stream.Position = 0;
            if (kind == FileKind.Content.Npy)
            {
                var header = NpyHeader.Read(stream, path);
                return Twice * sizeof(double) * header.Rows * (header.Fields?.Count ?? header.Columns);
            }

            return stream.Length * kind switch
            {
                FileKind.Content.Text => OfText,
                FileKind.Content.Parquet or FileKind.Content.Arrow => OfColumns,
                _ => OfPacked,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TableFormatException)
        {
            // Who reads it tells why it cannot be read.
            return 0;
        }
    }

    /// <summary>Tells whether <see cref="Write"/> knows the extension of a path.</summary>
    /// <param name="path">Any path; no file needs to be there.</param>
    public static bool CanWrite(string path) => Find(Extension(path)) is not null;

    /// <summary>Tells whether a path has one of the <see cref="BinaryExtensions"/>.</summary>
    /// <param name="path">Any path; no file needs to be there.</param>
    public static bool IsBinary(string path) => Find(Extension(path)) is { IsBinary: true };

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

    private static NumericTable ReadContent(Stream stream, string name, string place, TableOptions options)
    {
        using var content = TableContent.Of(stream, name, place, options);
        return content.Kind switch
        {
            FileKind.Content.Npy => NpyTable.Read(content.Stream, name, options),
            FileKind.Content.Zip => NpzTable.Read(content.Stream, name, options),
            FileKind.Content.Parquet => TablePieces.Join(ParquetTable.ReadPieces(content.Stream, name, options), place, options),
            FileKind.Content.Arrow => TablePieces.Join(ArrowTable.ReadPieces(content.Stream, name, options), place, options),
            _ => CsvTable.Read(content.Stream, name, options),
        };
    }

    private static Format Delimited(string extension, char separator) => new(extension, (stream, table) => CsvTable.Write(stream, table, separator));

    private static string List(IEnumerable<Format> formats)
    {
        string[] extensions = [.. formats.Select(format => format.Extension)];
        return extensions.Length == 1 ? extensions[0] : $"{string.Join(", ", extensions[..^1])} or {extensions[^1]}";
    }

    private static string Extension(string path) => Path.GetExtension(path).ToLowerInvariant();

    private static Format? Find(string extension) => Array.Find(s_formats, format => format.Extension == extension);

    private static void CheckNames(string path, IReadOnlyList<string> names)
    {
        var places = new Dictionary<string, int>(names.Count, StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            var problem = names[i].Length == 0 ? $"column {i + 1} has no name"
                : places.TryAdd(names[i], i) ? null : $"columns {places[names[i]] + 1} and {i + 1} are both named {ErrorText.Quoted(names[i])}";
            if (problem is not null)
            {
                throw new TableFormatException(FormattableString.Invariant(
                    $"{ErrorText.OneLine(path)}: {problem}; in a {Path.GetExtension(path)} file each column needs a name of its own"));
            }
        }
    }

    private static TableFormatException WrongExtension(string path)
    {
        var extension = Extension(path);
        var what = extension.Length == 0 ? "there is no extension" : $"the extension {ErrorText.Quoted(extension)} cannot be written";
        return new TableFormatException($"{ErrorText.OneLine(path)}: {what}; {WritableExtensions} is required");
    }

    /// <summary>Describes a format: a row of the table.</summary>
    /// <param name="Extension">In lower case, with its dot.</param>
    /// <param name="Write">Writes a stream.</param>
    private sealed record Format(string Extension, Action<Stream, RowStream> Write)
    {
        internal bool IsBinary { get; init; }

        /// <summary>Whether the columns of a file are found by their names, so that each needs one of its own.</summary>
        internal bool FindsByName { get; init; }
    }
}
