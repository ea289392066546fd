using System.Buffers;
using System.Numerics;
using Gmm.Fast;
using ScoringService.Models;
using ScoringService.Rows;

namespace ScoringService.Scoring;

/// <summary>Holds the scores of the rows of a request, in memory from the pool.</summary>
internal sealed class ScoredRows : IDisposable
{
    private readonly double[] _logDensities;
    private readonly double[] _responsibilities;
    private readonly double[] _tails;
    private readonly int[] _labels;

    private ScoredRows(int count, int components, WantedScores wanted)
    {
        (Count, Components, Wanted) = (count, components, wanted);
        _logDensities = ArrayPool<double>.Shared.Rent(count);
        _tails = ArrayPool<double>.Shared.Rent(count);
        _labels = wanted.HasFlag(WantedScores.Label) ? ArrayPool<int>.Shared.Rent(count) : [];
        _responsibilities = wanted.HasFlag(WantedScores.Responsibilities) ? ArrayPool<double>.Shared.Rent(count * components) : [];
    }

    /// <summary>N.</summary>
    public int Count { get; }

    /// <summary>K.</summary>
    public int Components { get; }

    /// <summary>What was asked for.</summary>
    public WantedScores Wanted { get; }

    /// <summary>The largest tail probability of an outlier.</summary>
    public double Anomaly { get; private init; }

    /// <summary>What drift and shares are taken from.</summary>
    public ScoreSums Sums { get; private set; }

    /// <summary>[N], ln p(x), in nats; the smallest double where p(x) is 0.</summary>
    public ReadOnlySpan<double> LogDensities => _logDensities.AsSpan(0, Count);

    /// <summary>[N]: the most probable component, from 0; empty where they were not asked for.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, Wanted.HasFlag(WantedScores.Label) ? Count : 0);

    /// <summary>[N x K]; empty where they were not asked for.</summary>
    public ReadOnlySpan<double> Responsibilities => _responsibilities.AsSpan(0, Wanted.HasFlag(WantedScores.Responsibilities) ? Count * Components : 0);

    /// <summary>
    /// [N]: the share of the rows of the fit that are at most as likely; NaN for a row with gaps, whose density is of fewer columns, and where the
    /// model does not know.
    /// </summary>
    public ReadOnlySpan<double> TailProbabilities => _tails.AsSpan(0, Count);

    /// <summary>Counts the numbers of the answer for each row.</summary>
    public static int Width(WantedScores wanted, int components) => (wanted.HasFlag(WantedScores.Responsibilities) ? components - 1 : 0)
        + BitOperations.PopCount((uint)wanted);

    /// <summary>Scores rows.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="query">What is asked for.</param>
    /// <param name="anomaly">The share below which a row counts as an outlier in <see cref="Sums"/>.</param>
    /// <param name="threads">The most threads.</param>
    /// <param name="cancellation">Ends the scoring.</param>
    public static ScoredRows Of(LoadedModel model, RowBatch rows, ScoreQuery query, double anomaly, int threads, CancellationToken cancellation)
    {
        var mixture = model.Mixture;
        var scored = new ScoredRows(rows.Count, mixture.ComponentCount, query.Wanted) { Anomaly = query.Anomaly };
        try
        {
            if (rows.Count > 0)
            {
                var outputs = new ScoreOutputs
                {
                    LogDensities = scored._logDensities.AsSpan(0, rows.Count),
                    Labels = scored._labels.AsSpan(0, scored.Labels.Length),
                    Responsibilities = scored._responsibilities.AsSpan(0, scored.Responsibilities.Length),
                };
                mixture.Score(new Points(rows.Numbers, rows.Dimension), outputs, threads, cancellation);
            }
            scored.Compare(model, rows, anomaly);
            return scored;
        }
        catch
        {
            scored.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(_logDensities);
        ArrayPool<double>.Shared.Return(_tails);
        if (_labels.Length > 0) ArrayPool<int>.Shared.Return(_labels);
        if (_responsibilities.Length > 0) ArrayPool<double>.Shared.Return(_responsibilities);
    }

    // Compares the rows with those of the fit. A row with gaps has a density of fewer columns, which compares with none.
    private void Compare(LoadedModel model, RowBatch rows, double anomaly)
    {
        var mayHaveGaps = model.Mixture.MissingValues == MissingValues.Marginalize;
        var sums = new ScoreSums { Rows = Count };
        for (var i = 0; i < Count; i++)
        {
            // A row out of reach of every component has a density of 0. The smallest double says so too, and JSON has it.
            var logDensity = _logDensities[i] = Math.Max(_logDensities[i], double.MinValue);
            _tails[i] = double.NaN;
            if (mayHaveGaps && rows.HasGap(i)) continue;
            if (logDensity > double.MinValue)
            {
                sums.Measured++;
                sums.LogDensity += logDensity;
            }
            if (!model.Mixture.HasDensityQuantiles) continue;
            _tails[i] = model.Mixture.TailProbability(logDensity);
            sums.Compared++;
            if (_tails[i] <= anomaly) sums.Outliers++;
            if (logDensity < model.LowestTraining) sums.OutOfModel++;
        }
        Sums = sums;
    }
}
