using Gmm.Reference;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Gaps;

/// <summary>Checks values that are filled in.</summary>
public class ImputeTests
{
    [Theory]
    [ClassData(typeof(EveryType))]
    public void MeansAreThoseOfTheTwin(string type)
    {
        var problem = Blobs.Build(seed: 71, n: 400, d: 4, k: 3, type, separation: 2).WithGaps(0.4);
        problem.Data.AsSpan(8, 4).Fill(double.NaN);
        var rows = new double[problem.Data.Length];
        Assert.Equal(problem.Data.Count(double.IsNaN), problem.Model().Impute(new Points(problem.Data, 4), rows));
        var reference = problem.Reference();
        for (var i = 0; i < problem.N; i++)
        {
            var responsibilities = ReferenceGaps.Responsibilities(problem.Rows[i], reference);
            for (var j = 0; j < 4; j++)
            {
                var expected = Enumerable.Range(0, 3).Sum(k => responsibilities[k] * ReferenceGaps.Complete(problem.Rows[i], reference, k).Expected[j]);
                if (double.IsNaN(problem.Data[4 * i + j])) Assert.Equal(expected, rows[4 * i + j], 1e-10 * Math.Max(1, Math.Abs(expected)));
                else Assert.Equal(problem.Data[4 * i + j], rows[4 * i + j]);
            }
        }
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void DrawsHaveTheMeanAndTheCovarianceGivenWhatIsPresent(string type)
    {
        const int N = 40_000;
        var problem = Blobs.Build(seed: 72, n: 1, d: 3, k: 2, type, separation: 1);
        double[] point = [double.NaN, problem.Data[1], double.NaN];
        double[] data = [.. Enumerable.Repeat(point, N).SelectMany(row => row)], rows = new double[3 * N];
        problem.Model().Impute(new Points(data, 3), rows, seed: 5);
        var reference = problem.Reference();
        var responsibilities = ReferenceGaps.Responsibilities(point, reference);
        var parts = Enumerable.Range(0, 2).Select(k => ReferenceGaps.Complete(point, reference, k)).ToArray();
        double Mean(int j) => Enumerable.Range(0, 2).Sum(k => responsibilities[k] * parts[k].Expected[j]);
        double Covariance(int i, int j) => Enumerable.Range(0, 2).Sum(k => responsibilities[k]
            * (parts[k].Covariance[i][j] + (parts[k].Expected[i] - Mean(i)) * (parts[k].Expected[j] - Mean(j))));
        double[] mean = [.. Enumerable.Range(0, 3).Select(j => rows.Where((_, at) => at % 3 == j).Average())];
        foreach (var (i, j) in ((int, int)[])[(0, 0), (0, 2), (2, 2)])
        {
            var scale = Math.Sqrt(Covariance(i, i) * Covariance(j, j));
            var covariance = Enumerable.Range(0, N).Average(n => (rows[3 * n + i] - mean[i]) * (rows[3 * n + j] - mean[j]));
            Assert.InRange(Math.Abs(mean[i] - Mean(i)) / Math.Sqrt(Covariance(i, i)), 0, 5 / Math.Sqrt(N));
            Assert.InRange(Math.Abs(covariance - Covariance(i, j)) / scale, 0, 12 / Math.Sqrt(N));
        }
    }

    [Fact]
    public void PointsThatCannotBeUsedStayAsTheyWere()
    {
        var problem = Blobs.Build(seed: 1, n: 500, d: 2, k: 2);
        double[] rows = [.. problem.Data];
        (rows[1], rows[^1]) = (double.NaN, double.PositiveInfinity);
        double[] before = [.. rows];
        Assert.StartsWith("points[499, 1] is", Assert.Throws<ArgumentException>(() => problem.Model().Impute(new Points(rows, 2), rows)).Message);
        Assert.Equal(before, rows);
    }

    [Fact]
    public void DrawsDependOnSeedAndPlaceAlone()
    {
        var problem = Blobs.Build(seed: 73, n: 3_000, d: 3, k: 2, separation: 1).WithGaps(0.3);
        var model = problem.Model();
        double[] first = new double[9_000], second = new double[9_000];
        model.Impute(new Points(problem.Data, 3), first, seed: 3, maxDegreeOfParallelism: 1);
        model.Impute(new Points(problem.Data, 3), second, seed: 3, maxDegreeOfParallelism: 4);
        Measures.SameBits(first, second);
        var part = new double[300];
        model.Impute(new Points(problem.Data.AsSpan(0, 300), 3), part, seed: 3);
        Measures.SameBits(first.AsSpan(0, 300), part);
        model.Impute(new Points(problem.Data, 3), second, seed: 4);
        Assert.NotEqual(first, second);
        Assert.DoesNotContain(double.NaN, first);

        // In place, and from floats.
        var own = problem.Data.ToArray();
        model.Impute(new Points(own, 3), own, seed: 3);
        Measures.SameBits(first, own);
        Assert.Equal(problem.Data.Count(double.IsNaN), model.Impute(new Points(Measures.To<float>(problem.Data), 3), second));
    }

    [Fact]
    public void WrongNumbersAreNamed()
    {
        var model = new GaussianMixture(CovarianceType.Full, 2, [1], [0, 0], [1, 0, 0, 1]);
        Assert.StartsWith("points[1, 1] is Infinity; finite values, or NaN for missing ones, are required",
            Assert.Throws<ArgumentException>(() => model.Impute(new Points([0, double.NaN, 1, double.PositiveInfinity], 2), new double[4])).Message);
        Assert.StartsWith("rows has 3 values", Assert.Throws<ArgumentException>(() => model.Impute(new Points([0.0, 1], 2), new double[3])).Message);
        Assert.StartsWith("points has 1 dimensions", Assert.Throws<ArgumentException>(() => model.Impute(new Points([0.0], 1), new double[2])).Message);
        Assert.Equal(0, model.Impute(new Points([], 2), []));
    }
}
