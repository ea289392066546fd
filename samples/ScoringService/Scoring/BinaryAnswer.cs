using System.Buffers.Binary;

namespace ScoringService.Scoring;

/// <summary>
/// Writes a row of little-endian float64 for each row: the scores that were asked for, in the order of <see cref="WantedScores"/>. An outlier is 1,
/// another row 0, and NaN says that a row does not compare.
/// </summary>
internal static class BinaryAnswer
{
    private const int Piece = 64 << 10;

    public static async Task WriteAsync(HttpResponse response, ScoredRows scores, CancellationToken cancellation)
    {
        var bytesPerRow = ScoredRows.Width(scores.Wanted, scores.Components) * sizeof(double);
        response.ContentType = MediaTypes.Binary;
        response.ContentLength = (long)scores.Count * bytesPerRow;
        var rowsPerPiece = Math.Max(1, Piece / bytesPerRow);
        for (var row = 0; row < scores.Count; row += rowsPerPiece)
        {
            var count = Math.Min(rowsPerPiece, scores.Count - row);
            var piece = response.BodyWriter.GetSpan(count * bytesPerRow);
            for (var i = row; i < row + count; i++) Write(scores, i, ref piece);
            response.BodyWriter.Advance(count * bytesPerRow);
            await response.BodyWriter.FlushAsync(cancellation);
        }
    }

    private static void Write(ScoredRows scores, int row, ref Span<byte> into)
    {
        var tail = scores.TailProbabilities[row];
        if (scores.Wanted.HasFlag(WantedScores.LogDensity)) Put(scores.LogDensities[row], ref into);
        if (scores.Wanted.HasFlag(WantedScores.Label)) Put(scores.Labels[row], ref into);
        if (scores.Wanted.HasFlag(WantedScores.Responsibilities))
        {
            foreach (var share in scores.Responsibilities.Slice(row * scores.Components, scores.Components)) Put(share, ref into);
        }
        if (scores.Wanted.HasFlag(WantedScores.Outlier)) Put(double.IsNaN(tail) ? tail : tail <= scores.Anomaly ? 1 : 0, ref into);
        if (scores.Wanted.HasFlag(WantedScores.TailProbability)) Put(tail, ref into);
    }

    private static void Put(double number, ref Span<byte> into)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(into, number);
        into = into[sizeof(double)..];
    }
}
