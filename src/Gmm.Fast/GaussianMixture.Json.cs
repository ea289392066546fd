using System.Text;
using Gmm.Fast.Serialization;

namespace Gmm.Fast;

public sealed partial class GaussianMixture
{
    /// <summary>Writes the model as JSON; reading it back gives the same bits.</summary>
    /// <param name="stream">Receives UTF-8 text; stays open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ModelJson.Write(stream, this, null);
    }

    /// <summary>The model as JSON text; reading it back gives the same bits.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        Save(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Reads a model written by <see cref="Save"/> or <see cref="FitResult.Save"/>.</summary>
    /// <param name="stream">UTF-8 text, read to its end; stays open.</param>
    /// <exception cref="InvalidDataException">The text is not such a model; the message names the place, the value and what is required.</exception>
    public static GaussianMixture Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ModelJson.Read(stream).Model;
    }

    /// <summary>Reads a model from JSON text.</summary>
    /// <exception cref="InvalidDataException">The text is not such a model; the message names the place, the value and what is required.</exception>
    public static GaussianMixture FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Load(new MemoryStream(Encoding.UTF8.GetBytes(json)));
    }
}

public sealed partial class FitResult
{
    /// <summary>Writes the model and how it was fitted as JSON; reading it back gives the same bits.</summary>
    /// <param name="stream">Receives UTF-8 text; stays open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ModelJson.Write(stream, Model, this);
    }

    /// <summary>Reads a result written by <see cref="Save"/>; null where the file holds a model alone.</summary>
    /// <param name="stream">UTF-8 text, read to its end; stays open.</param>
    /// <exception cref="InvalidDataException">The text is not such a result; the message names the place, the value and what is required.</exception>
    public static FitResult? Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ModelJson.Read(stream).Fit;
    }
}
