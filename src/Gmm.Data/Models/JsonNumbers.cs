using System.Text.Json;

namespace Gmm.Data.Models;

/// <summary>Reads numbers in nested arrays of JSON as R writes vectors, matrices and arrays; one number may stand for a vector of one.</summary>
internal static class JsonNumbers
{
    /// <summary>Gives a member of an object, or fails.</summary>
    /// <param name="parent">The object.</param>
    /// <param name="name">The member.</param>
    /// <param name="place">What the object is called in messages.</param>
    internal static JsonElement Member(JsonElement parent, string name, string place) =>
        Optional(parent, name, place) ?? throw new TableFormatException($"{place} has no '{name}'");

    /// <summary>Gives a member of an object, null where there is none; fails where it is no object.</summary>
    /// <param name="parent">The object.</param>
    /// <param name="name">The member.</param>
    /// <param name="place">What the object is called in messages.</param>
    internal static JsonElement? Optional(JsonElement parent, string name, string place)
    {
        if (parent.ValueKind != JsonValueKind.Object)
        {
            throw new TableFormatException($"{place} is {Kind(parent)}; an object is required");
        }

        return parent.TryGetProperty(name, out var value) ? value : null;
    }

    /// <summary>Gives the numbers of a vector, a matrix or an array, row-major.</summary>
    /// <param name="value">A number, or arrays nested as deep as there are lengths; dimensions of length 1 may be left out.</param>
    /// <param name="place">What the value is called in messages.</param>
    /// <param name="shape">The lengths.</param>
    internal static double[] Read(JsonElement value, string place, params ReadOnlySpan<int> shape)
    {
        List<int> lengths = [];
        for (var inner = value; inner.ValueKind == JsonValueKind.Array; inner = inner[0])
        {
            lengths.Add(inner.GetArrayLength());
            if (lengths[^1] == 0)
            {
                throw new TableFormatException($"{place} holds an empty array");
            }
        }

        int[] wanted = shape.ToArray();
        if (!lengths.Where(length => length > 1).SequenceEqual(wanted.Where(length => length > 1)))
        {
            throw new TableFormatException(FormattableString.Invariant(
                $"{place} has lengths [{string.Join(", ", lengths)}]; [{string.Join(", ", wanted)}] are required"));
        }

        var numbers = new List<double>();
        Collect(value, place, [.. lengths], numbers);
        return [.. numbers];
    }

    /// <summary>Gives a whole number of at least 1.</summary>
    internal static int Count(JsonElement value, string place)
    {
        var number = Read(value, place)[0];
        return number is >= 1 and <= int.MaxValue && number == Math.Floor(number)
            ? (int)number : throw new TableFormatException(FormattableString.Invariant($"{place} is {number}; a whole number of at least 1 is required"));
    }

    /// <summary>Gives text, also where it is an array of one.</summary>
    internal static string Text(JsonElement value, string place)
    {
        var inner = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1 ? value[0] : value;
        return inner.ValueKind == JsonValueKind.String ? inner.GetString()! : throw new TableFormatException($"{place} is {Kind(value)}; a string is required");
    }

    private static void Collect(JsonElement value, string place, ReadOnlySpan<int> lengths, List<double> numbers)
    {
        if (lengths.IsEmpty)
        {
            if (value.ValueKind != JsonValueKind.Number || !double.IsFinite(value.GetDouble()))
            {
                throw new TableFormatException($"{place} holds {(value.ValueKind == JsonValueKind.Number ? ErrorText.Short(value.GetRawText()) : Kind(value))}; "
                    + "finite numbers are required");
            }

            numbers.Add(value.GetDouble());
            return;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != lengths[0])
        {
            throw new TableFormatException(FormattableString.Invariant($"{place} has inner arrays of different lengths; {lengths[0]} numbers or arrays are required in each"));
        }

        foreach (var item in value.EnumerateArray())
        {
            Collect(item, place, lengths[1..], numbers);
        }
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
