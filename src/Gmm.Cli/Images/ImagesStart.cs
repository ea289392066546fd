using Gmm.Fast;

namespace Gmm.Cli.Images;

/// <summary>
/// The start of the course notebook: K random pictures as means, for every component the variances of all pictures (divisor N) and no covariances,
/// equal weights.
/// </summary>
internal static class ImagesStart
{
    public static IReadOnlyList<string> Columns { get; } = ["red", "green", "blue"];

    /// <summary>A fit from this start; of several starts, with the seeds S, S + 1, ..., the best.</summary>
    public static FitResult Fit(ReadOnlySpan<double> rows, FitOptions options, CancellationToken cancellation)
    {
        FitResult? best = null;
        for (var restart = 0; restart < options.Restarts; restart++)
        {
            var seed = unchecked(options.Seed + restart);
            GaussianMixture initial;
            try
            {
                initial = Model(rows, options with { Seed = seed }, cancellation);
            }
            catch (OperationCanceledException) when (best is not null)
            {
                return best;
            }
            var fit = MixtureFit.Fit(rows, Columns.Count, options with
            {
                Seed = seed,
                InitialModel = initial,
                Restarts = 1,
                Progress = options.Progress is { } progress ? new Numbered(progress, restart) : null,
            }, cancellation);
            if (best is null || IsBetter(fit, best)) best = fit;
            if (fit.Status == FitStatus.Cancelled) return best;
        }
        return best!;
    }

    /// <summary>The initial model for a seed, in the covariance type of the options.</summary>
    private static GaussianMixture Model(ReadOnlySpan<double> rows, FitOptions options, CancellationToken cancellation)
    {
        // Without any iteration a diagonal fit is its own start: random points, variances of the columns, equal weights.
        var start = MixtureFit.Fit(rows, Columns.Count, options with
        {
            CovarianceType = CovarianceType.Diagonal,
            InitialModel = null,
            Start = StartMethod.RandomPoints,
            Restarts = 1,
            MaxIterations = 0,
            Stop = StopRule.FixedCount,

            // A channel that is the same in all pictures has no variance to start from.
            Regularization = HasConstantColumn(rows) ? options.Regularization : 0,
            Progress = null,
        }, cancellation).Model;
        return new GaussianMixture(
            options.CovarianceType, start.Dimension, start.Weights, start.Means, Covariances(start, options.CovarianceType), options.ColumnNames);
    }

    private static double[] Covariances(GaussianMixture start, CovarianceType type)
    {
        var (k, d) = (start.ComponentCount, start.Dimension);
        double[] variances = [.. start.Covariances[..d]];
        double[] matrix = new double[d * d];
        for (var j = 0; j < d; j++) matrix[j * d + j] = variances[j];
        return type switch
        {
            CovarianceType.Full => [.. Enumerable.Repeat(matrix, k).SelectMany(one => one)],
            CovarianceType.Tied => matrix,
            CovarianceType.Diagonal => [.. Enumerable.Repeat(variances, k).SelectMany(one => one)],
            _ => [.. Enumerable.Repeat(variances.Average(), k)],
        };
    }

    private static bool HasConstantColumn(ReadOnlySpan<double> rows)
    {
        for (var j = 0; j < Columns.Count; j++)
        {
            var isConstant = true;
            for (var i = j; i < rows.Length && isConstant; i += Columns.Count) isConstant = rows[i] == rows[j];
            if (isConstant) return true;
        }
        return false;
    }

    // As the engine chooses among its own starts.
    private static bool IsBetter(FitResult candidate, FitResult best)
    {
        var (collapsed, bestCollapsed) = (candidate.Status == FitStatus.Collapsed, best.Status == FitStatus.Collapsed);
        return collapsed != bestCollapsed ? bestCollapsed : candidate.TotalLogLikelihood > best.TotalLogLikelihood;
    }

    private sealed class Numbered(IProgress<IterationInfo> progress, int restart) : IProgress<IterationInfo>
    {
        public void Report(IterationInfo value) => progress.Report(value with { Restart = restart });
    }
}
