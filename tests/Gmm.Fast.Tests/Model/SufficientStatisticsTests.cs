namespace Gmm.Fast.Tests.Model;

/// <summary>Checks the layout of the statistic, and that parts add up.</summary>
public class SufficientStatisticsTests
{
    [Theory]
    [InlineData(CovarianceType.Full, 10)]
    [InlineData(CovarianceType.Tied, 10)]
    [InlineData(CovarianceType.Diagonal, 4)]
    [InlineData(CovarianceType.Spherical, 1)]
    [InlineData(CovarianceType.TiedDiagonal, 4)]
    [InlineData(CovarianceType.TiedSpherical, 1)]
    public void AllNumbersLieInOneSpanInTheDocumentedOrder(CovarianceType type, int second)
    {
        var statistics = new SufficientStatistics(type, components: 3, dimension: 4);
        Assert.Equal((3, 4, second), (statistics.Components, statistics.Dimension, statistics.SecondMomentLength));
        Assert.Equal(3 * (1 + 4 + second) + 3, statistics.Values.Length);
        for (var i = 0; i < statistics.Values.Length; i++) statistics.Values[i] = i;
        for (var k = 0; k < 3; k++)
        {
            var start = k * (5 + second);
            Assert.Equal(start, statistics.EffectiveCount(k));
            Assert.Equal(Enumerable.Range(start + 1, 4).Select(i => (double)i), statistics.FirstMoment(k).ToArray());
            Assert.Equal(Enumerable.Range(start + 5, second).Select(i => (double)i), statistics.SecondMoment(k).ToArray());
        }
        Assert.Equal(statistics.Values.Length - 3, statistics.LogLikelihood);
        Assert.Equal(statistics.Values.Length - 2, statistics.TotalWeight);
        Assert.Equal(statistics.Values.Length - 1, statistics.PointCount);
    }

    [Fact]
    public void PartsAddAndClear()
    {
        var (a, b) = (new SufficientStatistics(CovarianceType.Full, 2, 3), new SufficientStatistics(CovarianceType.Full, 2, 3));
        for (var i = 0; i < a.Values.Length; i++) (a.Values[i], b.Values[i]) = (i, 100 * i + 0.5);
        a.Add(b);
        Assert.Equal(Enumerable.Range(0, a.Values.Length).Select(i => 101 * i + 0.5), a.Values.ToArray());
        Assert.Equal(100.5, b.Values[1]);
        a.Clear();
        Assert.All(a.Values.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void OtherShapesAreRefused()
    {
        var statistics = new SufficientStatistics(CovarianceType.Full, 2, 3);
        foreach (var other in (SufficientStatistics[])[new(CovarianceType.Diagonal, 2, 3), new(CovarianceType.Full, 3, 3), new(CovarianceType.Full, 2, 4)])
        {
            var message = Assert.Throws<ArgumentException>(() => statistics.Add(other)).Message;
            Assert.StartsWith($"other has {other.Components} components of {other.Dimension} dimensions with {other.SecondMomentLength} numbers per second moment; 2, 3 and 6 are required", message);
        }
        Assert.Throws<ArgumentNullException>(() => statistics.Add(null!));
        Assert.StartsWith("components is 0", Assert.Throws<ArgumentOutOfRangeException>(() => new SufficientStatistics(CovarianceType.Full, 0, 3)).Message);
        Assert.StartsWith("dimension is 0", Assert.Throws<ArgumentOutOfRangeException>(() => new SufficientStatistics(CovarianceType.Full, 1, 0)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SufficientStatistics((CovarianceType)6, 1, 1));
    }
}
