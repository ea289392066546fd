using Gmm.TestKit;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>Checks sums over very many points: repeated points have the mean and variance of the points themselves.</summary>
public class DriftTests
{
    private const int Period = 5 * 384;

    // 200 million with GMM_SLOW=1.
    private static readonly int s_points = (SlowTests.AreOn ? 200_000_000 : 20_000_000) / Period * Period;

    // 0.1 is no double: ever more additions of it round ever the same way.
    [Theory]
    [InlineData(CovarianceType.Diagonal, 0.1)]
    [InlineData(CovarianceType.Spherical, -7e5)]
    [InlineData(CovarianceType.Full, 0.1)]
    public void ManyPointsDoNotDrift(CovarianceType type, double offset)
    {
        var random = new Random(8);
        var once = Enumerable.Range(0, Period).Select(_ => offset + random.NextDouble()).ToArray();
        var options = new FitOptions
        {
            Components = 1,
            CovarianceType = type,
            InitialModel = new GaussianMixture(type, 1, [1], [offset + 0.4], [0.1]),
            MaxIterations = 1,
            Stop = StopRule.FixedCount,
            Regularization = 0,
        };
        var expected = MixtureFit.Fit(new Points(once, 1), options);
        var actual = MixtureFit.Fit(new Repeated(once, s_points / Period), options);
        var spread = Math.Sqrt(expected.Model.Covariances[0]);
        Assert.Equal(s_points, actual.Points);
        Assert.InRange(Math.Abs(actual.Model.Means[0] - expected.Model.Means[0]) / spread, 0, 1e-12);
        Assert.InRange(Math.Abs(actual.Model.Covariances[0] / expected.Model.Covariances[0] - 1), 0, 1e-12);
        Assert.InRange(Math.Abs(actual.MeanLogLikelihood / expected.MeanLogLikelihood - 1), 0, 1e-12);
    }

    private sealed class Repeated(double[] once, long times) : PointSource<double>
    {
        public override long PointCount => times * once.Length;

        public override int Dimension => 1;

        public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
        {
            var start = (int)(first % once.Length);
            if (start + count <= once.Length) return once.AsSpan(start, count);
            for (var i = 0; i < count; i++) scratch[i] = once[(start + i) % once.Length];
            return scratch[..count];
        }
    }
}
