using System.Globalization;
using Microsoft.Extensions.Primitives;
using ScoringService.Models;
using ScoringService.Problems;

namespace ScoringService.Scoring;

/// <summary>Holds what stands behind the ? of a request: ?outputs=logDensity,label&amp;anomaly=0.02, and of binary bodies &amp;columns=4&amp;dtype=float32.</summary>
/// <param name="Wanted">What to answer.</param>
/// <param name="Anomaly">The share of the rows of the fit as unlikely as which a row is an outlier.</param>
/// <param name="Columns">The number of columns of a binary body; null where it is not said.</param>
/// <param name="IsSingle">Whether numbers of a binary body have 4 bytes; null where it is not said.</param>
internal sealed record ScoreQuery(WantedScores Wanted, double Anomaly, int? Columns, bool? IsSingle)
{
    private const WantedScores Usual = WantedScores.LogDensity | WantedScores.Label;

    /// <summary>Reads a query.</summary>
    /// <param name="request">The request.</param>
    /// <param name="anomaly">The share of outliers where the request does not say one.</param>
    /// <exception cref="ProblemException">A name is not known, or a value cannot be used.</exception>
    public static ScoreQuery Of(HttpRequest request, double anomaly)
    {
        var query = new ScoreQuery(Usual, anomaly, null, null);
        if (!request.QueryString.HasValue) return query;
        foreach (var (name, values) in request.Query)
        {
            query = name switch
            {
                "outputs" => query with { Wanted = Outputs(values) },
                "anomaly" => query with { Anomaly = Share(One(name, values)) },
                "columns" => query with { Columns = Count(One(name, values)) },
                "dtype" => query with { IsSingle = IsFloat(One(name, values)) },
                _ => throw Bad($"'{Shown.Of(name)}' is not known; outputs, anomaly, columns and dtype are possible"),
            };
        }
        return query;
    }

    /// <summary>Refuses what the model cannot answer.</summary>
    /// <exception cref="ProblemException">The file of the model has no density quantiles, and they are asked for.</exception>
    public void CheckFor(LoadedModel model)
    {
        if ((Wanted & (WantedScores.Outlier | WantedScores.TailProbability)) != 0 && !model.Mixture.HasDensityQuantiles)
        {
            throw Bad("outlier and tailProbability need the distribution of the log-densities of the fit, which the file of this model does not have; "
                + "gmm fit DATA --continue MODEL -o MODEL adds it");
        }
    }

    private static WantedScores Outputs(StringValues values)
    {
        WantedScores wanted = 0;
        foreach (var name in values.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)))
        {
            var score = ScoreNames.Of(name);
            if (score == 0) throw Bad($"outputs has '{Shown.Of(name)}'; {string.Join(", ", ScoreNames.All.Select(pair => pair.Name))} are possible");
            wanted |= score;
        }
        return wanted;
    }

    private static double Share(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1
            ? share
            : throw Bad($"anomaly is '{Shown.Of(text)}'; a share from 0 to 1 is required");

    private static int Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw Bad($"columns is '{Shown.Of(text)}'; the number of columns is required");

    private static bool IsFloat(string text) => text switch
    {
        "float64" => false,
        "float32" => true,
        _ => throw Bad($"dtype is '{Shown.Of(text)}'; float64 or float32 is required"),
    };

    private static string One(string name, StringValues values) =>
        values.Count == 1 ? values[0] ?? "" : throw Bad($"{name} stands {values.Count} times; once is required");

    private static ProblemException Bad(string detail) => new(new Problem(StatusCodes.Status400BadRequest, "bad-query", detail));
}
