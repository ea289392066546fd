using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gmm.Fast.Serialization;

namespace Gmm.Fast;

/// <summary>
/// Writes a <see cref="ComponentOrder"/> for System.Text.Json: <c>"found"</c>, <c>"weight"</c>, or <c>{"mean":0}</c> with a dimension. The type names it, so
/// nobody has to add it; it is public for code that is generated, as for native AOT.
/// </summary>
/// <example>
/// Within a document of one's own:
/// <code>
/// using System.Text.Json;
/// using Gmm.Fast;
///
/// var converter = new ComponentOrderConverter();
/// using var stream = new MemoryStream();
/// using (var writer = new Utf8JsonWriter(stream)) converter.Write(writer, ComponentOrder.ByMean(0), JsonSerializerOptions.Default);
/// var reader = new Utf8JsonReader(stream.ToArray());
/// reader.Read();
/// Console.WriteLine(converter.Read(ref reader, typeof(ComponentOrder), JsonSerializerOptions.Default).Dimension);
/// </code>
/// </example>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ComponentOrderConverter : JsonConverter<ComponentOrder>
{
    private const string Mean = "mean";

    private static readonly string[] s_names = ["found", "weight"];
    private static readonly ComponentOrder[] s_orders = [ComponentOrder.AsFound, ComponentOrder.ByWeight];

    /// <inheritdoc/>
    /// <exception cref="JsonException">The value is no order.</exception>
    public override ComponentOrder Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonValue.Read(ref reader, "an order", place => place.Element.ValueKind == JsonValueKind.Object
            ? ComponentOrder.ByMean(place.Required(Mean).Count(0)) : s_orders[place.OneOf(s_names)]);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ComponentOrder value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (value.Dimension is not { } dimension)
        {
            writer.WriteStringValue(s_names[Array.IndexOf(s_orders, value)]);
            return;
        }
        writer.WriteStartObject();
        writer.WriteNumber(Mean, dimension);
        writer.WriteEndObject();
    }
}
