using BenchmarkDotNet.Attributes;

namespace Gmm.Bench;

/// <summary>Scoring, as a service embeds it: one point, and ten thousand.</summary>
[MemoryDiagnoser]
public class ScoringBenchmarks
{
    private const int Many = 10_000;

    private Problem _problem = null!;
    private double[] _responsibilities = null!;
    private double[] _allResponsibilities = null!;
    private double[] _logDensities = null!;
    private int[] _labels = null!;

    /// <summary>Features x components.</summary>
    [Params("3x4", "26x32")]
    public string Shape { get; set; } = "";

    [Params(CovarianceType.Full, CovarianceType.Diagonal)]
    public CovarianceType Covariance { get; set; }

    private ReadOnlySpan<double> Point => _problem.Rows.AsSpan(0, _problem.Dimension);

    [GlobalSetup]
    public void SetUp()
    {
        _problem = Problem.Parse(Covariance, $"{Many}x{Shape}");
        _responsibilities = new double[_problem.Components];
        _allResponsibilities = new double[Many * _problem.Components];
        _logDensities = new double[Many];
        _labels = new int[Many];
        Timing.WarmUp(() =>
        {
            for (var i = 0; i < Many; i++) OneOfEach();
            TenThousandLabels();
            TenThousandLogDensities();
            TenThousandResponsibilities();
        });
    }

    private void OneOfEach()
    {
        OneLabel();
        OneLogDensity();
        OneResponsibilities();
    }

    [Benchmark]
    public int OneLabel() => _problem.Initial.Label(Point);

    [Benchmark]
    public double OneLogDensity() => _problem.Initial.LogDensity(Point);

    [Benchmark]
    public void OneResponsibilities() => _problem.Initial.Responsibilities(Point, _responsibilities);

    [Benchmark]
    public void TenThousandLabels() => _problem.Initial.Labels(new Points(_problem.Rows, _problem.Dimension), _labels);

    [Benchmark]
    public void TenThousandLogDensities() => _problem.Initial.LogDensities(new Points(_problem.Rows, _problem.Dimension), _logDensities);

    [Benchmark]
    public void TenThousandResponsibilities() =>
        _problem.Initial.Responsibilities(new Points(_problem.Rows, _problem.Dimension), _allResponsibilities);
}
