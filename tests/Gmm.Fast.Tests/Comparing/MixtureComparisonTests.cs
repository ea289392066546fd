using Gmm.Fast.Linalg;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Comparing;

/// <summary>Checks comparisons against closed forms, quadrature and exhaustive search.</summary>
public class MixtureComparisonTests
{
    [Theory]
    [ClassData(typeof(EveryType))]
    public void AModelIsAtDistanceZeroFromItselfInAnyOrder(string type)
    {
        var model = Blobs.Build(seed: 41, n: 1, d: 3, k: 4, type).Model();
        var same = MixtureComparison.Of(model, model, samples: 1_000);
        Assert.Equal([(0, 0), (1, 1), (2, 2), (3, 3)], same.Matches.Select(match => (match.First, match.Second)));
        Assert.All(same.Matches, match => Assert.InRange(Math.Abs(match.Divergence) + match.MeanDistance + Math.Abs(match.CovarianceDivergence), 0, 1e-12));
        Assert.Equal((0, 0), (same.Divergence.Value, same.Divergence.StandardError));
        Assert.Equal(0, same.JensenShannon.Value);
        Assert.InRange(same.DivergenceBound, 0, 1e-9);

        int[] order = [2, 0, 3, 1];
        var turned = Reordered(model, order);
        var comparison = MixtureComparison.Of(model, turned, samples: 1_000);
        Assert.Equal(order, comparison.Matches.OrderBy(match => match.Second).Select(match => match.First));
        Assert.InRange(Math.Abs(comparison.Divergence.Value), 0, 1e-12);
        Assert.InRange(comparison.ReverseDivergenceBound, 0, 1e-9);
    }

    // Hand-made formula for two normal distributions: KL has no other terms.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(13)]
    public void OfSingleComponentsEverythingIsInClosedForm(int d)
    {
        foreach (var (typeA, typeB) in (IEnumerable<(string, string)>)[("full", "full"), ("full", "diag"), ("diag", "spherical"), ("tied", "full"), ("tied-spherical", "tied-diag")])
        {
            var (a, b) = (Blobs.Build(seed: 51, n: 1, d, k: 1, typeA, separation: 0.5).Model(), Blobs.Build(seed: 52, n: 1, d, k: 1, typeB, separation: 0.5).Model());
            var comparison = MixtureComparison.Of(a, b, samples: 200_000);
            var (forward, reverse) = (Divergence(a, b), Divergence(b, a));
            var match = Assert.Single(comparison.Matches);
            Assert.Equal(forward + reverse, match.Divergence, 1e-9 * (1 + forward + reverse));
            Assert.Equal(forward, comparison.DivergenceBound, 1e-9 * (1 + forward));
            Assert.Equal(reverse, comparison.ReverseDivergenceBound, 1e-9 * (1 + reverse));
            Assert.InRange(comparison.Divergence.Value, forward - 5 * comparison.Divergence.StandardError, forward + 5 * comparison.Divergence.StandardError);
            Assert.InRange(comparison.ReverseDivergence.Value, reverse - 5 * comparison.ReverseDivergence.StandardError, reverse + 5 * comparison.ReverseDivergence.StandardError);
            var centered = new GaussianMixture(b.CovarianceType, d, b.Weights, a.Means, b.Covariances);
            Assert.Equal(Divergence(a, centered) + Divergence(centered, a), match.CovarianceDivergence, 1e-9 * (1 + forward + reverse));
        }
    }

    [Fact]
    public void EstimatesOfMixturesAgreeWithQuadrature()
    {
        var a = new GaussianMixture(CovarianceType.Diagonal, 1, [0.3, 0.7], [0, 4], [1, 2]);
        var b = new GaussianMixture(CovarianceType.Diagonal, 1, [0.5, 0.2, 0.3], [0.5, 4, 7], [1.5, 1, 1]);
        var comparison = MixtureComparison.Of(a, b, samples: 400_000, seed: 3);
        double forward = 0, reverse = 0, shared = 0;
        const double Step = 1e-3;
        for (var x = -40.0; x < 60; x += Step)
        {
            var (p, q) = (a.LogDensity([x]), b.LogDensity([x]));
            forward += Math.Exp(p) * (p - q) * Step;
            reverse += Math.Exp(q) * (q - p) * Step;
            var middle = Math.Log((Math.Exp(p) + Math.Exp(q)) / 2);
            if (Math.Exp(p) > 1e-300) shared += Math.Exp(p) * (p - middle) / 2 * Step;
            if (Math.Exp(q) > 1e-300) shared += Math.Exp(q) * (q - middle) / 2 * Step;
        }
        Near(forward, comparison.Divergence);
        Near(reverse, comparison.ReverseDivergence);
        Near(shared, comparison.JensenShannon);
        Assert.InRange(comparison.DivergenceBound, forward, 3 * forward);
        Assert.InRange(comparison.ReverseDivergenceBound, reverse, 3 * reverse);
        Assert.Equal(2, comparison.Matches.Count);
        Assert.Equal(400_000, comparison.Samples);
        var again = MixtureComparison.Of(a, b, samples: 400_000, seed: 3);
        Assert.Equal((comparison.Divergence, comparison.JensenShannon), (again.Divergence, again.JensenShannon));
        Assert.NotEqual(comparison.Divergence, MixtureComparison.Of(a, b, samples: 400_000, seed: 4).Divergence);
        var swapped = MixtureComparison.Of(b, a, samples: 1_000);
        Assert.Equal(comparison.Matches.Select(match => (match.First, match.Second)).Order(), swapped.Matches.Select(match => (match.Second, match.First)).Order());
        Assert.Equal(comparison.DivergenceBound, swapped.ReverseDivergenceBound, 1e-12);

        static void Near(double expected, MonteCarloEstimate estimate)
        {
            Assert.InRange(estimate.Value, expected - 5 * estimate.StandardError, expected + 5 * estimate.StandardError);
            Assert.InRange(estimate.StandardError, 1e-9, 0.02);
        }
    }

