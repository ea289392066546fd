using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;

namespace Gmm.Bench;

/// <summary>
/// The kernels on one block in cache, 16 components. Useful work of full covariances, per point and component: D^2 operations for the distances
/// and D^2 for the moments, one triangle each. The peak burns as many operations as the whole step needs.
/// </summary>
[Config(typeof(Configuration))]
[HideColumns("Ratio", "RatioSD")]
public class KernelBenchmarks
{
    private const int Components = 16;

    private KernelBlock _block = null!;
    private long _peakRounds;

    [Params(2, 3, 8, 16, 32, 64, 128)]
    public int Dimension { get; set; }

    [Params(CovarianceType.Full, CovarianceType.Tied, CovarianceType.Diagonal, CovarianceType.Spherical)]
    public CovarianceType Covariance { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _block = new KernelBlock(Covariance, Dimension, Components);
        _peakRounds = 2L * _block.Points * Components * Dimension * Dimension / LaneLoops.OperationsPerRound;
        Timing.WarmUp(() =>
        {
            FmaPeak();
            DistancesAndAssignment();
            WholeStep();
        });
    }

    [GlobalCleanup]
    public void CleanUp() => _block.Dispose();

    [Benchmark(Baseline = true)]
    public double FmaPeak() => LaneLoops.FmaChains(_peakRounds);

    [Benchmark]
    [UsefulPart(0.5)]
    public void Distances() => _block.Distances();

    [Benchmark]
    [UsefulPart(0.5)]
    public void DistancesAndAssignment() => _block.ExpectationStep();

    [Benchmark]
    [UsefulPart(1)]
    public void WholeStep() => _block.WholeStep();

    private sealed class Configuration : ManualConfig
    {
        public Configuration()
        {
            // The other types are bound by memory and the exponential; they have no peak to share in.
            AddFilter(new SimpleFilter(benchmark => benchmark.Descriptor.WorkloadMethod.Name != nameof(FmaPeak)
                || benchmark.Parameters[nameof(Covariance)] is CovarianceType.Full));
            AddColumn(new ShareOfPeakColumn());
        }
    }
}
