using Gmm.Fast;

namespace Gmm.Report.Html;

/// <summary>Describes a row that the model finds unlikely.</summary>
/// <param name="Number">Of the row, from 0.</param>
/// <param name="LogDensity">In nats.</param>
/// <param name="Tail">The share of the training points with a log-density as low; NaN where the model does not know.</param>
/// <param name="Component">The most probable one.</param>
/// <param name="Column">The column farthest from what the others predict.</param>
/// <param name="Value">In that column.</param>
/// <param name="Deviation">From the mean of the component, in standard deviations.</param>
/// <param name="Conditional">From what the others predict, in standard deviations of what they leave open.</param>
internal sealed record UnusualRow(
    int Number, double LogDensity, double Tail, int Component, int Column, double Value, double Deviation, double Conditional);

/// <summary>Finds the rows with the lowest log-densities. A row without a value has none.</summary>
internal static class UnusualRows
{
    private const int BlockNumbers = 1 << 18;

    /// <summary>Gives at most some rows, the most unusual first, the first of equals.</summary>
    public static IReadOnlyList<UnusualRow> Of(Subject subject, int most)
    {
        var (model, d) = (subject.Scorer, subject.Model.Dimension);
        var lowest = Lowest(subject, most);
        var (rows, scores) = (new double[lowest.Count * d], new double[lowest.Count * d]);
        for (var i = 0; i < lowest.Count; i++) subject.Rows.AsSpan(lowest[i].Row * d, d).CopyTo(rows.AsSpan(i * d));
        model.ConditionalZScores(rows, scores);
        return [.. lowest.Select((found, i) =>
        {
            var row = rows.AsSpan(i * d, d);
            var z = scores.AsSpan(i * d, d);
            var (component, column) = (model.Label(row), 0);
            for (var j = 1; j < d; j++)
            {
                if (double.IsNaN(z[column]) || Math.Abs(z[j]) > Math.Abs(z[column])) column = j;
            }
            var deviation = (row[column] - model.Mean(component)[column]) / Math.Sqrt(model.Variance(component, column));
            var tail = model.HasDensityQuantiles ? model.TailProbability(found.LogDensity) : double.NaN;
            return new UnusualRow(found.Row, found.LogDensity, tail, component, column, row[column], deviation, z[column]);
        })];
    }

    private static List<(int Row, double LogDensity)> Lowest(Subject subject, int most)
    {
        var d = subject.Model.Dimension;
        var step = Math.Max(1, BlockNumbers / d);
        var block = new double[Math.Min(step, subject.Count)];
        List<(int Row, double LogDensity)> lowest = [];
        for (var first = 0; first < subject.Count; first += step)
        {
            var count = Math.Min(step, subject.Count - first);
            subject.Scorer.LogDensities(new Points(subject.Rows.AsSpan(first * d, count * d), d), block.AsSpan(0, count));
            for (var i = 0; i < count; i++)
            {
                if (subject.HasGaps && !HasValue(subject.Rows.AsSpan((first + i) * d, d))) continue;
                if (lowest.Count == most && block[i] >= lowest[^1].LogDensity) continue;
                var at = lowest.FindIndex(other => other.LogDensity > block[i]);
                lowest.Insert(at < 0 ? lowest.Count : at, (first + i, block[i]));
                if (lowest.Count > most) lowest.RemoveAt(most);
            }
        }
        return lowest;
    }

    private static bool HasValue(ReadOnlySpan<double> row)
    {
        foreach (var x in row)
        {
            if (!double.IsNaN(x)) return true;
        }
        return false;
    }
}