    [Fact]
    public void DensitiesThatShareNoRegionAreInfinitelyFarApart()
    {
        var (a, b) = (new GaussianMixture(CovarianceType.Spherical, 1, [1], [0], [1]), new GaussianMixture(CovarianceType.Spherical, 1, [1], [1e200], [1]));
        var comparison = MixtureComparison.Of(a, b, samples: 100);
        Assert.Equal(double.PositiveInfinity, comparison.Divergence.Value);
        Assert.True(double.IsNaN(comparison.Divergence.StandardError));
        Assert.Equal(Math.Log(2), comparison.JensenShannon.Value, 1e-15);
        Assert.Equal(double.PositiveInfinity, comparison.DivergenceBound);
        Assert.Equal((0, 0), (comparison.Matches[0].First, comparison.Matches[0].Second));
    }

    [Fact]
    public void AComponentWithoutWeightMakesNoDifference()
    {
        var a = new GaussianMixture(CovarianceType.Spherical, 1, [0.5, 0.5, 0], [0, 3, 9], [1, 1, 1]);
        var b = new GaussianMixture(CovarianceType.Spherical, 1, [0.5, 0.5], [0, 3], [1, 1]);
        var comparison = MixtureComparison.Of(a, b, samples: 100);
        Assert.Equal((0, 0), (comparison.Divergence.Value, comparison.ReverseDivergence.Value));
        Assert.InRange(comparison.DivergenceBound + comparison.ReverseDivergenceBound, 0, 1e-9);
        Assert.Equal([(0, 0), (1, 1)], comparison.Matches.Select(match => (match.First, match.Second)));
    }

    [Fact]
    public void OtherDimensionsAndTooFewSamplesAreRefused()
    {
        var (a, b) = (Blobs.Build(seed: 1, n: 1, d: 2, k: 1).Model(), Blobs.Build(seed: 1, n: 1, d: 3, k: 1).Model());
        Assert.StartsWith("second has 3 dimensions; 2, as many as first has, are required", Assert.Throws<ArgumentException>(() => MixtureComparison.Of(a, b)).Message);
        Assert.ThrowsAny<ArgumentException>(() => MixtureComparison.Of(a, a, samples: 1));
        Assert.Throws<ArgumentNullException>(() => MixtureComparison.Of(a, null!));
    }

    [Fact]
    public void AssignmentsAreTheCheapestOfAll()
    {
        var random = new Random(6);
        for (var round = 0; round < 500; round++)
        {
            var rows = 1 + random.Next(5);
            var columns = rows + random.Next(3);
            double[] costs = [.. Enumerable.Range(0, rows * columns).Select(_ => round % 3 == 0 ? random.Next(4) : Math.Exp(20 * random.NextDouble()) - 5)];
            var assigned = Assignment.Cheapest(costs, rows, columns);
            Assert.Equal(rows, assigned.Distinct().Count());
            var cost = assigned.Select((column, row) => costs[row * columns + column]).Sum();
            var best = Cheapest(costs, columns, [.. Enumerable.Range(0, columns)], 0, rows);
            Assert.Equal(best, cost, 1e-9 * (1 + Math.Abs(best)));
        }
    }

    private static double Cheapest(double[] costs, int columns, List<int> free, int row, int rows)
    {
        if (row == rows) return 0;
        return free.ToArray().Min(column =>
        {
            List<int> rest = [.. free.Where(other => other != column)];
            return costs[row * columns + column] + Cheapest(costs, columns, rest, row + 1, rows);
        });
    }

    private static GaussianMixture Reordered(GaussianMixture model, int[] order)
    {
        var length = model.Covariances.Length / model.ComponentCount;
        return new GaussianMixture(
            model.CovarianceType, model.Dimension, [.. order.Select(k => model.Weights[k])], [.. order.SelectMany(k => model.Mean(k).ToArray())],
            model.SharesCovariance ? model.Covariances : order.SelectMany(k => model.Covariances.Slice(k * length, length).ToArray()).ToArray());
    }

    // With the matrices of the reference: tr, quadratic form and determinants by cofactors of the inverse.
    private static double Divergence(GaussianMixture a, GaussianMixture b)
    {
        var d = a.Dimension;
        var (sa, sb) = (a.Expand(0), b.Expand(0));
        var (inverse, logB) = Invert(sb, d);
        var (_, logA) = Invert(sa, d);
        double sum = -d + logB - logA;
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++)
                sum += inverse[i * d + j] * (sa[j * d + i] + (a.Means[i] - b.Means[i]) * (a.Means[j] - b.Means[j]));
        }
        return sum / 2;
    }

    private static (double[] Inverse, double LogDeterminant) Invert(double[] matrix, int d)
    {
        var (left, right) = ((double[])matrix.Clone(), new double[d * d]);
        for (var i = 0; i < d; i++) right[i * d + i] = 1;
        double log = 0;
        for (var p = 0; p < d; p++)
        {
            var pivot = left[p * d + p];
            log += Math.Log(pivot);
            for (var j = 0; j < d; j++) (left[p * d + j], right[p * d + j]) = (left[p * d + j] / pivot, right[p * d + j] / pivot);
            for (var i = 0; i < d; i++)
            {
                if (i == p) continue;
                var factor = left[i * d + p];
                for (var j = 0; j < d; j++)
                {
                    left[i * d + j] -= factor * left[p * d + j];
                    right[i * d + j] -= factor * right[p * d + j];
                }
            }
        }
        return (right, log);
    }
}
