using System.Text.Json;
using Gmm.TestKit.Exact;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>
/// Writes the situations of one covariance type as JSON, for programs of other languages (docs/numerics/sklearn_cases.py). Doubles read back
/// unchanged; an exact number is a pair of doubles with that sum, to 32 digits. Matrices are flat and row-major, covariances compact (see
/// <see cref="TestKit.Layout"/>) unless said otherwise.
/// </summary>
internal static class CaseFile
{
    private static readonly JsonSerializerOptions s_format = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>An array of <see cref="Case"/> in UTF-8.</summary>
    public static byte[] Write(string type, int mostIterations) =>
        JsonSerializer.SerializeToUtf8Bytes(Cases(type, mostIterations), s_format);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    public static Case[] Read(byte[] file) => JsonSerializer.Deserialize<Case[]>(file, s_format)!;

    /// <summary>A situation, its first iterations in exact arithmetic and by the engine.</summary>
    public static Case Of(Situation situation, int mostIterations, bool inSingle = false)
    {
        var start = situation.Start;
        var responsibilities = new double[start.N * start.K];
        start.Model().Responsibilities(new Points(start.Data, start.D), responsibilities);
        var iterations = Math.Min(mostIterations, situation.Iterations);
        return new Case(
            situation.Name, start.CovarianceType, start.N, start.D, start.K, situation.Regularization,
            start.Data, start.Weights, start.Means, start.Covariances,
            situation.Collapses is null ? null : start.Fit(1, situation.Regularization).Failure,
            situation.Collapses is null ? [.. Iterations(situation, iterations)] : [],
            responsibilities, ExactErrors.OfResponsibilities(ExactMixture.From(start).EStep(start.Data), responsibilities),
            inSingle ? Judge.FloatStep(situation) : null);
    }

    private static IEnumerable<Case> Cases(string type, int mostIterations)
    {
        var inSingle = SituationSets.FittingInSingle(type).Select(situation => situation.Name).ToHashSet();
        return SituationSets.All(type).Select(situation => Of(situation, mostIterations, inSingle.Contains(situation.Name)));
    }

    // Each against an exact one from the parameters, in doubles, that the engine made it from.
    private static IEnumerable<Iteration> Iterations(Situation situation, int iterations)
    {
        var start = situation.Start;
        var before = start.Model();
        for (var t = 1; t <= iterations; t++)
        {
            var fit = start.Fit(t, situation.Regularization);
            Assert.Equal((FitStatus.MaxIterations, t), (fit.Status, fit.Iterations));
            var step = before.Exactly().EStep(start.Data);
            var exact = before.Exactly().MStep(start.Data, step.Responsibilities, situation.Regularization);
            before = fit.Model;
            var likelihood = ExactErrors.OfLogLikelihood(step, fit.Trace[t - 1]);
            yield return new Iteration(
                new ExactNumbers(
                    Pairs(exact.Weights), Pairs(exact.Means.SelectMany(mean => mean)),
                    Pairs(exact.Covariances.SelectMany(matrix => matrix.SelectMany(row => row))), Pair(step.LogLikelihood)),
                before.Weights.ToArray(), before.Means.ToArray(), before.Covariances.ToArray(), fit.Trace[t - 1],
                ExactErrors.Of(exact, before.Weights, before.Means, before.Covariances) with { LogLikelihood = likelihood });
        }
    }

    private static double[][] Pairs(IEnumerable<BigReal> numbers) => [.. numbers.Select(Pair)];

    private static double[] Pair(BigReal number)
    {
        var high = (double)number;
        return [high, (double)(number - high)];
    }

    /// <summary>A start and iterations from it.</summary>
    /// <param name="Situation">The name in docs/numerics.md.</param>
    /// <param name="Type"><c>full</c>, <c>tied</c>, <c>diag</c> or <c>spherical</c>.</param>
    /// <param name="N">Rows.</param>
    /// <param name="D">Columns.</param>
    /// <param name="K">Components.</param>
    /// <param name="Regularization">In squared units of the data.</param>
    /// <param name="Data">[N x D].</param>
    /// <param name="Weights">[K], of the start.</param>
    /// <param name="Means">[K x D], of the start.</param>
    /// <param name="Covariances">Of the start.</param>
    /// <param name="Failure">What the engine says of a covariance that is singular after an iteration; null where none is.</param>
    /// <param name="Iterations">None where a covariance is singular.</param>
    /// <param name="Responsibilities">[N x K], the engine's, under the start.</param>
    /// <param name="ResponsibilityError">Their largest error, absolute.</param>
    /// <param name="FloatErrors">Of the engine's first iteration with data and means rounded to floats; null where floats promise nothing.</param>
    internal sealed record Case(
        string Situation, string Type, int N, int D, int K, double Regularization, double[] Data, double[] Weights, double[] Means, double[] Covariances,
        string? Failure, Iteration[] Iterations, double[] Responsibilities, double ResponsibilityError,
        ExactErrors? FloatErrors);

    /// <summary>One iteration.</summary>
    /// <param name="Exact">From the parameters that the engine had left, in exact arithmetic.</param>
    /// <param name="Weights">[K], of the engine.</param>
    /// <param name="Means">[K x D], of the engine.</param>
    /// <param name="Covariances">Of the engine.</param>
    /// <param name="LogLikelihood">Of the engine: total, under the parameters before.</param>
    /// <param name="Errors">Of the engine.</param>
    internal sealed record Iteration(
        ExactNumbers Exact, double[] Weights, double[] Means, double[] Covariances, double LogLikelihood, ExactErrors Errors);

    /// <summary>Exact numbers as pairs of doubles.</summary>
    /// <param name="Weights">[K].</param>
    /// <param name="Means">[K x D].</param>
    /// <param name="Covariances">[K x D x D], written out whatever the type.</param>
    /// <param name="LogLikelihood">Total, under the parameters before.</param>
    internal sealed record ExactNumbers(double[][] Weights, double[][] Means, double[][] Covariances, double[] LogLikelihood);
}
