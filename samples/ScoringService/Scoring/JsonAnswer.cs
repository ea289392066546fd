using System.Text.Json;

namespace ScoringService.Scoring;

/// <summary>Writes {"model", "version", "rows", and an array for each score that was asked for}.</summary>
internal static class JsonAnswer
{
    // A short answer is one write with its length; a long one goes out in pieces.
    private const int Piece = 64 << 10;

    public static async Task WriteAsync(HttpResponse response, string name, string version, ScoredRows scores, CancellationToken cancellation)
    {
        response.ContentType = MediaTypes.Json;
        var body = response.BodyWriter;
        using var json = new Utf8JsonWriter(body, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("model"u8, name);
        json.WriteString("version"u8, version);
        json.WriteNumber("rows"u8, scores.Count);
        foreach (var (score, scoreName) in ScoreNames.All)
        {
            if (!scores.Wanted.HasFlag(score)) continue;
            json.WriteStartArray(scoreName);
            for (var row = 0; row < scores.Count;)
            {
                row = Write(json, scores, score, row);
                if (json.BytesPending < Piece) continue;
                json.Flush();
                await body.FlushAsync(cancellation);
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.Flush();
        if (!response.HasStarted) response.ContentLength = json.BytesCommitted;
        await body.FlushAsync(cancellation);
    }

    // Writes rows from one on until a piece is full; gives the next row.
    private static int Write(Utf8JsonWriter json, ScoredRows scores, WantedScores score, int row)
    {
        for (; row < scores.Count && json.BytesPending < Piece; row++)
        {
            switch (score)
            {
                case WantedScores.LogDensity:
                    json.WriteNumberValue(scores.LogDensities[row]);
                    break;
                case WantedScores.Label:
                    json.WriteNumberValue(scores.Labels[row]);
                    break;
                case WantedScores.Responsibilities:
                    json.WriteStartArray();
                    foreach (var share in scores.Responsibilities.Slice(row * scores.Components, scores.Components)) json.WriteNumberValue(share);
                    json.WriteEndArray();
                    break;
                case WantedScores.Outlier when double.IsFinite(scores.TailProbabilities[row]):
                    json.WriteBooleanValue(scores.TailProbabilities[row] <= scores.Anomaly);
                    break;
                case WantedScores.TailProbability when double.IsFinite(scores.TailProbabilities[row]):
                    json.WriteNumberValue(scores.TailProbabilities[row]);
                    break;
                default:
                    json.WriteNullValue();
                    break;
            }
        }
        return row;
    }
}
