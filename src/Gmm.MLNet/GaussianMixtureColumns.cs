namespace Gmm.MLNet;

/// <summary>Names the columns that a mixture adds.</summary>
public static class GaussianMixtureColumns
{
    /// <summary>Key of K values: the component with the largest responsibility. Keys count from 1; their values are the numbers of components, from 0, as text.</summary>
    public const string PredictedLabel = "PredictedLabel";

    /// <summary>
    /// Vector of K floats: minus the logarithms of the responsibilities. They are distances, as the scores of clusters in ML.NET are: the smallest one is the
    /// component's, and the metrics of <c>Clustering.Evaluate</c> read them. They take no infinity, so the largest float stands for one.
    /// </summary>
    public const string Score = "Score";

    /// <summary>Vector of K floats: the responsibilities, which sum to 1.</summary>
    public const string Responsibilities = "Responsibilities";

    /// <summary>Float: the log-density ln p(x) of the point, in nats; the smaller, the more unusual is the point.</summary>
    public const string LogDensity = "LogDensity";

    internal static readonly string[] All = [PredictedLabel, Score, Responsibilities, LogDensity];
}
