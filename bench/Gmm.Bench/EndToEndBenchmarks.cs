using BenchmarkDotNet.Attributes;
using Gmm.Reference;

namespace Gmm.Bench;

/// <summary>Five EM iterations from given parameters: the textbook twin, and the engine with one and two threads.</summary>
public class EndToEndBenchmarks
{
    private const int Iterations = 5;

    private Problem _problem = null!;
    private double[][] _rows = null!;
    private ReferenceMixture _start = null!;

    /// <summary>Points x features x components.</summary>
    [Params("20000x2x3", "20000x8x8", "4000x32x16")]
    public string Shape { get; set; } = "";

    [Params(CovarianceType.Full, CovarianceType.Diagonal)]
    public CovarianceType Covariance { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var shape = Array.ConvertAll(Shape.Split('x'), int.Parse);
        _problem = new Problem(Covariance, shape[0], shape[1], shape[2]);
        _rows = Jagged(_problem.Rows, shape[1]);
        var matrix = new double[shape[1] * shape[1]];
        var covariances = new double[shape[2]][][];
        for (var k = 0; k < covariances.Length; k++)
        {
            _problem.Initial.Covariance(k, matrix);
            covariances[k] = Jagged(matrix, shape[1]);
        }
        _start = new ReferenceMixture(
            Enum.Parse<ReferenceCovariance>(Covariance.ToString()), _problem.Initial.Weights.ToArray(), Jagged(_problem.Initial.Means, shape[1]), covariances);
    }

    [Benchmark(Baseline = true)]
    public object Reference() =>
        ReferenceEm.Fit(_rows, _start, new ReferenceOptions { Stop = ReferenceStop.FixedCount, MaxIterations = Iterations, Regularization = 1e-6 });

    [Benchmark]
    public object FastOneThread() => _problem.Fit(Iterations, threads: 1);

    [Benchmark]
    public object FastTwoThreads() => _problem.Fit(Iterations, threads: 2);

    private static double[][] Jagged(ReadOnlySpan<double> values, int columns)
    {
        var rows = new double[values.Length / columns][];
        for (var i = 0; i < rows.Length; i++) rows[i] = values.Slice(i * columns, columns).ToArray();
        return rows;
    }
}
