using System.Runtime.InteropServices;

namespace Gmm.Data;

/// <summary>
/// Writes the numbers of a table that is read again and again to a file without a name, whose room is free again when the process ends in whatever
/// way. Where a system keeps the name of an open file, the file is removed when it is closed.
/// </summary>
internal static class CacheFile
{
    private const string Cannot = "cannot be written";

    /// <summary>Writes pieces of a table; weights become a last column.</summary>
    /// <param name="pieces">Runs of rows, all of the same columns.</param>
    /// <param name="folder">Where the file lies; null for the system's temporary folder.</param>
    /// <param name="place">What messages call the table.</param>
    /// <returns>The file, and the last piece without its rows: its names and notes.</returns>
    /// <exception cref="TableFormatException">The file cannot be written, or the table cannot be read or has no rows.</exception>
    internal static (NpyFile File, NumericTable Last) Write(IEnumerable<NumericTable> pieces, string? folder, string place)
    {
        var stream = Create(folder);
        try
        {
            long rows = 0;
            NumericTable? last = null;
            stream.Write(NpyHeader.Write(long.MaxValue, int.MaxValue));
            foreach (var piece in pieces)
            {
                Guard(stream, () => Append(stream, piece));
                rows += piece.Rows;
                last = piece;
            }

            if (rows == 0)
            {
                throw new TableFormatException($"{place}: {TablePieces.NoRows}");
            }

            Guard(stream, () =>
            {
                stream.Position = 0;
                stream.Write(NpyHeader.Write(rows, last!.Columns + (last.Weights is null ? 0 : 1)));
                stream.Flush();
                stream.Position = 0;
            });
            return (new NpyFile(stream, place), last!);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Unpacks a .npy array.</summary>
    /// <param name="content">The array, as in a file of its own.</param>
    /// <param name="folder">Where the file lies; null for the system's temporary folder.</param>
    /// <param name="place">What messages call the array.</param>
    internal static NpyFile Unpack(Stream content, string? folder, string place)
    {
        var stream = Create(folder);
        try
        {
            var buffer = new byte[1 << 18];
            for (var read = content.Read(buffer); read > 0; read = content.Read(buffer))
            {
                var part = buffer.AsMemory(0, read);
                Guard(stream, () => stream.Write(part.Span));
            }

            Guard(stream, () => stream.Position = 0);
            return new NpyFile(stream, place);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static void Append(FileStream stream, NumericTable piece)
    {
        if (piece.Weights is not { } weights)
        {
            NpyTable.Write(stream, piece.Values);
            return;
        }

        var row = new double[piece.Columns + 1];
        for (var i = 0; i < piece.Rows; i++)
        {
            piece.Values.AsSpan(i * piece.Columns, piece.Columns).CopyTo(row);
            row[^1] = weights[i];
            NpyTable.Write(stream, row);
        }
    }

    private static FileStream Create(string? folder)
    {
        var path = Path.Combine(folder ?? Path.GetTempPath(), $"gmm-{Path.GetRandomFileName()}.npy");
        return FileFailure.Guard(ErrorText.OneLine(folder ?? Path.GetTempPath()), Cannot, () =>
        {
            var options = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? FileOptions.DeleteOnClose : FileOptions.None;
            var stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, 1 << 18, options);
            if (options == FileOptions.None)
            {
                File.Delete(path);
            }

            return stream;
        });
    }

    private static void Guard(FileStream stream, Action action) =>
        FileFailure.Guard(ErrorText.OneLine(Path.GetDirectoryName(stream.Name)!), Cannot, action);
}
