using System.IO.Compression;

namespace Gmm.Data;

/// <summary>
/// Reads tables from the .npz files of numpy.savez and numpy.savez_compressed: zip archives of .npy files, of which one is wanted. Its data must have
/// the length and the CRC-32 that the archive promises.
/// </summary>
internal static class NpzTable
{
    private const string ArrayEnding = ".npy";

    /// <summary>Reads a table. Memory is taken only for data that are there, whatever the archive and the header claim.</summary>
    /// <param name="stream">Read as a whole, and left open. One that cannot seek is held in memory, compressed.</param>
    /// <param name="name">The name of the input in errors, usually the path.</param>
    /// <param name="options">What is known of the table; columns not wanted may hold NaN.</param>
    /// <exception cref="TableFormatException">
    /// The file is not a zip archive with one array, or the one asked for, of finite numbers with one or two dimensions.
    /// </exception>
    internal static NumericTable Read(Stream stream, string name, TableOptions? options = null)
    {
        options ??= TableOptions.Default;
        return Open(stream, name, options, (data, array) => NpyTable.Read(data, array, options));
    }

    /// <summary>Unpacks the array that is wanted to a file without a name.</summary>
    internal static NpyFile Unpack(Stream stream, string name, TableOptions options, string? folder) =>
        Open(stream, name, options, (data, array) => CacheFile.Unpack(data, folder, array));

    private static T Open<T>(Stream stream, string name, TableOptions options, Func<Stream, string, T> read)
    {
        var place = ErrorText.OneLine(name);
        using var archive = Unzip(place, "the file is not a zip archive, or is damaged",
            () => new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true));
        var entries = Unzip(place, "the list of arrays is damaged", () => archive.Entries);
        if (FileKind.ZipProblem(archive) is { } problem)
        {
            throw new TableFormatException($"{place}: the file {problem}");
        }

        var entry = options.Array is { } wanted ? Named(entries, wanted, place) : Only(entries, place, options.Words);
        var array = $"{place}: {ErrorText.Short(entry.FullName)}";
        if (entry.IsEncrypted)
        {
            throw new TableFormatException($"{array}: the array is encrypted; one without a password is required");
        }

        using var data = Unzip(array, "the array is damaged, or compressed by another method than deflate", entry.Open);
        return read(new ArrayStream(data, entry.Length, entry.Crc32, array), array);
    }

    private static ZipArchiveEntry Named(IReadOnlyCollection<ZipArchiveEntry> entries, string name, string place)
    {
        var found = entries.Where(entry => entry.FullName == name + ArrayEnding || entry.FullName == name).ToArray();
        return found.Length == 1 ? found[0]
            : throw new TableFormatException($"{place}: {(found.Length == 0 ? "no array is" : "several arrays are")} named {ErrorText.Quoted(name)}; "
                + $"the arrays are {Names(entries)}");
    }

    private static ZipArchiveEntry Only(IReadOnlyCollection<ZipArchiveEntry> entries, string place, OptionWords words)
    {
        if (entries.FirstOrDefault(entry => !entry.FullName.EndsWith(ArrayEnding, StringComparison.Ordinal)) is { } other)
        {
            throw new TableFormatException($"{place}: {ErrorText.Quoted(other.FullName)} is not a .npy file; {words.Array} chooses one that is");
        }

        if (entries.Count > 1 && entries.Any(entry => entry.FullName == "indptr" + ArrayEnding))
        {
            throw new TableFormatException($"{place}: the file holds a sparse matrix of SciPy; numpy.save of a.toarray() makes a table of it");
        }

        return entries.Count switch
        {
            0 => throw new TableFormatException($"{place}: the file holds no array; exactly one is required"),
            1 => entries.First(),
            _ => throw new TableFormatException($"{place}: the file holds {entries.Count} arrays, {Names(entries)}; {words.Array} chooses one"),
        };
    }

    private static string Names(IReadOnlyCollection<ZipArchiveEntry> entries) =>
        ErrorText.List([.. entries.Select(entry => entry.FullName).Where(name => name.EndsWith(ArrayEnding, StringComparison.Ordinal)).Select(name => name[..^ArrayEnding.Length])]);

    /// <summary>Runs a step of the archive's reader; the exceptions that a damaged archive makes become one error.</summary>
    private static T Unzip<T>(string place, string problem, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException
            or NotSupportedException or ArgumentException or OverflowException)
        {
            throw new TableFormatException($"{place}: {problem}", e);
        }
    }

    /// <summary>Gives the data of an array, and compares their length and CRC-32 with those promised where they end.</summary>
    private sealed class ArrayStream(Stream data, long promised, uint checksum, string place) : ReadOnlyStream
    {
        private long _read;
        private uint _crc;

        public override int Read(Span<byte> buffer)
        {
            var read = 0;
            try
            {
                read = data.Read(buffer);
            }
            catch (InvalidDataException e)
            {
                throw new TableFormatException($"{place}: the compressed data are damaged", e);
            }

            _read += read;
            _crc = Crc32.Append(_crc, buffer[..read]);
            if (read == 0 && buffer.Length > 0)
            {
                Compare();
            }

            return read;
        }

        private void Compare()
        {
            if (_read != promised)
            {
                throw new TableFormatException(FormattableString.Invariant(
                    $"{place}: the data end after {_read} bytes; the archive promises {promised}"));
            }

            if (_crc != checksum)
            {
                throw new TableFormatException($"{place}: the data are damaged: their CRC-32 is not that in the archive");
            }
        }
    }
}
