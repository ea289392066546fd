using System.IO.Compression;

namespace Gmm.Data;

/// <summary>Reads tables from .npz files, of whose arrays one is wanted.</summary>
internal static class NpzTable
{
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
        using var archive = NpzArchive.Open(stream, name);
        return archive.Read(options.Array is { } wanted ? Named(archive, wanted) : Only(archive, options.Words), read);
    }

    private static ZipArchiveEntry Named(NpzArchive archive, string name)
    {
        var found = archive.Entries.Where(entry => entry.FullName == name + NpzArchive.ArrayEnding || entry.FullName == name).ToArray();
        return found.Length == 1 ? found[0]
            : throw new TableFormatException($"{archive.Place}: {(found.Length == 0 ? "no array is" : "several arrays are")} named {ErrorText.Quoted(name)}; "
                + $"the arrays are {archive.Names}");
    }

    private static ZipArchiveEntry Only(NpzArchive archive, OptionWords words)
    {
        var (entries, place) = (archive.Entries, archive.Place);
        if (entries.FirstOrDefault(entry => !entry.FullName.EndsWith(NpzArchive.ArrayEnding, StringComparison.Ordinal)) is { } other)
        {
            throw new TableFormatException($"{place}: {ErrorText.Quoted(other.FullName)} is not a .npy file; {words.Array} chooses one that is");
        }

        if (entries.Count > 1 && entries.Any(entry => entry.FullName == "indptr" + NpzArchive.ArrayEnding))
        {
            throw new TableFormatException($"{place}: the file holds a sparse matrix of SciPy; numpy.save of a.toarray() makes a table of it");
        }

        return entries.Count switch
        {
            0 => throw new TableFormatException($"{place}: the file holds no array; exactly one is required"),
            1 => entries.First(),
            _ => throw new TableFormatException($"{place}: the file holds {entries.Count} arrays, {archive.Names}; {words.Array} chooses one"),
        };
    }
}
