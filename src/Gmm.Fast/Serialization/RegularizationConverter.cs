using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gmm.Fast.Serialization;

namespace Gmm.Fast;

/// <summary>
/// Writes a <see cref="Regularization"/> for System.Text.Json as model files have it: a number, or <c>{"kind":"relative","value":1E-12}</c>. The type names
/// it, so nobody has to add it; it is public for code that is generated, as for native AOT.
/// </summary>
/// <example>
/// Within a document of one's own:
/// <code>
/// using System.Text.Json;
/// using Gmm.Fast;
///
/// var converter = new RegularizationConverter();
/// using var stream = new MemoryStream();
/// using (var writer = new Utf8JsonWriter(stream)) converter.Write(writer, Regularization.Relative(1e-6), JsonSerializerOptions.Default);
/// var reader = new Utf8JsonReader(stream.ToArray());
/// reader.Read();
/// Console.WriteLine(converter.Read(ref reader, typeof(Regularization), JsonSerializerOptions.Default).IsRelative);
/// </code>
/// </example>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RegularizationConverter : JsonConverter<Regularization>
{
    /// <inheritdoc/>
    /// <exception cref="JsonException">The value is no regularization.</exception>
    public override Regularization Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonValue.Read(ref reader, "a regularization", ModelJson.ReadRegularization);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Regularization value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ModelJson.WriteRegularizationValue(writer, value);
    }
}
