using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gmm.Data;

/// <summary>Reads rows of a .npy file at any place, by several threads at once, and never the whole of it.</summary>
internal sealed class NpyFile : IDisposable
{
    // The most bytes that one conversion holds.
    private const int ConversionBytes = 1 << 20;

    private readonly FileStream _stream;
    private readonly SafeFileHandle _handle;
    private readonly NpyHeader _header;
    private readonly NpyElement? _element;
    private readonly NpyRecord? _record;
    private readonly long _begin;
    private readonly long _length;
    private readonly DateTime _written;
    private readonly long _rowBytes;

    /// <summary>Reads from an open file.</summary>
    /// <param name="stream">At its beginning; this file closes it.</param>
    /// <param name="place">What messages call the file.</param>
    internal NpyFile(FileStream stream, string place)
    {
        (_stream, _handle, Place) = (stream, stream.SafeFileHandle, place);
        _header = NpyHeader.Read(stream, place);
        if (_header.Fields is { } fields)
        {
            _record = NpyRecord.Of(fields, place);
        }
        else
        {
            _element = NpyElement.Of(_header.Descr!, place);
        }

        (_begin, _length, _written) = (stream.Position, stream.Length, File.GetLastWriteTimeUtc(_handle));
        _rowBytes = _record?.Size ?? (long)_element!.Size * _header.Columns;
        CheckLength();
    }

    /// <summary>What messages call the file.</summary>
    internal string Place { get; }

    /// <summary>N.</summary>
    internal long Rows => _header.Rows;

    /// <summary>The number of columns, of records that of the fields that are numbers.</summary>
    internal int Columns => _record?.Names.Count ?? _header.Columns;

    /// <summary>The names of the columns; null for a plain array.</summary>
    internal IReadOnlyList<string>? Names => _record?.Names;

    /// <summary>The fields that are no numbers, and what they hold.</summary>
    internal IReadOnlyList<string> LeftOut => _record?.LeftOut ?? [];

    /// <summary>Whether every number is a float of 4 bytes too.</summary>
    internal bool IsSingle => _element is { } element ? element.IsSingle : _record!.Numbers.All(number => number.Element.IsSingle);

