namespace Gmm.Data;

/// <summary>Tables from and to files; the extension of the path says the format.</summary>
public static class TableFile
{
    private const string StandardInput = "-";

    /// <summary>Reads a table.</summary>
    /// <param name="path">
    /// .csv and .txt (comma-separated), .tsv (tab-separated), .npy; comma-separated when there is no extension; "-" reads comma-separated text from
    /// <paramref name="standardInput"/>.
    /// </param>
    /// <param name="columns">Names (they need a header) or 1-based numbers, in the order wanted; null for all.</param>
    /// <param name="standardInput">What "-" reads; the process's own standard input when null.</param>
    /// <exception cref="TableFormatException">The file cannot be read, or is not a table of finite numbers.</exception>
    public static NumericTable Read(string path, IReadOnlyList<string>? columns = null, Stream? standardInput = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ColumnChoice.Check(columns);
        if (path == StandardInput)
        {
            const string Name = "standard input";
            return FileFailure.Guard(Name, "cannot be read", () => CsvTable.Read(standardInput ?? Console.OpenStandardInput(), Name, columns));
        }

        var place = ErrorText.OneLine(path);
        if (Directory.Exists(path))
        {
            throw new TableFormatException($"{place}: is a folder; a file is required");
        }

        return FileFailure.Guard(place, "cannot be read", () =>
        {
            // Both readers bring their own buffer.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            return Extension(path) switch
            {
                ".npy" => NpyTable.Read(stream, path, columns),
                ".tsv" => CsvTable.Read(stream, path, columns, '\t'),
                ".csv" or ".txt" or "" => CsvTable.Read(stream, path, columns),
                _ => throw UnknownExtension(path, ".csv, .tsv, .txt or .npy"),
            };
        });
    }

    /// <summary>
    /// Writes a table, completely or not at all: to a temporary file in the same folder, flushed, then renamed over the target. Text gets a header
    /// row when the table has names; numbers are written in the shortest form that reads back as the same double. A .npy file has no names.
    /// </summary>
    /// <param name="path">.csv, .tsv, .txt or .npy.</param>
    /// <param name="table">What to write.</param>
    /// <exception cref="TableFormatException">The file cannot be written, or its extension is not one of those.</exception>
    public static void Write(string path, NumericTable table)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(table);
        Action<Stream> write = Extension(path) switch
        {
            ".npy" => stream => NpyTable.Write(stream, table.Values, table.Rows, table.Columns),
            ".tsv" => stream => CsvTable.Write(stream, table, '\t'),
            ".csv" or ".txt" => stream => CsvTable.Write(stream, table, ','),
            _ => throw UnknownExtension(path, ".csv, .tsv, .txt or .npy"),
        };
        AtomicFile.Write(path, write);
    }

    /// <summary>Writes a table as comma-separated text to any stream, which stays open.</summary>
    /// <param name="stream">The destination.</param>
    /// <param name="table">What to write.</param>
    /// <param name="separator">An ASCII character.</param>
    public static void WriteCsv(Stream stream, NumericTable table, char separator = ',')
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(table);
        CsvTable.Write(stream, table, separator);
    }

    private static string Extension(string path) => Path.GetExtension(path).ToLowerInvariant();

    private static TableFormatException UnknownExtension(string path, string known)
    {
        var extension = Extension(path);
        var what = extension.Length == 0 ? "there is no extension" : $"the extension {ErrorText.Quoted(extension)} is not known";
        return new TableFormatException($"{ErrorText.OneLine(path)}: {what}; {known} is required");
    }
}
