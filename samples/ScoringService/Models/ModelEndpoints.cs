using System.Text.Json;
using Microsoft.Net.Http.Headers;
using ScoringService.Host;
using ScoringService.Scoring;

namespace ScoringService.Models;

/// <summary>Serves GET /v1/models and GET /v1/models/{name}: what is served, since when, how good the traffic fits, and which files cannot be used.</summary>
internal static class ModelEndpoints
{
    public static Task ListAsync(HttpContext context) => WriteAsync(context.Response, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("models"u8);
        foreach (var entry in Catalog(context).Entries.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            WriteSummary(json, entry);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    public static Task ShowAsync(HttpContext context)
    {
        var entry = Catalog(context).FindEntry((string)context.Request.RouteValues["name"]!);
        var settings = context.RequestServices.GetRequiredService<ServiceSettings>();
        if (entry.Model is { } served)
        {
            // Weak: recent traffic, which the answer shows too, makes no other model.
            var tag = new EntityTagHeaderValue($"\"{served.Version}-{entry.State}\"", isWeak: true);
            context.Response.Headers.ETag = tag.ToString();
            if (EntityTagHeaderValue.TryParseList(context.Request.Headers.IfNoneMatch, out var known) && known.Any(other => other.Compare(tag, useStrongComparison: false)))
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
        }
        return WriteAsync(context.Response, json =>
        {
            json.WriteStartObject();
            WriteSummary(json, entry);
            if (entry.Model is { } model) WriteDetails(json, model, settings);
            json.WriteEndObject();
        });
    }

    private static ModelCatalog Catalog(HttpContext context) => context.RequestServices.GetRequiredService<ModelCatalog>();

    private static void WriteSummary(Utf8JsonWriter json, ModelEntry entry)
    {
        json.WriteString("name"u8, entry.Name);
        json.WriteString("state"u8, entry.State);
        if (entry.Model is { } model)
        {
            json.WriteString("version"u8, model.Version);
            json.WriteString("loadedAt"u8, model.LoadedAt);
            json.WriteNumber("bytes"u8, model.Bytes);
            json.WriteNumber("components"u8, model.Mixture.ComponentCount);
            json.WriteNumber("dimension"u8, model.Mixture.Dimension);
            json.WriteString("covarianceType"u8, model.Mixture.CovarianceName);
        }
        if (entry.Failure is { } failure)
        {
            json.WriteStartObject("failure"u8);
            json.WriteString("at"u8, failure.At);
            json.WriteString("message"u8, failure.Message);
            json.WriteEndObject();
        }
        if (entry.MissingSince is { } since) json.WriteString("missingSince"u8, since);
    }

    private static void WriteDetails(Utf8JsonWriter json, LoadedModel model, ServiceSettings settings)
    {
        var mixture = model.Mixture;
        if (mixture.ColumnNames is { } names)
        {
            json.WriteStartArray("columns"u8);
            foreach (var name in names) json.WriteStringValue(name);
            json.WriteEndArray();
        }
        json.WriteBoolean("mayHaveGaps"u8, mixture.MissingValues == Gmm.Fast.MissingValues.Marginalize);
        json.WriteStartArray("weights"u8);
        foreach (var weight in mixture.Weights) json.WriteNumberValue(weight);
        json.WriteEndArray();

        json.WriteStartObject("training"u8);
        if (model.TrainingRows is { } rows) json.WriteNumber("rows"u8, rows);
        WriteNumber(json, "meanLogDensity", model.TrainingMean);
        WriteNumber(json, "lowestLogDensity", model.LowestTraining);
        json.WriteEndObject();

        if (mixture.HasDensityQuantiles)
        {
            json.WriteStartObject("anomaly"u8);
            json.WriteNumber("share"u8, settings.Anomaly);
            json.WriteNumber("logDensity"u8, mixture.DensityQuantile(settings.Anomaly));
            json.WriteEndObject();
        }

        var recent = model.Recent.Read();
        json.WriteStartObject("recent"u8);
        json.WriteNumber("seconds"u8, settings.WindowSeconds);
        json.WriteNumber("rows"u8, recent.Rows);
        WriteNumber(json, "meanLogDensity", recent.Mean);
        WriteNumber(json, "drift", recent.Mean - model.TrainingMean);
        WriteNumber(json, "outlierShare", recent.OutlierShare);
        WriteNumber(json, "outOfModelShare", recent.OutOfModelShare);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, number);
    }

    private static async Task WriteAsync(HttpResponse response, Action<Utf8JsonWriter> write)
    {
        response.ContentType = MediaTypes.Json;
        using (var json = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Indented = true }))
        {
            write(json);
            json.Flush();
            response.ContentLength = json.BytesCommitted;
        }
        await response.BodyWriter.FlushAsync();
    }
}
