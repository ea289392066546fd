using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace ScoringService.Problems;

/// <summary>Writes problem details as application/problem+json.</summary>
internal static class ProblemWriter
{
    private const string ContentType = "application/problem+json";

    // Quotation marks as they are: nobody takes this type for HTML.
    private static readonly JsonWriterOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = ContentType;
        using (var json = new Utf8JsonWriter(response.BodyWriter, s_readable))
        {
            Write(json, problem, Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier);
            json.Flush();
            response.ContentLength = json.BytesCommitted;
        }
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, Problem problem, string traceId)
    {
        json.WriteStartObject();

        // Without a page of its own for each code, the type is the one that RFC 9457 gives to a status.
        json.WriteString("type"u8, "about:blank"u8);
        json.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(problem.Status));
        json.WriteNumber("status"u8, problem.Status);
        json.WriteString("detail"u8, problem.Detail);
        json.WriteString("code"u8, problem.Code);
        if (problem.Row is { } row) json.WriteNumber("row"u8, row);
        if (problem.Column is { } column) json.WriteNumber("column"u8, column);
        if (problem.ColumnName is { } name) json.WriteString("columnName"u8, name);
        if (problem.Line is { } line) json.WriteNumber("line"u8, line);
        if (problem.BytePosition is { } position) json.WriteNumber("bytePosition"u8, position);
        if (problem.Near.Count > 0)
        {
            json.WriteStartArray("near"u8);
            foreach (var near in problem.Near) json.WriteStringValue(near);
            json.WriteEndArray();
        }
        json.WriteString("traceId"u8, traceId);
        json.WriteEndObject();
    }
}
