using System.Text.Json;
using Gmm.Fast;

namespace Gmm.Cli.Selecting;

/// <summary>Writes a selection as a JSON document. Numbers that a candidate does not have are null.</summary>
internal static class SelectJson
{
    public static void Write(Stream stream, SelectionResult selection)
    {
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("criterion", SelectionNames.Of(selection.Criterion));
            json.WriteString("status", SelectionNames.Of(selection.Status));
            Name(json, "best", selection.Best);
            if (selection.RunnerUp is { } second) Name(json, "runnerUp", second);
            Number(json, "lead", selection.Lead);
            if (selection.Criterion == SelectionCriterion.CrossValidation) Number(json, "leadStandardError", selection.LeadStandardError);
            json.WriteString("evidence", SelectionNames.Of(selection.Evidence));
            json.WriteStartArray("candidates");
            foreach (var candidate in selection.Candidates) Write(json, candidate);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    private static void Name(Utf8JsonWriter json, string name, SelectionCandidate candidate)
    {
        json.WriteStartObject(name);
        Name(json, candidate);
        json.WriteEndObject();
    }

    private static void Name(Utf8JsonWriter json, SelectionCandidate candidate)
    {
        json.WriteNumber("components", candidate.Components);
        json.WriteString("covariance", CovarianceNames.Of(candidate.CovarianceType));
    }

    private static void Write(Utf8JsonWriter json, SelectionCandidate candidate)
    {
        json.WriteStartObject();
        Name(json, candidate);
        if (candidate.Fit is { } fit)
        {
            json.WriteString("status", FitStatusNames.Of(fit.Status));
            json.WriteNumber("iterations", fit.Iterations);
            json.WriteNumber("freeParameters", candidate.FreeParameters);
            json.WriteNumber("unsupportedComponents", candidate.UnsupportedComponents);
        }
        Number(json, "totalLogLikelihood", candidate.TotalLogLikelihood);
        Number(json, "bic", candidate.Bic);
        Number(json, "aic", candidate.Aic);
        Number(json, "icl", candidate.Icl);
        if (!double.IsNaN(candidate.HeldOutLogDensity))
        {
            Number(json, "heldOutLogDensity", candidate.HeldOutLogDensity);
            Number(json, "heldOutStandardError", candidate.HeldOutStandardError);
        }
        if (candidate.Failure is { } failure) json.WriteString("failure", failure);
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }
}
