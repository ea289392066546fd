using Gmm.Fast.Families;
using Gmm.Reference;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Converts TestKit problems for the engine and its twin.</summary>
internal static class Adapters
{
    public static readonly CovarianceType[] AllTypes = Enum.GetValues<CovarianceType>();

    public static string Name(this CovarianceType type) => FamilyTable.Of(type).Name;

    public static CovarianceType Type(string name) => AllTypes.Single(type => type.Name() == name);

    public static GaussianMixture InitialModel(this GoldenCase golden) =>
        new(Type(golden.CovarianceType), golden.D, golden.InitWeights, golden.InitMeans, golden.InitCovariances);

    public static GaussianMixture Model(this MixtureProblem problem) =>
        new(Type(problem.CovarianceType), problem.D, problem.Weights, problem.Means, problem.Covariances);

    public static StopRule Stop(this GoldenRun run) => run.Stop switch
    {
        "total_ll" => StopRule.TotalRise(run.Threshold),
        "mean_ll" => StopRule.MeanChange(run.Threshold),
        _ => StopRule.FixedCount,
    };

    /// <summary>One iteration from the problem's own parameters, unless said otherwise.</summary>
    public static FitOptions Options(this MixtureProblem problem, int iterations = 1, double regularization = 0, int threads = 1) => new()
    {
        Components = problem.K,
        CovarianceType = Type(problem.CovarianceType),
        InitialModel = problem.Model(),
        Stop = StopRule.FixedCount,
        MaxIterations = iterations,
        Regularization = regularization,
        MaxDegreeOfParallelism = threads,
    };

    public static FitResult Fit(this MixtureProblem problem, int iterations = 1, double regularization = 0, int threads = 1) =>
        MixtureFit.Fit(new Points(problem.Data, problem.D), problem.Options(iterations, regularization, threads));

    public static ReferenceMixture Reference(this MixtureProblem problem) => new(
        Enum.Parse<ReferenceCovariance>(Type(problem.CovarianceType).ToString()), problem.Weights, problem.MeanRows, problem.ExpandedCovariances);
}
