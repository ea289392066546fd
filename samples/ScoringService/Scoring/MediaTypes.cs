using Microsoft.Net.Http.Headers;
using ScoringService.Problems;

namespace ScoringService.Scoring;

/// <summary>Knows the two forms of requests and answers.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string Binary = "application/octet-stream";

    private const string Possible = $"{Json} or {Binary}";

    /// <summary>Tells whether a body is binary; otherwise it is JSON.</summary>
    /// <exception cref="ProblemException">It is neither, or compressed.</exception>
    public static bool IsBinary(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0) throw Unsupported($"the Content-Encoding is '{Shown.Of(request.Headers.ContentEncoding.ToString())}'; none is required");
        if (request.ContentType is Json) return false;
        if (request.ContentType is Binary) return true;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            throw Unsupported(request.ContentType is null ? $"there is no Content-Type; {Possible} is required" : Other(request.ContentType));
        if (type.MediaType.Equals(Binary, StringComparison.OrdinalIgnoreCase)) return true;
        if (!type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)) throw Unsupported(Other(request.ContentType));
        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        if (charset.HasValue && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw Unsupported($"the charset is '{Shown.Of(charset.ToString())}'; utf-8 is required");
        return false;
    }

    /// <summary>Tells whether the answer is binary: the first of Accept that is one of the forms decides, and else the form of the request.</summary>
    public static bool AnswersBinary(HttpRequest request, bool isBinary)
    {
        foreach (var accept in request.Headers.Accept)
        {
            foreach (var range in (accept ?? "").Split(','))
            {
                var type = range.AsSpan(0, range.IndexOf(';') is var end && end < 0 ? range.Length : end).Trim();
                if (type.Equals(Json, StringComparison.OrdinalIgnoreCase)) return false;
                if (type.Equals(Binary, StringComparison.OrdinalIgnoreCase)) return true;
            }
        }
        return isBinary;
    }

    private static string Other(string? contentType) => $"the Content-Type is '{Shown.Of(contentType ?? "")}'; {Possible} is required";

    private static ProblemException Unsupported(string detail) => new(new Problem(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", detail));
}
