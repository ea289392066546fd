using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gmm.Fast.Serialization;

namespace Gmm.Fast;

/// <summary>
/// Writes a <see cref="StopRule"/> for System.Text.Json as model files have it: <c>{"stop":"total","tolerance":0.0001}</c>. The type names it, so nobody
/// has to add it; it is public for code that is generated, as for native AOT.
/// </summary>
/// <example>
/// Within a document of one's own:
/// <code>
/// using System.Text.Json;
/// using Gmm.Fast;
///
/// var converter = new StopRuleConverter();
/// using var stream = new MemoryStream();
/// using (var writer = new Utf8JsonWriter(stream)) converter.Write(writer, StopRule.TotalRise(), JsonSerializerOptions.Default);
/// var reader = new Utf8JsonReader(stream.ToArray());
/// reader.Read();
/// Console.WriteLine(converter.Read(ref reader, typeof(StopRule), JsonSerializerOptions.Default).Kind);
/// </code>
/// </example>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StopRuleConverter : JsonConverter<StopRule>
{
    /// <inheritdoc/>
    /// <exception cref="JsonException">The value is no stop rule.</exception>
    public override StopRule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonValue.Read(ref reader, "a stop rule", ModelJson.ReadStop);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, StopRule value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        ModelJson.WriteStop(writer, value);
        writer.WriteEndObject();
    }
}
