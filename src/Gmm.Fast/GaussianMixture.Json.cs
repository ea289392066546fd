using System.Text;
using Gmm.Fast.Em;
using Gmm.Fast.Serialization;

namespace Gmm.Fast;

public sealed partial class GaussianMixture
{
    /// <summary>Writes the model as JSON; reading it back gives the same bits.</summary>
    /// <param name="stream">Receives UTF-8 text; stays open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ModelJson.Write(stream, ToFile(null));
    }

    /// <summary>Gives the model as JSON text; reading it back gives the same bits.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        Save(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Reads a model written by <see cref="Save"/> or <see cref="FitResult.Save"/>.</summary>
    /// <param name="stream">UTF-8 text, read to its end; stays open.</param>
    /// <exception cref="InvalidDataException">The text is not such a model; the message names the place, the value and the requirement.</exception>
    public static GaussianMixture Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Of(ModelJson.Read(stream));
    }

    /// <summary>Reads a model from JSON text.</summary>
    /// <param name="json">Text written by <see cref="ToJson"/>.</param>
    /// <exception cref="InvalidDataException">The text is not such a model; the message names the place, the value and the requirement.</exception>
    public static GaussianMixture FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Load(new MemoryStream(Encoding.UTF8.GetBytes(json)));
    }

    internal static GaussianMixture Of(ModelFile file) =>
        new GaussianMixture(file.Mixture, file.ColumnNames, file.Quantiles).WithMissingValues(file.MissingValues);

    internal ModelFile ToFile(FitRecord? fit) => new(Mixture, ColumnNames, MissingValues, fit, Quantiles);
}
