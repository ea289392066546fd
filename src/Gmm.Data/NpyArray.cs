using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Gmm.Data;

/// <summary>Holds one array of a .npy file with any number of dimensions, of numbers or of text.</summary>
/// <param name="Shape">The lengths; none for a single value.</param>
/// <param name="Values">The numbers, row-major; empty where the array is of text.</param>
/// <param name="Texts">The texts, row-major; null where the array is of numbers.</param>
/// <param name="IsSingle">Whether the numbers are floats of at most 4 bytes.</param>
internal sealed record NpyArray(int[] Shape, double[] Values, string[]? Texts, bool IsSingle)
{
    private const int TextItem = sizeof(uint);

    /// <summary>The shape, for messages.</summary>
    internal string ShapeText => Python(Shape);

    /// <summary>Reads an array. Memory is taken only for data that are there, whatever the header claims.</summary>
    /// <param name="stream">Read to its end, and left open.</param>
    /// <param name="place">The start of an error message.</param>
    /// <param name="required">What is required in place of an element type that cannot be read.</param>
    /// <exception cref="TableFormatException">It is not an array of numbers or text, or damaged.</exception>
    internal static NpyArray Read(Stream stream, string place, string required = NpyElement.Required)
    {
        var header = NpyHeader.ReadDictionary(stream, place);
        var descr = header.Descr ?? throw new TableFormatException($"{place}: the array has fields; one without is required");
        var element = IsText(descr, out var characters) ? null : NpyElement.Find(descr)
            ?? throw new TableFormatException($"{place}: dtype {ErrorText.Quoted(descr)}{NpyElement.Meaning(descr)} is not supported; {required}");
        var size = element?.Size ?? (characters * TextItem);
        var items = 1L;
        foreach (var length in header.Shape)
        {
            if (length > Array.MaxLength)
            {
                throw TooLarge(header, place);
            }

            items = length == 0 ? 0 : items <= Array.MaxLength / length ? items * length : throw TooLarge(header, place);
        }

        if (size == 0 && items > 0)
        {
            throw new TableFormatException($"{place}: dtype {ErrorText.Quoted(descr)} is text without characters; {required}");
        }

        if (items * size > Array.MaxLength)
        {
            throw TooLarge(header, place);
        }

        var bytes = ReadBytes(stream, (int)(items * size), place);
        int[] shape = [.. header.Shape.Select(length => (int)length)];
        if (element is null)
        {
            return new NpyArray(shape, [], Decode(bytes, (int)items, characters, descr[0] == '>'), IsSingle: false);
        }

        var values = new double[items];
        element.Decode(bytes, size, values.AsSpan(), 1);
        return new NpyArray(shape, header.FortranOrder ? RowMajor(values, shape) : values, null, element.IsSingle);
    }

    /// <summary>Writes an array of doubles.</summary>
    internal static void Write(Stream stream, ReadOnlySpan<double> values, params ReadOnlySpan<int> shape)
    {
        stream.Write(NpyHeader.Write("<f8", Python(shape)));
        NpyTable.Write(stream, values);
    }

    /// <summary>Writes a single whole number, or one that is true or false.</summary>
    internal static void Write(Stream stream, long value, bool isBoolean = false)
    {
        stream.Write(NpyHeader.Write(isBoolean ? "|b1" : "<i8", Python([])));
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        stream.Write(isBoolean ? bytes[..1] : bytes);
    }

    /// <summary>Writes texts.</summary>
    internal static void Write(Stream stream, IReadOnlyList<string> texts, params ReadOnlySpan<int> shape)
    {
        int[][] runes = [.. texts.Select(text => text.EnumerateRunes().Select(rune => rune.Value).ToArray())];
        var characters = Math.Max(1, runes.Max(text => text.Length));
        stream.Write(NpyHeader.Write(FormattableString.Invariant($"<U{characters}"), Python(shape)));
        var bytes = new byte[runes.Length * characters * TextItem];
        for (var i = 0; i < runes.Length; i++)
        {
            for (var j = 0; j < runes[i].Length; j++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(((i * characters) + j) * TextItem), runes[i][j]);
            }
        }

        stream.Write(bytes);
    }

    /// <summary>Gives a shape as Python writes it.</summary>
    internal static string Python(ReadOnlySpan<int> shape)
    {
        var lengths = string.Join(", ", shape.ToArray().Select(length => length.ToString(CultureInfo.InvariantCulture)));
        return shape.Length == 1 ? $"({lengths},)" : $"({lengths})";
    }

    /// <summary>Recognizes &lt;U12, text of 12 characters of 4 bytes.</summary>
    private static bool IsText(string descr, out int characters)
    {
        characters = 0;
        return descr is ['<' or '>', 'U', ..] && int.TryParse(descr.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out characters)
            && characters <= Array.MaxLength / TextItem;
    }

    private static byte[] ReadBytes(Stream stream, int needed, string place)
    {
        const int Chunk = 1 << 18;
        using var collected = new MemoryStream();
        var chunk = new byte[Chunk];
        int read;
        while ((read = stream.Read(chunk)) > 0 && collected.Length <= needed)
        {
            collected.Write(chunk, 0, read);
        }

        return collected.Length == needed ? collected.ToArray() : throw new TableFormatException(FormattableString.Invariant(
            $"{place}: the array has {(collected.Length > needed ? "more than " : "")}{Math.Min(collected.Length, needed)} bytes of data; its shape takes {needed}"));
    }

    private static string[] Decode(byte[] bytes, int items, int characters, bool swap)
    {
        var texts = new string[items];
        for (var i = 0; i < items; i++)
        {
            var text = new StringBuilder();
            for (var j = 0; j < characters; j++)
            {
                var at = bytes.AsSpan(((i * characters) + j) * TextItem);
                var rune = swap ? BinaryPrimitives.ReadInt32BigEndian(at) : BinaryPrimitives.ReadInt32LittleEndian(at);
                if (rune != 0)
                {
                    text.Append(Rune.IsValid(rune) ? new Rune(rune).ToString() : Rune.ReplacementChar.ToString());
                }
            }

            texts[i] = text.ToString();
        }

        return texts;
    }

    /// <summary>Turns the order of the dimensions around.</summary>
    private static double[] RowMajor(double[] values, int[] shape)
    {
        var result = new double[values.Length];
        var index = new int[shape.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var from = 0;
            for (var axis = shape.Length - 1; axis >= 0; axis--)
            {
                from = (from * shape[axis]) + index[axis];
            }

            result[i] = values[from];
            for (var axis = shape.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--)
            {
                index[axis] = 0;
            }
        }

        return result;
    }

    private static TableFormatException TooLarge(NpyDictionary header, string place) =>
        new($"{place}: shape {ErrorText.Quoted(header.ShapeText)} takes more than {Array.MaxLength} bytes, the most that an array has");
}
