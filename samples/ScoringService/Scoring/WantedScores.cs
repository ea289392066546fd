using System.Text.Json;

namespace ScoringService.Scoring;

/// <summary>Names what a request asks for. Answers have them in this order.</summary>
[Flags]
internal enum WantedScores
{
    LogDensity = 1,
    Label = 2,
    Responsibilities = 4,
    Outlier = 8,
    TailProbability = 16,
}

/// <summary>Gives the names of scores in queries and answers.</summary>
internal static class ScoreNames
{
    public static readonly (WantedScores Score, JsonEncodedText Name)[] All =
    [
        (WantedScores.LogDensity, JsonEncodedText.Encode("logDensity")),
        (WantedScores.Label, JsonEncodedText.Encode("label")),
        (WantedScores.Responsibilities, JsonEncodedText.Encode("responsibilities")),
        (WantedScores.Outlier, JsonEncodedText.Encode("outlier")),
        (WantedScores.TailProbability, JsonEncodedText.Encode("tailProbability")),
    ];

    /// <summary>Gives the score of a name, or none.</summary>
    public static WantedScores Of(string name) => All.FirstOrDefault(pair => pair.Name.Value == name).Score;
}
