using BenchmarkDotNet.Attributes;

namespace Gmm.Bench;

/// <summary>Scoring, as a service embeds it: one point, and ten thousand.</summary>
[MemoryDiagnoser]
public class ScoringBenchmarks
{
    private const int Many = 10_000;

    private Problem _problem = null!;
    private double[] _responsibilities = null!;
    private double[] _logDensities = null!;

    /// <summary>Features x components.</summary>
    [Params("3x4", "32x32")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        var shape = Array.ConvertAll(Shape.Split('x'), int.Parse);
        _problem = new Problem(CovarianceType.Full, Many, shape[0], shape[1]);
        _responsibilities = new double[shape[1]];
        _logDensities = new double[Many];
    }

    [Benchmark]
    public double OneLogDensity() => _problem.Initial.LogDensity(_problem.Rows.AsSpan(0, _problem.Dimension));

    [Benchmark]
    public void OneResponsibilities() => _problem.Initial.Responsibilities(_problem.Rows.AsSpan(0, _problem.Dimension), _responsibilities);

    [Benchmark]
    public void TenThousandLogDensities() => _problem.Initial.LogDensities(Rows.From(_problem.Rows, _problem.Dimension), _logDensities);
}
