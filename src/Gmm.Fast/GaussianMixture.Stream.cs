using System.Runtime.CompilerServices;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

public sealed partial class GaussianMixture
{
    // Of points that are scored together: enough for several threads, and little memory.
    private const int LargestBatch = 4096;

    /// <summary>
    /// Scores points as they arrive, in their order, with the bits of single points. A point never waits for later ones, and nothing is read ahead: a slow
    /// reader slows the stream down. Memory does not grow with the number of points.
    /// </summary>
    /// <param name="rows">Some points at a time, [n x D] with any n: one where each shall be scored at once, more where throughput counts.</param>
    /// <param name="maxDegreeOfParallelism">The most threads for the points that come together, at least 1, or -1 for one per processor.</param>
    /// <param name="cancellation">Ends the stream.</param>
    /// <returns>One score per point.</returns>
    /// <exception cref="ArgumentException">A length is no multiple of D, or a number is not finite. Scores of what came before have been given, of points that came together none.</exception>
    /// <exception cref="OperationCanceledException">The stream was canceled.</exception>
    public IAsyncEnumerable<StreamedScore> ScoreAsync(
        IAsyncEnumerable<ReadOnlyMemory<double>> rows, int maxDegreeOfParallelism = -1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Threads(maxDegreeOfParallelism);
        return Stream(rows, maxDegreeOfParallelism, cancellation);
    }

    private async IAsyncEnumerable<StreamedScore> Stream(
        IAsyncEnumerable<ReadOnlyMemory<double>> rows, int maxDegreeOfParallelism, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long index = 0;
        await foreach (var arrived in rows.WithCancellation(cancellation).ConfigureAwait(false))
        {
            if (arrived.Length % Dimension != 0)
                Throw.Argument(nameof(rows), $"rows: {arrived.Length} values came after {index} points; a multiple of {Dimension}, the dimension, is required");
            CheckNumbers(arrived.Span, index);
            for (var rest = arrived; !rest.IsEmpty;)
            {
                var batch = rest[..Math.Min(rest.Length, LargestBatch * Dimension)];
                rest = rest[batch.Length..];
                foreach (var score in ScoreBatch(batch.Span, index, maxDegreeOfParallelism, cancellation)) yield return score;
                index += batch.Length / Dimension;
            }
        }
    }

    // Of all that came together, before the first score of them is given.
    private void CheckNumbers(ReadOnlySpan<double> rows, long first)
    {
        if (MissingValues == MissingValues.Error) Check.FiniteRows("rows", rows, Dimension, first);
        for (var i = 0; i < rows.Length && MissingValues != MissingValues.Error; i += Dimension)
            Check.NotInfinite("rows", rows.Slice(i, Dimension), first + i / Dimension);
    }

    private StreamedScore[] ScoreBatch(ReadOnlySpan<double> rows, long first, int maxDegreeOfParallelism, CancellationToken cancellation)
    {
        var (count, k) = (rows.Length / Dimension, ComponentCount);
        var (labels, logDensities, responsibilities) = (new int[count], new double[count], new double[count * k]);
        var outputs = new ScoreOutputs
        {
            Labels = labels,
            LogDensities = logDensities,
            Responsibilities = responsibilities,
        };
        Score(new Points(rows, Dimension), outputs, maxDegreeOfParallelism, cancellation);
        var scores = new StreamedScore[count];
        for (var i = 0; i < count; i++)
            scores[i] = new StreamedScore(first + i, labels[i], logDensities[i], responsibilities.AsMemory(i * k, k));
        return scores;
    }
}
