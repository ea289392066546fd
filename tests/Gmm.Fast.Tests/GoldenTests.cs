using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Compares the engine with exact arithmetic: every golden run of its covariance types, with the tolerances of the files.</summary>
public class GoldenTests
{
    [Theory]
    [MemberData(nameof(GoldenCase.AllRuns), MemberType = typeof(GoldenCase))]
    public void EveryRunAgreesWithExactArithmetic(string name, string runId)
    {
        var golden = GoldenCase.Load(name);
        var run = golden.Run(runId);
        var initial = golden.InitialModel();
        var fit = MixtureFit.Fit(new Points(golden.Data, golden.D), new FitOptions
        {
            Components = golden.K,
            CovarianceType = initial.CovarianceType,
            InitialModel = initial,
            Stop = run.Stop(),
            MaxIterations = run.MaxIterations,
            Regularization = golden.RegCovar,
        }, TestContext.Current.CancellationToken);

        var responsibilities = new double[golden.N * golden.K];
        fit.Model.Responsibilities(new Points(golden.Data, golden.D), responsibilities);
        var errors = GoldenCheck.Verify(
            golden, run, fit.Model.Weights.ToArray(), fit.Model.Means.ToArray(), fit.Model.Covariances.ToArray(), fit.Trace.ToArray(),
            fit.Iterations, fit.Converged, responsibilities);
        TestContext.Current.TestOutputHelper?.WriteLine(errors.ToString());
    }
}
