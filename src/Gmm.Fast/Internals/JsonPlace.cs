using System.Globalization;
using System.Text.Json;

namespace Gmm.Fast.Internals;

/// <summary>A JSON value and where it stands, so that every complaint names the place: "means[2][0] is a string; a number is required".</summary>
internal readonly record struct JsonPlace(JsonElement Element, string Path)
{
    /// <summary>The path of the outermost value.</summary>
    public const string Root = "the document";

    public JsonPlace Required(string name)
    {
        if (Optional(name) is { } value) return value;
        Fail($"has no '{name}'");
        return default;
    }

    public JsonPlace? Optional(string name)
    {
        if (Element.ValueKind != JsonValueKind.Object) Fail($"is {Kind}; an object is required");
        return Element.TryGetProperty(name, out var value) ? new JsonPlace(value, Path == Root ? name : $"{Path}.{name}") : null;
    }

    public JsonPlace[] Items(int? required = null)
    {
        if (Element.ValueKind != JsonValueKind.Array) Fail($"is {Kind}; an array is required");
        var length = Element.GetArrayLength();
        if (required is { } n && length != n) Fail($"has {length} entries; {n} are required");
        var (path, items, i) = (Path, new JsonPlace[length], 0);
        foreach (var item in Element.EnumerateArray()) items[i] = new JsonPlace(item, $"{path}[{i++}]");
        return items;
    }

    public double[] Vector() => Numbers(Items().Length);

    /// <summary>Nested arrays of the given shape, flattened.</summary>
    public double[] Numbers(params ReadOnlySpan<int> shape)
    {
        var items = Items(shape[0]);
        var inner = shape[1..];
        if (inner.IsEmpty) return Array.ConvertAll(items, item => item.Number());
        var values = new List<double>();
        foreach (var item in items) values.AddRange(item.Numbers(inner));
        return [.. values];
    }

    public double Number()
    {
        if (Element.ValueKind != JsonValueKind.Number) Fail($"is {Kind}; a number is required");
        var value = Element.GetDouble();
        if (!double.IsFinite(value)) Fail($"is {Element.GetRawText()}; a number in the range of a double is required");
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
        if (value < minimum) Fail($"is {value}; at least {minimum} is required");
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
            // Bytes that are no UTF-8, or half a surrogate pair.
            Fail("is not valid Unicode text");
            return "";
        }
    }

    public int OneOf(string[] names)
    {
        var name = String();
        var index = Array.IndexOf(names, name);
        if (index < 0) Fail($"is '{name}'; {string.Join(", ", names)} are possible");
        return index;
    }

    public void Fail(string problem) => Throw.InvalidModel($"{Path} {problem}");

    private string Kind => Element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private long FailInteger()
    {
        Fail($"is {(Element.ValueKind == JsonValueKind.Number ? Element.GetRawText() : Kind)}; a whole number is required");
        return 0;
    }
}
