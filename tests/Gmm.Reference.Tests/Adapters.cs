using Gmm.TestKit;

namespace Gmm.Reference.Tests;

/// <summary>From the plain arrays of the test kit to the types of the reference, and back.</summary>
internal static class Adapters
{
    public static ReferenceMixture ToReference(string covarianceType, int k, int d, double[] weights, double[] means, double[] covariances) =>
        new(CovarianceOf(covarianceType), weights, Layout.Rows(means, d), Layout.Expand(covarianceType, k, d, covariances));

    public static ReferenceMixture Initial(this GoldenCase golden) =>
        ToReference(golden.CovarianceType, golden.K, golden.D, golden.InitWeights, golden.InitMeans, golden.InitCovariances);

    public static ReferenceMixture Mixture(this MixtureProblem problem) =>
        ToReference(problem.CovarianceType, problem.K, problem.D, problem.Weights, problem.Means, problem.Covariances);

    public static ReferenceFit Fit(GoldenCase golden, GoldenRun run) => ReferenceEm.Fit(golden.Rows, golden.Initial(), new ReferenceOptions
    {
        Stop = run.Stop switch
        {
            "fixed" => ReferenceStop.FixedCount,
            "total_ll" => ReferenceStop.TotalRise,
            "mean_ll" => ReferenceStop.MeanChange,
            _ => throw new ArgumentException($"'{run.Stop}' is no stop rule."),
        },
        Threshold = run.Threshold,
        MaxIterations = run.MaxIterations,
        Regularization = golden.RegCovar,
    });

    public static GoldenErrors Verify(GoldenCase golden, GoldenRun run, ReferenceFit fit) => GoldenCheck.Verify(
        golden, run, fit.Mixture.Weights, Layout.Flat(fit.Mixture.Means), Layout.Compact(golden.CovarianceType, fit.Mixture.Covariances),
        fit.LogLikelihoodTrace, fit.Iterations, fit.Converged, Layout.Flat(fit.Responsibilities), Layout.Flat(fit.LastEStepResponsibilities));

    public static ReferenceCovariance CovarianceOf(string name) => name switch
    {
        "full" => ReferenceCovariance.Full,
        "tied" => ReferenceCovariance.Tied,
        "diag" => ReferenceCovariance.Diagonal,
        "spherical" => ReferenceCovariance.Spherical,
        "tied-diag" => ReferenceCovariance.TiedDiagonal,
        "tied-spherical" => ReferenceCovariance.TiedSpherical,
        _ => throw new ArgumentException($"'{name}' is no covariance type."),
    };
}
