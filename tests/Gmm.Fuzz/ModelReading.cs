using Gmm.Fast;

namespace Gmm.Fuzz;

/// <summary>Model files; what is read can be written and read again, digit by digit.</summary>
internal static class ModelReading
{
    private static readonly string[] s_tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\ud800", "\\u0000", "\\n", "null", "true", "\"weights\"", "\"means\"", "\"covariances\"", "\"covarianceType\"",
        "\"full\"", "\"tied\"", "\"diag\"", "\"spherical\"", "\"fit\"", "\"trace\"", "\"seed\"", "\"columns\"", "\"failure\"", "//", "[[1]]", "[[[1]]]", "[1]",
    ];

    /// <summary>The parser's table has 12 bytes for each token, of which the shortest, a digit and its comma, has two; tables and copies double as they grow.</summary>
    internal static Reader Reader { get; } = new(
        "json", s_tokens, typeof(InvalidDataException),
        bytes => GaussianMixture.Load(new MemoryStream(bytes)),
        bytes => FitResult.Load(new Pipe(bytes)),
        bytes => FitRound.Load(new MemoryStream(bytes)))
    { Check = Check, BytesPerByte = 32 };

    private static string? Check(object?[] answers)
    {
        if (answers[0] is GaussianMixture model)
        {
            var json = model.ToJson();
            if (GaussianMixture.FromJson(json).ToJson() != json) return "the model, written and read again, differs";
        }
        if (answers[2] is FitRound round)
        {
            using var saved = new MemoryStream();
            using var again = new MemoryStream();
            round.Save(saved);
            saved.Position = 0;
            FitRound.Load(saved).Save(again);
            if (!saved.ToArray().AsSpan().SequenceEqual(again.ToArray())) return "the round, written and read again, differs";
        }
        if (answers[1] is not FitResult fit) return null;
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        fit.Save(first);
        first.Position = 0;
        FitResult.Load(first)!.Save(second);
        return first.ToArray().AsSpan().SequenceEqual(second.ToArray()) ? null : "the result, written and read again, differs";
    }
}
