using System.Globalization;
using Gmm.TestKit;
using Gmm.TestKit.Exact;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>Compares fits of the engine with exact arithmetic.</summary>
internal static class Judge
{
    /// <summary>The exact mixture with the engine's numbers.</summary>
    public static ExactMixture Exactly(this GaussianMixture model) =>
        ExactMixture.From(model.CovarianceType.Name(), model.Weights, model.Means, model.Covariances);

    /// <summary>The worst errors of single iterations: each against an exact step from the parameters, in doubles, that the engine made it from.</summary>
    public static ExactErrors EachStep(Situation situation)
    {
        var start = situation.Start;
        var worst = default(ExactErrors);
        var before = start.Model();
        for (var t = 1; t <= situation.Iterations; t++)
        {
            var fit = start.Fit(t, situation.Regularization);
            Assert.Equal((FitStatus.MaxIterations, t), (fit.Status, fit.Iterations));
            var step = before.Exactly().EStep(start.Data);
            var exact = before.Exactly().MStep(start.Data, step.Responsibilities, situation.Regularization);
            var likelihood = ExactErrors.OfLogLikelihood(step, fit.Trace[t - 1]);
            worst = worst.Max(ExactErrors.Of(exact, fit.Model.Weights, fit.Model.Means, fit.Model.Covariances) with { LogLikelihood = likelihood });
            before = fit.Model;
        }
        return worst;
    }

    /// <summary>One step in single precision, from data and parameters that are floats: only the arithmetic differs.</summary>
    public static ExactErrors FloatStep(Situation situation)
    {
        var start = situation.Start.RoundedTo<float>();
        var fit = MixtureFit.Fit(new Points(Measures.To<float>(start.Data), start.D), start.Options(1, situation.Regularization));
        Assert.Equal(FitStatus.MaxIterations, fit.Status);
        var exact = ExactMixture.From(start);
        var step = exact.EStep(start.Data);
        exact = exact.MStep(start.Data, step.Responsibilities, situation.Regularization);
        return ExactErrors.Of(exact, fit.Model.Weights, fit.Model.Means, fit.Model.Covariances) with
        {
            LogLikelihood = ExactErrors.OfLogLikelihood(step, fit.Trace[0]),
        };
    }

    /// <summary>The largest error of the responsibilities under the parameters of the start.</summary>
    public static double Responsibilities(Situation situation)
    {
        var start = situation.Start;
        var actual = new double[start.N * start.K];
        start.Model().Responsibilities(new Points(start.Data, start.D), actual);
        return ExactErrors.OfResponsibilities(ExactMixture.From(start).EStep(start.Data), actual);
    }

    /// <summary>Writes down what was measured, then holds it against the limit.</summary>
    public static void Within(double limit, ExactErrors errors, object? what = null)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{what} {errors}");
        Assert.True(errors.Largest <= limit, string.Create(CultureInfo.InvariantCulture, $"{what}: {errors}; {limit:0.0e+0} is the limit"));
    }

    /// <inheritdoc cref="Within(double, ExactErrors, object?)"/>
    public static void Within(double limit, double error, object? what = null)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {error:0.0e+0}"));
        Assert.True(error <= limit, string.Create(CultureInfo.InvariantCulture, $"{what}: {error:0.0e+0}; {limit:0.0e+0} is the limit"));
    }

    /// <summary>[type] rows for a theory.</summary>
    public static TheoryData<string> Types => [.. Layout.CovarianceTypes];
}
