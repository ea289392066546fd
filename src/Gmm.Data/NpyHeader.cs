using System.Buffers.Binary;
using System.Text;

namespace Gmm.Data;

/// <summary>
/// Describes the header of a .npy file (numpy.lib.format, versions 1.0, 2.0 and 3.0): magic, version, length, and a Python dictionary such as
/// <c>{'descr': '&lt;f8', 'fortran_order': False, 'shape': (3, 2), }</c>.
/// </summary>
/// <param name="Descr">The dtype; null for a structured one.</param>
/// <param name="Fields">The fields of a structured dtype; null for another one.</param>
/// <param name="FortranOrder">Column-major.</param>
/// <param name="Rows">N.</param>
/// <param name="Columns">D, of records 1.</param>
internal sealed record NpyHeader(string? Descr, IReadOnlyList<NpyField>? Fields, bool FortranOrder, long Rows, int Columns)
{
    private const int Alignment = 64;
    private const int PrefixLength = 8;
    private const long MaxNumbers = long.MaxValue / (1 << 24);

    /// <summary>The dictionary of a plain array takes about 100 bytes, a field of a record about 20.</summary>
    private const int MaxLength = 1 << 16;

    internal static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The shape, for messages.</summary>
    internal string Shape { get; private init; } = "";

    internal static NpyHeader Read(Stream stream, string place) => Table(ReadDictionary(stream, place), place);

    /// <summary>Reads the dictionary of an array with any number of dimensions.</summary>
    internal static NpyDictionary ReadDictionary(Stream stream, string place)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        var read = stream.ReadAtLeast(prefix, PrefixLength, throwOnEndOfStream: false);
        if (read == 0)
        {
            throw new TableFormatException($"{place}: the file is empty; a .npy array is required");
        }

        if (read < PrefixLength || !prefix.StartsWith(Magic))
        {
            throw new TableFormatException($"{place}: the file does not start as a .npy file does");
        }

        var version = prefix[6];
        if (version is not (1 or 2 or 3) || prefix[7] != 0)
        {
            throw new TableFormatException($"{place}: .npy version {version}.{prefix[7]} is not known; 1.0, 2.0 or 3.0 is required");
        }

        Span<byte> lengthBytes = stackalloc byte[version == 1 ? sizeof(ushort) : sizeof(uint)];
        ReadFully(stream, lengthBytes, place);
        var length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes) : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (stream.CanSeek && length > stream.Length - stream.Position)
        {
            throw Truncated(place);
        }

        if (length > MaxLength)
        {
            throw new TableFormatException($"{place}: the header says it is {length} bytes long; at most {MaxLength} are expected");
        }

        var text = new byte[length];
        ReadFully(stream, text, place);
        var dictionary = (version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(text);
        return NpyDictionary.Parse(dictionary)
            ?? throw new TableFormatException($"{place}: the header {ErrorText.Quoted(dictionary.TrimEnd())} is not that of an array");
    }

    /// <summary>Throws where an array has more numbers than a table in memory.</summary>
    internal void CheckFitsTable(string place)
    {
        if (Rows > Array.MaxLength / Columns)
        {
            throw TooLarge(Shape, place);
        }
    }

    /// <summary>Makes a header of version 1.0, padded with spaces so that the data start at a multiple of 64 bytes.</summary>
    internal static byte[] Write(long rows, int columns, bool isSingle = false) =>
        Write(isSingle ? "<f4" : "<f8", FormattableString.Invariant($"({rows}, {columns})"));

    /// <summary>Makes a header of a dtype and a shape as Python writes them.</summary>
    internal static byte[] Write(string descr, string shape)
    {
        var dictionary = $"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}";
        const int Before = PrefixLength + sizeof(ushort);
        var total = (Before + dictionary.Length + 1 + Alignment - 1) / Alignment * Alignment;
        var result = new byte[total];
        Magic.CopyTo(result);
        result[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(result.AsSpan(PrefixLength), (ushort)(total - Before));
        result.AsSpan(Before).Fill((byte)' ');
        Encoding.ASCII.GetBytes(dictionary, result.AsSpan(Before));
        result[^1] = (byte)'\n';
        return result;
    }

    private static NpyHeader Table(NpyDictionary dictionary, string place)
    {
        if (dictionary.Descr is null && dictionary.Fields is null)
        {
            throw new TableFormatException($"{place}: the dtype has fields that have fields; fields of numbers are required");
        }

        var shape = dictionary.Shape;
        var shown = ErrorText.Quoted(dictionary.ShapeText);
        if (shape.Count is not (1 or 2))
        {
            throw new TableFormatException($"{place}: shape {shown} has {ErrorText.Count(shape.Count, "dimension")}; 1 or 2 are required"
                + (shape.Count > 2 ? ", as a.reshape(len(a), -1) gives" : ""));
        }

        var rows = shape[0];
        var columns = shape.Count == 2 ? shape[1] : 1;
        if (rows == 0 || columns == 0)
        {
            throw new TableFormatException($"{place}: shape {shown} holds no numbers");
        }

        // Then bytes of rows and of columns can be counted.
        if (columns > Array.MaxLength || rows > MaxNumbers / columns)
        {
            throw TooLarge(shown, place);
        }

        if (dictionary.Fields is not null && columns > 1)
        {
            throw new TableFormatException($"{place}: shape {shown} of records has 2 dimensions; 1 is required");
        }

        return new NpyHeader(dictionary.Descr, dictionary.Fields, dictionary.FortranOrder, rows, (int)columns) { Shape = shown };
    }

    private static void ReadFully(Stream stream, Span<byte> bytes, string place)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw Truncated(place);
        }
    }

    private static TableFormatException TooLarge(string shape, string place) =>
        new($"{place}: shape {shape} holds more than {Array.MaxLength} numbers, the most that fit in one table");

    private static TableFormatException Truncated(string place) => new($"{place}: the file ends within its header");
}
