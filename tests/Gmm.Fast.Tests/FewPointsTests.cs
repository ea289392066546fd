using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Few points are scored one by one, and have the bits and the errors of many.</summary>
public class FewPointsTests
{
    private const int Most = 12;

    [Theory]
    [ClassData(typeof(EveryType))]
    public void TheyHaveTheBitsOfMany(string type)
    {
        var problem = Blobs.Build(seed: 51, n: Most, d: 5, k: 3, type, separation: 1);
        var model = problem.Model();
        var all = Score(model, problem, Most);
        for (var count = 1; count < Most; count++)
        {
            var few = Score(model, problem, count);
            Assert.Equal(all.Labels[..count], few.Labels);
            foreach (var (many, some, columns) in (ReadOnlySpan<(double[], double[], int)>)
                [
                    (all.LogDensities, few.LogDensities, 1), (all.Responsibilities, few.Responsibilities, 3),
                    (all.ComponentLogDensities, few.ComponentLogDensities, 3), (all.Distances, few.Distances, 3),
                ])
            {
                Measures.SameBits(many[..(count * columns)], some);
            }
        }
    }

    [Fact]
    public void ANumberThatIsNotFiniteIsNamedWithItsRow()
    {
        var model = Blobs.Build(seed: 52, n: 1, d: 2, k: 2, "full", separation: 1).Model();
        double[,] rows = { { 1, 2 }, { 3, double.NaN } };
        Assert.StartsWith("rows[1, 1] is NaN", Assert.Throws<ArgumentException>(() => model.LogDensities(rows, new double[2])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.LogDensities(rows, new double[2], maxDegreeOfParallelism: 0));
        Assert.Throws<ArgumentException>(() => model.LogDensities(new double[2, 3], new double[2]));
    }

    // Each kind of score alone, so that few points stay few.
    private static (int[] Labels, double[] LogDensities, double[] Responsibilities, double[] ComponentLogDensities, double[] Distances) Score(
        GaussianMixture model, MixtureProblem problem, int count)
    {
        var rows = problem.Data.AsSpan(0, count * problem.D);
        var (labels, densities) = (new int[count], new double[count]);
        double[] responsibilities = new double[count * problem.K], components = new double[count * problem.K], distances = new double[count * problem.K];
        model.Labels(new Points(rows, problem.D), labels);
        model.LogDensities(new Points(rows, problem.D), densities);
        model.Responsibilities(new Points(rows, problem.D), responsibilities);
        model.ComponentLogDensities(new Points(rows, problem.D), components, weighted: true);
        model.MahalanobisDistances(new Points(rows, problem.D), distances);
        return (labels, densities, responsibilities, components, distances);
    }
}
