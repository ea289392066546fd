using BenchmarkDotNet.Attributes;
using Gmm.Reference;

namespace Gmm.Bench;

/// <summary>Whole fits of three EM iterations from given parameters: the textbook twin, and the engine with one and two threads.</summary>
public class EndToEndBenchmarks
{
    private const int Iterations = 3;

    private Problem _problem = null!;
    private double[][] _rows = null!;
    private ReferenceMixture _start = null!;

    [Params(1_000, 20_000)]
    public int Points { get; set; }

    [Params(2, 8, 32)]
    public int Dimension { get; set; }

    [Params(4, 16)]
    public int Components { get; set; }

    [Params(CovarianceType.Full, CovarianceType.Tied, CovarianceType.Diagonal, CovarianceType.Spherical)]
    public CovarianceType Covariance { get; set; }

    [Params("double", "float")]
    public string Element { get; set; } = "";

    [GlobalSetup(Target = nameof(Reference))]
    public void SetUpReference()
    {
        _problem = new Problem(Covariance, Points, Dimension, Components);
        _rows = Jagged(_problem.Rows);
        var matrix = new double[Dimension * Dimension];
        var covariances = new double[Components][][];
        for (var k = 0; k < covariances.Length; k++)
        {
            _problem.Initial.Covariance(k, matrix);
            covariances[k] = Jagged(matrix);
        }
        _start = new ReferenceMixture(
            Enum.Parse<ReferenceCovariance>(Covariance.ToString()), _problem.Initial.Weights.ToArray(), Jagged(_problem.Initial.Means), covariances);
        Timing.WarmUp(() => Reference());
    }

    [GlobalSetup(Targets = [nameof(FastOneThread), nameof(FastTwoThreads)])]
    public void SetUpFast()
    {
        _problem = new Problem(Covariance, Points, Dimension, Components);
        Timing.WarmUp(() =>
        {
            FastOneThread();
            FastTwoThreads();
        });
    }

    [Benchmark(Baseline = true)]
    public object Reference() =>
        ReferenceEm.Fit(_rows, _start, new ReferenceOptions { Stop = ReferenceStop.FixedCount, MaxIterations = Iterations, Regularization = 1e-6 });

    [Benchmark]
    public object FastOneThread() => _problem.Fit(Iterations, threads: 1, Element == "float");

    [Benchmark]
    public object FastTwoThreads() => _problem.Fit(Iterations, threads: 2, Element == "float");

    private double[][] Jagged(ReadOnlySpan<double> values)
    {
        var rows = new double[values.Length / Dimension][];
        for (var i = 0; i < rows.Length; i++) rows[i] = values.Slice(i * Dimension, Dimension).ToArray();
        return rows;
    }
}