    /// <summary>Opens a file, whose length must be that of its shape.</summary>
    /// <exception cref="TableFormatException">The file cannot be read, or is not an array of numbers with one or two dimensions.</exception>
    internal static NpyFile Open(string path)
    {
        var place = ErrorText.OneLine(path);
        return FileFailure.Guard(place, "cannot be read", () =>
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            try
            {
                return new NpyFile(stream, place);
            }
            catch
            {
                stream.Dispose();
                throw;
            }
        });
    }

    /// <summary>Reads columns of consecutive rows.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="columns">The columns, in their order in the result; null for all.</param>
    /// <param name="into">[count x columns], row-major; receives the numbers.</param>
    internal void Read<T>(long first, int[]? columns, Span<T> into)
        where T : unmanaged, INumberBase<T>
    {
        if (columns is null && !_header.FortranOrder && _element?.Is<T>() == true)
        {
            ReadBytes(_begin + (first * _rowBytes), MemoryMarshal.AsBytes(into), 0);
            return;
        }

        var d = columns?.Length ?? Columns;
        var isByColumn = _header.FortranOrder && _element is not null;
        var most = (int)Math.Max(1, ConversionBytes / (isByColumn ? _element!.Size : _rowBytes));
        var count = into.Length / d;
        for (var done = 0; done < count; done += most)
        {
            var part = into.Slice(done * d, Math.Min(most, count - done) * d);
            if (isByColumn)
            {
                ReadColumns(first + done, columns, d, part);
            }
            else
            {
                ReadRows(first + done, columns, d, part);
            }
        }
    }

    /// <summary>Throws where the file is not as it was when it was opened.</summary>
    internal void CheckUnchanged()
    {
        if (RandomAccess.GetLength(_handle) != _length || File.GetLastWriteTimeUtc(_handle) != _written)
        {
            throw Changed();
        }
    }

    public void Dispose() => _stream.Dispose();

    private void ReadRows<T>(long first, int[]? columns, int d, Span<T> into)
        where T : unmanaged, INumberBase<T>
    {
        var count = into.Length / d;
        var length = checked((int)(count * _rowBytes));
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var bytes = rented.AsSpan(0, length);
            ReadBytes(_begin + (first * _rowBytes), bytes, 0);
            if (columns is null && _element is not null)
            {
                _element.Decode(bytes, _element.Size, into, 1);
                return;
            }

            for (var i = 0; i < d; i++)
            {
                var column = columns?[i] ?? i;
                var (offset, element) = _record?.Numbers[column] ?? (column * _element!.Size, _element);
                element.Decode(bytes[offset..], (int)_rowBytes, into[i..], d);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void ReadColumns<T>(long first, int[]? columns, int d, Span<T> into)
        where T : unmanaged, INumberBase<T>
    {
        var (element, count) = (_element!, into.Length / d);
        var length = count * element.Size;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var bytes = rented.AsSpan(0, length);
            for (var i = 0; i < d; i++)
            {
                ReadBytes(_begin + ((((columns?[i] ?? i) * Rows) + first) * element.Size), bytes, i);
                element.Decode(bytes, element.Size, into[i..], d);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    // Few bytes come from the piece about them, which the thread keeps: the next ones that it asks for are mostly there too.
    private void ReadBytes(long offset, Span<byte> bytes, int place)
    {
        if (bytes.Length >= ReadPiece.Size || place >= ReadPiece.MostPlaces)
        {
            Fill(offset, bytes);
            return;
        }

        while (!bytes.IsEmpty)
        {
            var piece = ReadPiece.Of(this, place);
            var start = offset / ReadPiece.Size * ReadPiece.Size;
            if (piece.Start != start)
            {
                piece.Start = -1;
                piece.Length = (int)Math.Min(ReadPiece.Size, _length - start);
                Fill(start, piece.Bytes.AsSpan(0, piece.Length));
                piece.Start = start;
            }

            var part = piece.Bytes.AsSpan((int)(offset - start), (int)Math.Min(bytes.Length, piece.Length - (offset - start)));
            part.CopyTo(bytes);
            bytes = bytes[part.Length..];
            offset += part.Length;
        }
    }

    // Reads from the file.
    private void Fill(long offset, Span<byte> bytes)
    {
        CheckUnchanged();
        while (!bytes.IsEmpty)
        {
            var read = 0;
            try
            {
                read = RandomAccess.Read(_handle, bytes, offset);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw FileFailure.Describe(Place, "cannot be read", e);
            }

            if (read == 0)
            {
                throw Changed();
            }

            offset += read;
            bytes = bytes[read..];
        }
    }

    private void CheckLength()
    {
        var (needed, found) = (_rowBytes * Rows, _length - _begin);
        if (found > needed)
        {
            throw new TableFormatException(string.Create(CultureInfo.InvariantCulture, $"{Place}: bytes follow the end of the data; the shape takes {needed}"));
        }

        if (found < needed)
        {
            var where = _header.FortranOrder ? "" : string.Create(CultureInfo.InvariantCulture, $", in row {(found / _rowBytes) + 1} of {Rows}");
            throw new TableFormatException(string.Create(
                CultureInfo.InvariantCulture, $"{Place}: the data end after {found} bytes{where}; the shape takes {needed}"));
        }
    }

    private TableFormatException Changed()
    {
        var left = RandomAccess.GetLength(_handle);
        var what = left >= _length || _header.FortranOrder ? "the file was written to"
            : string.Create(CultureInfo.InvariantCulture, $"the file was cut off in row {Math.Max(0, left - _begin) / _rowBytes + 1} of {Rows}");
        return new TableFormatException($"{Place}: {what} while it was read; begin again with files that do not change");
    }
}
