using System.Globalization;
using System.Text.Json;
using Gmm.Fast.Internals;

namespace Gmm.Fast.Serialization;

/// <summary>
/// Reads a JSON value and keeps its place, so that every message names it: "means[2][0] is a string; a number is required". The text of a place in
/// a list is made only for a message, since it takes much more memory than the number that it names.
/// </summary>
internal readonly record struct JsonPlace(JsonElement Element, string Start, int Index = -1)
{
    /// <summary>The path of the outermost value.</summary>
    public const string Root = "the document";

    /// <summary>Gives the value of a name, or fails.</summary>
    public JsonPlace Required(string name)
    {
        if (Optional(name) is { } value) return value;
        Fail($"has no '{name}'");
        return default;
    }

    /// <summary>Gives the value of a name, or null.</summary>
    public JsonPlace? Optional(string name)
    {
        if (Element.ValueKind != JsonValueKind.Object) Fail($"is {Kind}; an object is required");
        return Element.TryGetProperty(name, out var value) ? new JsonPlace(value, Path == Root ? name : $"{Path}.{name}") : null;
    }

    public int Length(int? required = null)
    {
        if (Element.ValueKind != JsonValueKind.Array) Fail($"is {Kind}; an array is required");
        var length = Element.GetArrayLength();
        if (required is { } n && length != n) Fail($"has {length} entries; {n} are required");
        return length;
    }

    public IEnumerable<JsonPlace> Items(int? required = null)
    {
        Length(required);
        var path = Path;
        return Element.EnumerateArray().Select((item, i) => new JsonPlace(item, path, i));
    }

    public double[] Vector() => Numbers(Length());

    /// <summary>Gives the numbers of nested arrays of the given shape, flattened.</summary>
    public double[] Numbers(params ReadOnlySpan<int> shape)
    {
        // Counts before it allocates: each length may be right, and their product may still exceed the numbers in the text.
        var numbers = 0;
        if (!Visit(Element, shape, [], ref numbers)) Complain(shape);
        var (values, at) = (new double[numbers], 0);
        Visit(Element, shape, values, ref at);
        return values;
    }

    public double Number()
    {
        if (Element.ValueKind != JsonValueKind.Number) Fail($"is {Kind}; a number is required");
        var value = Element.GetDouble();
        if (!double.IsFinite(value)) Fail($"is {Shown(Element.GetRawText())}; a number in the range of a double is required");
        return value;
    }

    public double NonNegative()
    {
        var value = Number();
        if (value < 0) Fail(string.Create(CultureInfo.InvariantCulture, $"is {value}; at least 0 is required"));
        return value;
    }

    public int Count(int minimum)
    {
        var value = Integer(minimum);
        if (value > int.MaxValue) Fail($"is {value}; at most {int.MaxValue} is required");
        return (int)value;
    }

    public long Integer(long minimum)
    {
        if (Element.ValueKind != JsonValueKind.Number || !Element.TryGetInt64(out var value)) value = FailInteger();
        if (value < minimum) Fail(string.Create(CultureInfo.InvariantCulture, $"is {value}; at least {minimum} is required"));
        return value;
    }

    public string String()
    {
        if (Element.ValueKind != JsonValueKind.String) Fail($"is {Kind}; a string is required");
        try
        {
            return Element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Bytes that are not UTF-8, or half a surrogate pair.
            Fail("is not valid Unicode text");
            return "";
        }
    }

    public int OneOf(string[] names)
    {
        var name = String();
        var index = Array.IndexOf(names, name);
        if (index < 0) Fail($"is '{Shown(name)}'; {string.Join(", ", names)} are possible");
        return index;
    }

    /// <summary>Makes one line of text of the document, for a message, cut after <paramref name="longest"/> characters.</summary>
    public static string Shown(string text, int longest = 40)
    {
        var cut = text.Length > longest ? string.Concat(text.AsSpan(0, longest), "...") : text;
        return string.Concat(cut.Select(c => char.IsControl(c) ? ' ' : c));
    }

    public void Fail(string problem) => Throw.InvalidModel($"{Path} {problem}");

    private string Path => Index < 0 ? Start : string.Create(CultureInfo.InvariantCulture, $"{Start}[{Index}]");

    private string Kind => Element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    // Counts the numbers, and copies them if values is not empty. Returns false where the shape differs.
    private static bool Visit(JsonElement element, ReadOnlySpan<int> shape, Span<double> values, ref int at)
    {
        if (shape.IsEmpty)
        {
            if (element.ValueKind != JsonValueKind.Number || !double.IsFinite(element.GetDouble())) return false;
            if (!values.IsEmpty) values[at] = element.GetDouble();
            at++;
            return true;
        }
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() != shape[0]) return false;
        foreach (var item in element.EnumerateArray())
        {
            if (!Visit(item, shape[1..], values, ref at)) return false;
        }
        return true;
    }

    private void Complain(ReadOnlySpan<int> shape)
    {
        if (shape.IsEmpty)
        {
            Number();
        }
        else
        {
            foreach (var item in Items(shape[0]))
            {
                var numbers = 0;
                if (!Visit(item.Element, shape[1..], [], ref numbers)) item.Complain(shape[1..]);
            }
        }
    }

    private long FailInteger()
    {
        Fail($"is {(Element.ValueKind == JsonValueKind.Number ? Shown(Element.GetRawText()) : Kind)}; a whole number is required");
        return 0;
    }
}
