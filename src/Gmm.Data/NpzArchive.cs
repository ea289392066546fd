using System.IO.Compression;

namespace Gmm.Data;

/// <summary>
/// Opens the .npz files of numpy.savez and numpy.savez_compressed: zip archives of .npy files. Data that are read must have the length and the CRC-32 that
/// the archive promises.
/// </summary>
internal sealed class NpzArchive : IDisposable
{
    /// <summary>The end of the name of every array.</summary>
    internal const string ArrayEnding = ".npy";

    private readonly ZipArchive _archive;

    private NpzArchive(ZipArchive archive, string place)
    {
        (_archive, Place) = (archive, place);
        Entries = Unzip(place, "the list of arrays is damaged", () => archive.Entries);
    }

    /// <summary>The start of an error message.</summary>
    internal string Place { get; }

    /// <summary>What the archive holds.</summary>
    internal IReadOnlyCollection<ZipArchiveEntry> Entries { get; }

    /// <summary>The names of the arrays, for messages.</summary>
    internal string Names => ErrorText.List([.. Entries.Select(entry => entry.FullName)
        .Where(name => name.EndsWith(ArrayEnding, StringComparison.Ordinal)).Select(name => name[..^ArrayEnding.Length])]);

    public void Dispose() => _archive.Dispose();

    /// <summary>Opens an archive.</summary>
    /// <param name="stream">Read as a whole, and left open. One that cannot seek is held in memory, compressed.</param>
    /// <param name="name">The name of the input in errors, usually the path.</param>
    /// <exception cref="TableFormatException">It is no zip archive, or one of something else.</exception>
    internal static NpzArchive Open(Stream stream, string name)
    {
        var place = ErrorText.OneLine(name);
        var archive = Unzip(place, "the file is not a zip archive, or is damaged",
            () => new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true));
        try
        {
            var opened = new NpzArchive(archive, place);
            return FileKind.ZipProblem(archive) is { } problem ? throw new TableFormatException($"{place}: the file {problem}") : opened;
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <summary>Reads an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="read">Gets the data, which are checked where they end, and the start of an error message.</param>
    internal T Read<T>(ZipArchiveEntry entry, Func<Stream, string, T> read)
    {
        var array = $"{Place}: {ErrorText.Short(entry.FullName)}";
        if (entry.IsEncrypted)
        {
            throw new TableFormatException($"{array}: the array is encrypted; one without a password is required");
        }

        using var data = Unzip(array, "the array is damaged, or compressed by another method than deflate", entry.Open);
        return read(new ArrayStream(data, entry.Length, entry.Crc32, array), array);
    }

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
