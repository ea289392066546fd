using System.Globalization;

namespace Gmm.Data;

/// <summary>Says where the numbers of a record stand.</summary>
internal sealed class NpyRecord
{
    private const int LargestRecord = 1 << 24;
    private const int WidestCharacter = 4;

    private readonly List<(int Offset, NpyElement Element)> _numbers = [];
    private readonly List<string> _names = [];
    private readonly List<string> _leftOut = [];

    /// <summary>The bytes of a record.</summary>
    internal int Size { get; private set; }

    /// <summary>Where each number begins in a record, and how it is read.</summary>
    internal IReadOnlyList<(int Offset, NpyElement Element)> Numbers => _numbers;

    /// <summary>The names of the columns: of the fields that are numbers.</summary>
    internal IReadOnlyList<string> Names => _names;

    /// <summary>The other fields, and what they hold.</summary>
    internal IReadOnlyList<string> LeftOut => _leftOut;

    internal static NpyRecord Of(IReadOnlyList<NpyField> fields, string place)
    {
        var record = new NpyRecord();
        foreach (var field in fields)
        {
            record.Add(field, place);
        }

        return record._numbers.Count > 0 && record.Size > 0 ? record
            : throw new TableFormatException($"{place}: no field of the records is a number; {NpyElement.Required}");
    }

    /// <summary>Reads the numbers of a record.</summary>
    internal void Read(ReadOnlySpan<byte> record, Span<double> into)
    {
        for (var i = 0; i < _numbers.Count; i++)
        {
            var (offset, element) = _numbers[i];
            element.Decode(record[offset..], element.Size, into.Slice(i, 1), 1);
        }
    }

    private void Add(NpyField field, string place)
    {
        var element = NpyElement.Find(field.Descr);
        var size = element?.Size ?? OtherSize(field.Descr);
        if (size is not { } known)
        {
            throw new TableFormatException(
                $"{place}: field {ErrorText.Quoted(field.Name)}: dtype {ErrorText.Quoted(field.Descr)}{NpyElement.Meaning(field.Descr)} is not supported; {NpyElement.Required}");
        }

        if (field.Items > LargestRecord || Size + (known * field.Items) > LargestRecord)
        {
            throw new TableFormatException($"{place}: a record is longer than {LargestRecord >> 20} MiB");
        }

        for (var i = 0; element is { } number && i < field.Items; i++)
        {
            _numbers.Add((Size + (i * number.Size), number));
            _names.Add(field.Items == 1 ? field.Name : FormattableString.Invariant($"{field.Name}[{i}]"));
        }

        if (element is null && field.Name.Length > 0)
        {
            _leftOut.Add($"{ErrorText.Short(field.Name)} ({NpyElement.Meaning(field.Descr).Trim(' ', '(', ')')})");
        }

        Size += (int)(known * field.Items);
    }

    /// <summary>Gives the bytes of an item that is no number and can be passed over; null where that is not known.</summary>
    private static long? OtherSize(string descr)
    {
        var digits = descr.Length > 2 ? descr[2..].Split('[')[0] : "";
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size <= LargestRecord
            ? descr[1] switch
            {
                'S' or 'a' or 'V' or 'M' or 'm' or 'c' => size,
                'U' => (long)size * WidestCharacter,
                _ => null,
            }
            : null;
    }
}
