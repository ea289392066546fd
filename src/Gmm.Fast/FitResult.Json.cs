using Gmm.Fast.Serialization;

namespace Gmm.Fast;

public sealed partial class FitResult
{
    /// <summary>Writes the model and the history of its fit as JSON; reading it back gives the same bits.</summary>
    /// <param name="stream">Receives UTF-8 text; stays open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ModelJson.Write(stream, Model.ToFile(_record));
    }

    /// <summary>Reads a result written by <see cref="Save"/>; returns null if the file holds a model alone.</summary>
    /// <param name="stream">UTF-8 text, read to its end; stays open.</param>
    /// <exception cref="InvalidDataException">The text is not such a result; the message names the place, the value and the requirement.</exception>
    public static FitResult? Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var file = ModelJson.Read(stream);
        return file.Fit is { } record ? new FitResult(GaussianMixture.Of(file), record) : null;
    }
}
