using System.Runtime.InteropServices;
using System.Text.Json;

namespace Gmm.Report.Html;

/// <summary>Short forms for the JSON of figures.</summary>
internal static class Json
{
    /// <summary>An array of numbers; those that JSON does not know become null, a gap in a line.</summary>
    public static void Numbers(this Utf8JsonWriter json, string name, ReadOnlySpan<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.Number(value);
        json.WriteEndArray();
    }

    public static void Number(this Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteNullValue();
    }

    /// <summary>Numbers as base64 of their bytes, low byte first: a third of the size of decimal digits.</summary>
    public static void Binary<T>(this Utf8JsonWriter json, string name, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        // Every system that .NET 10 runs on but s390x is little-endian, as the typed arrays of every browser are.
        json.WriteBase64String(name, MemoryMarshal.AsBytes(values));
    }

    /// <summary>A text that plotly draws literally: it reads tags such as b or a href as formatting, but not their entities.</summary>
    public static string Literal(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
}
