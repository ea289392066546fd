using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Linalg;
using Gmm.Fast.Starts;

namespace Gmm.Fast.Tests.Starts;

/// <summary>Joins small clusters, and compares the unions with those of a search that computes every cost anew.</summary>
public class AgglomerationTests
{
    private static readonly MomentKind[] s_kinds = [MomentKind.Triangle, MomentKind.Diagonal, MomentKind.Trace];

    [Fact]
    public void UnionsAreTheCheapestOneByOne()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            int count = 3 + random.Next(12), dimension = 1 + random.Next(5), components = 1 + random.Next(count - 1);
            foreach (var kind in s_kinds)
            {
                var small = Small(kind, random, count, dimension);
                using var team = new WorkTeam(3);
                var alone = Agglomeration.Join(small, Ridge.Uniform(0.01, dimension), dimension + 1, components, 0, MatrixTeam.Alone)!;
                Assert.Equal(Plain(small, 0.01, dimension + 1, components), alone);
                Assert.Equal(alone, Agglomeration.Join(small, Ridge.Uniform(0.01, dimension), dimension + 1, components, 0, new MatrixTeam(team, default)));
            }
        }
    }

    [Fact]
    public void FewFarPointsTakeNoNumberFromClusters()
    {
        // Two groups of two clusters each, and one far point.
        var small = new SufficientStatistics(MomentKind.Triangle, 6, 1) { TotalWeight = 401, PointCount = 401 };
        double[] means = [0, 1, 20, 21, 500, 0], counts = [100, 100, 100, 100, 1, 0];
        for (var k = 0; k < counts.Length; k++)
        {
            small.Centers[k] = means[k];
            (small.Values[3 * k], small.Values[3 * k + 2]) = (counts[k], counts[k]);
        }
        var ridge = Ridge.Uniform(0, 1);
        Assert.Equal([0, 0, 0, 0, 1], Agglomeration.Join(small, ridge, 2, 2, 0, MatrixTeam.Alone)![..5]);
        Assert.Equal([0, 0, 1, 1, 1], Agglomeration.Join(small, ridge, 2, 2, 3, MatrixTeam.Alone)![..5]);
    }

    private static SufficientStatistics Small(MomentKind kind, Random random, int count, int dimension)
    {
        var small = new SufficientStatistics(kind, count, dimension);
        var length = 1 + dimension + small.SecondMomentLength;
        for (var k = 0; k < count; k++)
        {
            var points = 1 + random.Next(30);
            small.Values[k * length] = points;
            small.TotalWeight += points;
            for (var j = 0; j < dimension; j++) small.Centers[k * dimension + j] = 6 * random.NextDouble();
            var second = small.Values.Slice(k * length + 1 + dimension, small.SecondMomentLength);
            for (var i = 0; i < points; i++) kind.AddSquare(second, [.. Enumerable.Range(0, dimension).Select(_ => random.NextDouble())], 1);
        }
        small.PointCount = small.TotalWeight;
        return small;
    }

    private static int[] Plain(SufficientStatistics small, double ridge, double prior, int components)
    {
        var dimension = small.Dimension;
        var common = new double[small.SecondMomentLength];
        for (var k = 0; k < small.Components; k++)
        {
            for (var i = 0; i < common.Length; i++) common[i] += small.SecondMoment(k)[i] / small.TotalWeight;
        }
        for (var j = 0; j < dimension; j++) common[small.Moments.DiagonalIndex(j)] += ridge;
        List<List<int>> unions = [.. Enumerable.Range(0, small.Components).Select(k => new List<int> { k })];
        while (unions.Count > components)
        {
            var (first, second, least) = (0, 0, double.PositiveInfinity);
            for (var a = 0; a < unions.Count; a++)
            {
                for (var b = 0; b < a; b++)
                {
                    var rise = Cost([.. unions[a], .. unions[b]]) - Cost(unions[a]) - Cost(unions[b]);
                    if (rise < least) (first, second, least) = (b, a, rise);
                }
            }
            unions[first].AddRange(unions[second]);
            unions.RemoveAt(second);
        }
        unions = [.. unions.OrderBy(union => union.Min())];
        return [.. Enumerable.Range(0, small.Components).Select(k => unions.FindIndex(union => union.Contains(k)))];

        double Cost(List<int> members)
        {
            var points = members.Sum(k => small.EffectiveCount(k));
            double[] mean = [.. Enumerable.Range(0, dimension).Select(j => members.Sum(k => small.EffectiveCount(k) * small.Center(k)[j]) / points)];
            double[] moments = [.. common.Select(value => value * prior)];
            foreach (var k in members)
            {
                for (var i = 0; i < moments.Length; i++) moments[i] += small.SecondMoment(k)[i];
                small.Moments.AddSquare(moments, [.. Enumerable.Range(0, dimension).Select(j => small.Center(k)[j] - mean[j])], small.EffectiveCount(k));
            }
            var family = FamilyTable.OwnOf(small.Moments);
            for (var i = 0; i < moments.Length; i++) moments[i] /= points + prior;
            if (moments.Length == 1) moments[0] /= dimension;
            var matrix = moments;
            if (family.HasOffDiagonal)
            {
                matrix = new double[dimension * dimension];
                for (var i = 0; i < dimension; i++)
                {
                    for (var j = 0; j <= i; j++) matrix[i * dimension + j] = matrix[j * dimension + i] = moments[PackedLower.Index(i, j)];
                }
            }
            Assert.True(family.TryFactor(matrix, dimension, new double[family.Form.FactorLength(dimension)], MatrixTeam.Alone, out var root, out _, out _));
            return points * (-root - Math.Log(points));
        }
    }
}
