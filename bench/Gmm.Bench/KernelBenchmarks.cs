using BenchmarkDotNet.Attributes;
using Gmm.Fast.Covariance;
using Gmm.Fast.Data;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Simd;

namespace Gmm.Bench;

/// <summary>
/// The kernels on one block in cache, 16 components: distances, assignment (log-sum-exp), and the whole fused step. Time per operation covers
/// Rows x 16 point-component pairs.
/// </summary>
public unsafe class KernelBenchmarks
{
    private const int Components = 16;

    private IBlockStep _step = null!;
    private MixtureParameters _parameters = null!;
    private SufficientStatistics _statistics = null!;
    private AlignedBuffer<double> _memory = null!;
    private Workspace _workspace;
    private ColumnBlock<double> _block;

    [Params(2, 8, 32)]
    public int Dimension { get; set; }

    [Params(CovarianceType.Full, CovarianceType.Diagonal)]
    public CovarianceType Covariance { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var rows = BlockShape.For(1_000_000, Dimension, 1).BlockPoints;
        var problem = new Problem(Covariance, rows, Dimension, Components);
        _step = BlockSteps.Soft(Covariance, LaneWidths.Widest);
        _parameters = problem.Initial.Parameters;
        _statistics = new SufficientStatistics(Covariance, Components, Dimension);
        _parameters.Means.CopyTo(_statistics.Centers, 0);
        _memory = new AlignedBuffer<double>(Workspace.Length(rows, Dimension, Components));
        _workspace = new Workspace(_memory.Pointer, rows, Dimension, Components);
        _block = _workspace.Pack(problem.Rows, BlockShape.RowMultiple);
    }

    [GlobalCleanup]
    public void CleanUp() => _memory.Dispose();

    [Benchmark]
    public void Distances() => _step.Distances(_block, _parameters, _workspace.Scratch, _workspace.Joint);

    [Benchmark]
    public void DistancesAndAssignment()
    {
        Distances();
        _step.Assign(_block, _parameters, _workspace.Joint, _workspace.LogDensities);
    }

    [Benchmark]
    public void WholeStep() => _step.Run(_block, _parameters, _workspace, _statistics);
}
