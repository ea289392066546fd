using BenchmarkDotNet.Attributes;

namespace Gmm.Bench;

/// <summary>Starts, each with the one sweep that any fit makes, beside a fit of one iteration (two sweeps) from given parameters.</summary>
public class SeedingBenchmarks
{
    private Problem _problem = null!;

    /// <summary>Points x features x components.</summary>
    [Params("1000x3x4", "100000x8x8", "50000x32x32")]
    public string Shape { get; set; } = "";

    [Params(CovarianceType.Full, CovarianceType.Diagonal)]
    public CovarianceType Covariance { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _problem = Problem.Parse(Covariance, Shape);
        Timing.WarmUp(() =>
        {
            OneIteration();
            SmallEm();
            KMeansPlusPlus();
            RandomPoints();
        });
    }

    [Benchmark(Baseline = true)]
    public object OneIteration() => _problem.Fit(iterations: 1, threads: 1);

    [Benchmark]
    public object SmallEm() => Start(StartMethod.SmallEm);

    [Benchmark]
    public object KMeansPlusPlus() => Start(StartMethod.KMeansPlusPlus);

    [Benchmark]
    public object RandomPoints() => Start(StartMethod.RandomPoints);

    private FitResult Start(StartMethod method) => _problem.Fit(_problem.Options(iterations: 0, threads: 1) with { InitialModel = null, Start = method });
}
