using System.IO.Compression;

namespace Gmm.Data;

/// <summary>
/// Reads tables from the .npz files of numpy.savez and numpy.savez_compressed: zip archives of .npy files, here of exactly one. Its data must have
/// the length and the CRC-32 that the archive promises.
/// </summary>
public static class NpzTable
{
    private const string ArrayEnding = ".npy";

    /// <summary>Reads a table. Memory is taken only for data that are there, whatever the archive and the header claim.</summary>
    /// <param name="stream">Read as a whole, and left open. One that cannot seek is held in memory, compressed.</param>
    /// <param name="name">The name of the input in errors, usually the path.</param>
    /// <param name="columns">1-based numbers in the order wanted; null for all. Columns not wanted may hold NaN.</param>
    /// <param name="weights">
    /// The 1-based number of the column of the rows' weights, numbers of at least 0; null for none. It is none of the table's columns, and a row of
    /// weight 0 is left out, whatever it holds.
    /// </param>
    /// <exception cref="TableFormatException">
    /// The file is not a zip archive of one array of finite numbers with one or two dimensions.
    /// </exception>
    public static NumericTable Read(Stream stream, string name, IReadOnlyList<string>? columns = null, string? weights = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        ColumnChoice.Check(columns);

        var place = ErrorText.OneLine(name);
        using var archive = Unzip(place, "the file is not a zip archive, or is damaged",
            () => new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true));
        var entry = Only(Unzip(place, "the list of arrays is damaged", () => archive.Entries), place);
        var array = $"{place}: {ErrorText.Short(entry.FullName)}";
        if (entry.IsEncrypted)
        {
            throw new TableFormatException($"{array}: the array is encrypted; one without a password is required");
        }

        using var data = Unzip(array, "the array is damaged, or compressed by another method than deflate", entry.Open);
        return NpyTable.Read(new ArrayStream(data, entry.Length, entry.Crc32, array), array, columns, weights);
    }

    private static ZipArchiveEntry Only(IReadOnlyCollection<ZipArchiveEntry> entries, string place)
    {
        if (entries.FirstOrDefault(entry => !entry.FullName.EndsWith(ArrayEnding, StringComparison.Ordinal)) is { } other)
        {
            throw new TableFormatException($"{place}: {ErrorText.Quoted(other.FullName)} is not a .npy file; exactly one is required");
        }

        return entries.Count switch
        {
            0 => throw new TableFormatException($"{place}: the file holds no array; exactly one is required"),
            1 => entries.First(),
            _ => throw new TableFormatException($"{place}: the file holds {entries.Count} arrays, "
                + $"{ErrorText.List([.. entries.Select(entry => entry.FullName[..^ArrayEnding.Length])])}; exactly one is required"),
        };
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
    private sealed class ArrayStream(Stream data, long promised, uint checksum, string place) : Stream
    {
        private long _read;
        private uint _crc;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

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

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

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
