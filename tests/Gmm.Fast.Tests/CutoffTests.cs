using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks what a stated cutoff of responsibilities took from the log-likelihood.</summary>
public class CutoffTests
{
    private static readonly double s_cutoff = double.ScaleB(1, -8);

    public static TheoryData<string> Types => [.. Layout.CovarianceTypes];

    [Theory]
    [MemberData(nameof(Types))]
    public void TheLossIsThatOfTheSharesBelowTheCutoff(string type)
    {
        var problem = Blobs.Build(seed: 61, n: 3_000, d: 3, k: 5, type, separation: 2);
        double[] weights = [.. Enumerable.Range(0, problem.N).Select(i => 0.5 + i % 3)];
        var fit = MixtureFit.Fit(
            new Points(problem.Data, problem.D).WithWeights(weights), problem.Options(4, 1e-6) with { ResponsibilityCutoff = s_cutoff });
        Assert.Equal(Loss(fit.Model, problem, weights), fit.CutoffLoss!.Value, 1e-13);
        Assert.InRange(fit.CutoffLoss.Value, 1e-6, fit.CutoffBound);
        Assert.Equal(problem.K * s_cutoff, fit.CutoffBound);
    }

    [Fact]
    public void NothingIsMeasuredWhereNoCutoffIsStated()
    {
        var problem = Blobs.Build(seed: 62, n: 500, d: 2, k: 3);
        var fit = MixtureFit.Fit(new Points(problem.Data, problem.D), problem.Options(2, 1e-6));
        Assert.Equal((0, 0), (fit.CutoffBound, fit.CutoffLoss));
    }

    [Fact]
    public void TheMeasurementChangesNoBitOfAFitThatGoesOn()
    {
        var problem = Blobs.Build(seed: 63, n: 2_000, d: 3, k: 4, separation: 2);
        var options = problem.Options(6, 1e-6) with { ResponsibilityCutoff = s_cutoff };
        var whole = MixtureFit.Fit(new Points(problem.Data, problem.D), options);
        var half = MixtureFit.Fit(new Points(problem.Data, problem.D), options with { MaxIterations = 3 });
        var rest = MixtureFit.Fit(new Points(problem.Data, problem.D), FitOptions.Continue(half) with { MaxIterations = 3 });
        Measures.SameBits(whole, rest);
        Assert.Equal(whole.CutoffLoss, rest.CutoffLoss);
    }

    [Fact]
    public void PointsWithGapsAreMeasuredToo()
    {
        var problem = Blobs.Build(seed: 64, n: 2_000, d: 3, k: 4, separation: 2);
        for (var i = 0; i < problem.N; i += 3) problem.Data[i * problem.D + i % 2] = double.NaN;
        var options = problem.Options(3, 1e-6) with { MissingValues = MissingValues.Marginalize, ResponsibilityCutoff = s_cutoff };
        var fit = MixtureFit.Fit(new Points(problem.Data, problem.D), options);
        var all = fit.Model.TotalLogLikelihood(new Points(problem.Data, problem.D)) / problem.N;
        Assert.Equal(all - fit.MeanLogLikelihood, fit.CutoffLoss!.Value, 1e-12);
        Assert.InRange(fit.CutoffLoss.Value, 1e-6, fit.CutoffBound);
    }

    [Fact]
    public void AComponentThatWasTakenOutCountsNoMore()
    {
        // Twelve equal points far away, on which the fourth component collapses.
        var problem = Blobs.Build(seed: 65, n: 600, d: 2, k: 3, separation: 3);
        double[] rows = [.. problem.Data, .. Enumerable.Repeat(90.0, 24)];
        var fit = MixtureFit.Fit(new Points(rows, 2), new FitOptions
        {
            Components = 4,
            Starts = _ => new GaussianMixture(CovarianceType.Full, 2, [0.3, 0.3, 0.3, 0.1], [.. problem.Means, 90, 90], [.. problem.Covariances, 1, 0, 0, 1]),
            Regularization = 0,
            OnCollapse = CollapsePolicy.Drop,
            MaxIterations = 5,
            Stop = StopRule.FixedCount,
            ResponsibilityCutoff = s_cutoff,
        });
        Assert.Equal(3, fit.Model.ComponentCount);
        Assert.Equal(3 * s_cutoff, fit.CutoffBound);
        Assert.InRange(fit.CutoffLoss!.Value, 0, fit.CutoffBound);
    }

    // The mean of log(all) - log(those that are left).
    private static double Loss(GaussianMixture model, MixtureProblem problem, double[] weights)
    {
        var (k, sum) = (model.ComponentCount, 0.0);
        var joint = new double[k];
        for (var i = 0; i < problem.N; i++)
        {
            model.ComponentLogDensities(problem.Data.AsSpan(i * problem.D, problem.D), joint, weighted: true);
            var largest = joint.Max();
            double[] shares = [.. joint.Select(x => Math.Exp(x - largest))];
            sum += weights[i] * Math.Log(shares.Sum() / shares.Where(share => share >= s_cutoff).Sum());
        }
        return sum / weights.Sum();
    }
}
