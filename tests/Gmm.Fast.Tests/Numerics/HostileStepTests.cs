using System.Globalization;
using System.Text.RegularExpressions;
using Gmm.TestKit;
using Gmm.TestKit.Exact;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>
/// Compares one step of the engine on hostile problems with arithmetic of 77 digits: the E-step with the exact one, and the M-step with the exact one
/// for the responsibilities of the engine. The two are separate, because where an exponent of 1e20 leaves a responsibility no digit, the M-step still
/// has all of its own.
/// </summary>
public partial class HostileStepTests
{
    [Fact]
    public void ResponsibilitiesAndLogLikelihoodAreWithinTheirErrorBound()
    {
        int points = 0, unknown = 0;
        double worst = 0, worstLikelihood = 0, largest = 0;
        HostileCases.ForEach(500, HostileProblems.Draw, problem =>
        {
            var start = problem.Start;
            var exact = ExactMixture.From(start).EStep(start.Data);
            var bound = new ExpectationBound(start, exact);
            var actual = Responsibilities(start);
            for (var n = 0; n < start.N; n++)
            {
                points++;
                if (bound.Responsibilities[n][0] == 1)
                {
                    unknown++;
                    continue;
                }
                for (var k = 0; k < start.K; k++)
                {
                    var error = (double)BigReal.Abs(actual[n][k] - exact.Responsibilities[n][k]);
                    Within(bound.Responsibilities[n][k], error, ref worst, $"responsibility of component {k} for point {n}");
                    largest = Math.Max(largest, error);
                }
            }
            var likelihood = start.Fit(0).Trace[0];
            Assert.True(double.IsFinite(likelihood));
            Within(bound.LogLikelihood, (double)BigReal.Abs(likelihood - exact.LogLikelihood), ref worstLikelihood, "log-likelihood");
        });
        HostileCases.Write($"{points} points, {unknown} of them beyond first order; responsibilities off by {largest:0.0e+0}");
        HostileCases.Write($"of the bound: responsibilities {worst:0.00}, log-likelihoods {worstLikelihood:0.00}");
        if (HostileCases.AreUsual) Assert.InRange(unknown, 1, points / 4);
    }

    [Fact]
    public void AnMStepLosesNothingToConditionOffsetOrStart()
    {
        int fitted = 0, collapsed = 0, told = 0;
        double worst = 0, largest = 0;
        HostileCases.ForEach(700, HostileProblems.Draw, problem =>
        {
            var bound = new MaximizationBound(problem.Start, Responsibilities(problem.Start), problem.Regularization);
            var fit = problem.Start.Fit(1, problem.Regularization);
            told += Singular(bound, fit);
            if (fit.Status == FitStatus.Collapsed)
            {
                collapsed++;
                Measures.SameBits(problem.Start.Model(), fit.Model);
                return;
            }
            fitted++;
            Assert.Equal((FitStatus.MaxIterations, 1), (fit.Status, fit.Iterations));
            Compare(bound, fit.Model, ref worst, ref largest);
        });
        HostileCases.Write($"{fitted} fitted, {collapsed} collapsed, {told} singular but for rounding");
        HostileCases.Write($"covariances off by {largest:0.0e+0} spreads, {worst:0.00} of the bound");
        if (!HostileCases.AreUsual) return;
        Assert.InRange(collapsed, fitted / 10, fitted);
        Assert.InRange(told, 0, collapsed / 100);
    }

    // Who is named is singular as far as rounding can tell, and nobody before is without variance. Singular with variance in every column may be fitted
    // if the pivots that rounding leaves are above those that the factorization refuses; then the condition number must tell. The number of those.
    private static int Singular(MaximizationBound bound, FitResult fit)
    {
        var (named, told) = (Named(fit), 0);
        for (var k = 0; k < Math.Min(fit.Model.SharesCovariance ? 1 : fit.Model.ComponentCount, named + 1); k++)
        {
            if (bound.Exact.Weights[k].IsZero) continue;
            var (smallest, doubt) = (ScaledFactor.Of(bound.Exact, k)?.Smallest ?? 0, bound.Doubt(k));
            if (k == named)
            {
                Assert.True(smallest <= doubt, $"{fit.Failure}; it has the smallest eigenvalue {smallest:R}, {doubt:R} is the limit");
            }
            else if (smallest == 0)
            {
                Assert.True(double.IsFinite(doubt), $"component {k} has no variance in some column, and was fitted");
                if (fit.Status == FitStatus.Collapsed) continue;
                told++;
                Assert.InRange(fit.Components[k].ConditionNumber, 1 / (fit.Model.Dimension * doubt), double.PositiveInfinity);
            }
        }
        return told;
    }

    // The component whose covariance is singular, 0 for a shared one; beyond all for a fit that has none.
    private static int Named(FitResult fit)
    {
        if (fit.Status != FitStatus.Collapsed) return int.MaxValue - 1;
        Assert.Matches("; (use|.*center the data)", fit.Failure);
        if (fit.Failure!.StartsWith("the shared covariance", StringComparison.Ordinal)) return 0;
        return int.Parse(Component().Match(fit.Failure).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    private static void Compare(MaximizationBound bound, GaussianMixture model, ref double worst, ref double largest)
    {
        var (d, exact, type) = (model.Dimension, bound.Exact, model.CovarianceType.Name());
        var covariances = model.Covariances.ToArray();

        // How near a bound they come says nothing: half a unit in the last place is reached.
        double weights = 0, means = 0;
        for (var k = 0; k < model.ComponentCount; k++)
        {
            if (exact.Weights[k].IsZero)
            {
                Assert.Equal(0, model.Weights[k]);
                continue;
            }
            Within(bound.Weight, Off(model.Weights[k], exact.Weights[k], exact.Weights[k]), ref weights, $"weight {k}");
            var spreads = exact.Covariances[k].Select((row, i) => BigReal.Sqrt(row[i])).ToArray();
            for (var i = 0; i < d; i++)
            {
                Within(bound.Mean(k, i), Off(model.Means[k * d + i], exact.Means[k][i], spreads[i]), ref means, $"mean {k}, {i}");
                for (var j = 0; j <= i; j++)
                {
                    var error = Off(Layout.Entry(type, d, covariances, k, i, j), exact.Covariances[k][i][j], spreads[i] * spreads[j]);
                    Within(bound.Covariance(k, i, j), error, ref worst, $"covariance {k}, {i}, {j}");
                    largest = Math.Max(largest, error);
                }
            }
        }
    }

    private static double Off(double actual, BigReal exact, BigReal unit) =>
        double.IsFinite(actual) ? (double)(BigReal.Abs(actual - exact) / unit) : double.PositiveInfinity;

    private static void Within(double bound, double error, ref double worst, string what)
    {
        Assert.True(error <= bound, FormattableString.Invariant($"{what} is off by {error:0.0e+0}; {bound:0.0e+0} is the limit"));
        if (bound > 0) worst = Math.Max(worst, error / bound);
    }

    private static BigReal[][] Responsibilities(MixtureProblem start)
    {
        var flat = new double[start.N * start.K];
        start.Model().Responsibilities(new Points(start.Data, start.D), flat);
        return [.. flat.Chunk(start.K).Select(row => Array.ConvertAll(row, r => (BigReal)r))];
    }

    [GeneratedRegex(@"component (\d+)")]
    private static partial Regex Component();
}
