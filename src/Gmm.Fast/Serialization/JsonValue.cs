using System.Text.Json;

namespace Gmm.Fast.Serialization;

/// <summary>Reads single values for converters of System.Text.Json, with the words of model files.</summary>
internal static class JsonValue
{
    /// <summary>Reads a value.</summary>
    /// <param name="reader">Stands at the value; ends at its last token.</param>
    /// <param name="name">What the value is, for messages.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="JsonException">It is another value; the message names the place, the value and the requirement.</exception>
    public static T Read<T>(ref Utf8JsonReader reader, string name, Func<JsonPlace, T> read)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        try
        {
            return read(new JsonPlace(document.RootElement, name));
        }
        catch (InvalidDataException e)
        {
            throw new JsonException(e.Message, e);
        }
    }
}
