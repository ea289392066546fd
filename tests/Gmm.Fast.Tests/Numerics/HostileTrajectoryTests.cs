using Gmm.Reference;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>Compares twenty iterations on milder problems with the textbook.</summary>
public class HostileTrajectoryTests
{
    private const int Iterations = 20;

    // Of the log-likelihood: what an iteration rounds, and beside the textbook what twenty make of it where EM still leaves a saddle.
    private const double Rounding = 1e-12;
    private const double Drift = 1e-8;

    [Fact]
    public void TheTraceIsThatOfTheTextbookAndNeverFalls()
    {
        int total = 0, compared = 0, rises = 0;
        double worst = 0, fall = 0;
        HostileCases.ForEach(400, HostileProblems.DrawMild, problem =>
        {
            var start = problem.Start;
            total++;
            var fit = start.Fit(Iterations, problem.Regularization);
            if (fit.Status == FitStatus.Collapsed || !fit.Components.All(c => c.EffectiveCount >= start.D + 2 && c.ConditionNumber < 1e6)) return;
            compared++;
            var options = new ReferenceOptions { Stop = ReferenceStop.FixedCount, MaxIterations = Iterations, Regularization = problem.Regularization };
            var expected = ReferenceEm.Fit(start.Rows, start.Reference(), options).LogLikelihoodTrace;
            Assert.Equal(expected.Length, fit.Trace.Length);
            for (var t = 0; t <= Iterations; t++)
            {
                var unit = Math.Max(start.N, Math.Abs(expected[t]));
                var error = Math.Abs(fit.Trace[t] - expected[t]) / unit;
                Assert.True(error <= Drift, $"iteration {t}: {fit.Trace[t]:R}, the textbook has {expected[t]:R}");
                worst = Math.Max(worst, error);
                if (t == 0) continue;
                if (fit.Trace[t] > fit.Trace[t - 1]) rises++;
                if (problem.Regularization > 0) continue;
                fall = Math.Max(fall, (fit.Trace[t - 1] - fit.Trace[t]) / unit);
                Assert.True(fit.Trace[t] >= fit.Trace[t - 1] - Rounding * unit, $"iteration {t}: {fit.Trace[t - 1]:R} to {fit.Trace[t]:R}");
            }
        });
        HostileCases.Write($"{compared} of {total} well posed, {rises} rises; off by {worst:0.0e+0}, falls {fall:0.0e+0}");
        if (HostileCases.AreUsual) Assert.InRange(compared, total / 3, total);
    }
}
