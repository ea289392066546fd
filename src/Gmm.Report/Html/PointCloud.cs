using System.Text.Json;
using Gmm.Fast;

namespace Gmm.Report.Html;

/// <summary>The drawn points of a subject and the parameters of a mixture in the form that the page's script reads.</summary>
internal static class PointCloud
{
    // Of the points before base64 makes 4/3 of it: with plotly.js of 3.6 MB and everything else the page stays well below 12 MB.
    private const int MostBytes = 4_500_000;

    /// <summary>How many points are drawn: <see cref="PointSample.DefaultLimit"/>, or what fits where they have very many dimensions.</summary>
    public static int Limit(int dimensions, int components)
    {
        var bytes = 4 * dimensions + 4 * Math.Min(components, Survey.MostShares) + 3 + 4;
        return Math.Min(PointSample.DefaultLimit, MostBytes / bytes);
    }

    public static void Write(Utf8JsonWriter json, Subject subject, Survey survey, int[] dimensions)
    {
        var (d, n) = (subject.Model.Dimension, survey.Drawn.Length);
        json.WriteStartObject();
        json.WriteNumber("count", n);
        json.WriteNumber("components", subject.Model.ComponentCount);
        json.WriteStartArray("colorsOfComponents");
        for (var k = 0; k < subject.Model.ComponentCount; k++) json.WriteStringValue(Palette.Component(k).Hex);
        json.WriteEndArray();
        if (n < subject.Count) json.Binary<int>("rows", survey.Drawn);
        json.WriteNumber("shares", survey.Shares);
        json.Binary<ushort>("shareComponents", survey.ShareComponents);
        json.Binary<ushort>("shareValues", survey.ShareValues);
        json.WriteBase64String("colors", survey.Colors);
        json.WriteStartArray("columns");
        var values = new float[n];
        foreach (var j in dimensions)
        {
            // Single precision about the middle of the range keeps seven digits of the differences, also where all values are near 1e8.
            var middle = survey.Minimum[j] / 2 + survey.Maximum[j] / 2;
            for (var i = 0; i < n; i++) values[i] = (float)(subject.Rows[(long)survey.Drawn[i] * d + j] - middle);
            json.WriteStartObject();
            json.WriteString("name", subject.Column(j));
            json.WriteNumber("middle", middle);
            json.WriteNumber("min", survey.Minimum[j]);
            json.WriteNumber("max", survey.Maximum[j]);
            json.Binary<float>("values", values);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Weights, means and lower triangles of the covariances in the given dimensions.</summary>
    public static void WriteModel(Utf8JsonWriter json, GaussianMixture model, int[] dimensions)
    {
        json.WriteStartObject("model");
        json.Numbers("weights", model.Weights);
        json.WriteStartArray("means");
        for (var k = 0; k < model.ComponentCount; k++)
        {
            json.WriteStartArray();
            foreach (var j in dimensions) json.Number(model.Mean(k)[j]);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteStartArray("covariances");
        for (var k = 0; k < model.ComponentCount; k++)
        {
            json.WriteStartArray();
            for (var i = 0; i < dimensions.Length; i++)
            {
                for (var j = 0; j <= i; j++) json.Number(model.Covariance(k, dimensions[i], dimensions[j]));
            }
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
