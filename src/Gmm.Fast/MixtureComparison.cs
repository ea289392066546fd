using System.Diagnostics;
using Gmm.Fast.Internals;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;

namespace Gmm.Fast;

/// <summary>
/// Compares two mixtures of the same dimensions: which components correspond, and how far apart the densities are. Numbers of components and forms
/// of covariance may differ. Immutable.
/// </summary>
public sealed class MixtureComparison
{
    // Larger costs would lose the digits of all others in sums.
    private const double LargestCost = 1e200;

    private MixtureComparison(
        IReadOnlyList<ComponentMatch> matches, double firstBound, double secondBound, int samples, (Moments Forward, Moments Reverse, Moments[] Shared) drawn)
    {
        Matches = ReadOnlyList.Of(matches);
        (DivergenceBound, ReverseDivergenceBound, Samples) = (firstBound, secondBound, samples);
        (Divergence, ReverseDivergence) = (drawn.Forward.Estimate, drawn.Reverse.Estimate);
        var (a, b) = (drawn.Shared[0].Estimate, drawn.Shared[1].Estimate);
        JensenShannon = new MonteCarloEstimate((a.Value + b.Value) / 2, Math.Sqrt(a.StandardError * a.StandardError + b.StandardError * b.StandardError) / 2);
    }

    /// <summary>
    /// The pairs of components, in the order of the first mixture: the assignment with the smallest sum of Jeffreys' divergences (Kuhn's Hungarian
    /// method). Each component is in at most one pair; of mixtures with different numbers of components some of the larger are in none.
    /// </summary>
    public IReadOnlyList<ComponentMatch> Matches { get; }

    /// <summary>KL(first || second), in nats: the log-likelihood that a point of the first mixture loses, on average, under the second.</summary>
    public MonteCarloEstimate Divergence { get; }

    /// <summary>KL(second || first), in nats.</summary>
    public MonteCarloEstimate ReverseDivergence { get; }

    /// <summary>
    /// The Jensen-Shannon divergence, in nats: 0 for equal densities, ln 2 for densities that share no region. It is what a point, drawn from either
    /// mixture with probability 1/2, tells about which one it was.
    /// </summary>
    public MonteCarloEstimate JensenShannon { get; }

    /// <summary>
    /// An upper bound of KL(first || second), in nats, not estimated: the variational bound of Hershey and Olsen, Approximating the Kullback
    /// Leibler divergence between Gaussian mixture models (ICASSP 2007), section 8. It is 0 for equal mixtures and may be far above.
    /// </summary>
    public double DivergenceBound { get; }

    /// <summary>An upper bound of KL(second || first), in nats.</summary>
    public double ReverseDivergenceBound { get; }

    /// <summary>The number of points drawn from each mixture.</summary>
    public int Samples { get; }

    /// <summary>Compares two mixtures.</summary>
    /// <param name="first">A mixture.</param>
    /// <param name="second">A mixture of the same dimensions, in the same order.</param>
    /// <param name="samples">The number of points drawn from each mixture, at least 2.</param>
    /// <param name="seed">The seed of the draws; the same seed gives the same bits.</param>
    /// <exception cref="ArgumentException">The numbers of dimensions differ, or there are too few samples.</exception>
    public static MixtureComparison Of(GaussianMixture first, GaussianMixture second, int samples = 100_000, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Dimension != second.Dimension)
            Throw.Argument(nameof(second), $"second has {second.Dimension} dimensions; {first.Dimension}, as many as first has, are required");
        Check.AtLeast(nameof(samples), samples, 2);

        var divergences = new Divergences(first.Mixture.Parameters, second.Mixture.Parameters);
        var (rows, columns) = (first.ComponentCount, second.ComponentCount);
        var (forward, reverse, costs) = (new double[rows * columns], new double[rows * columns], new double[rows * columns]);
        for (var i = 0; i < costs.Length; i++)
        {
            var (there, back) = divergences.Between(i / columns, i % columns);
            (forward[i], reverse[i % columns * rows + i / columns]) = (there, back);
            costs[i] = Math.Min(there + back, LargestCost);
        }
        var matches = Pairs(costs, rows, columns).Select(pair =>
        {
            var (i, j) = pair;
            var (there, back) = divergences.Between(i, j);
            return new ComponentMatch(i, j, divergences.MeanDistance(i, j), there + back, divergences.CovariancePart(i, j));
        });
        return new MixtureComparison(
            [.. matches], Bound(first.Weights, second.Weights, forward), Bound(second.Weights, first.Weights, reverse), samples,
            Draw(first, second, samples, seed));
    }

    private static IEnumerable<(int First, int Second)> Pairs(double[] costs, int rows, int columns)
    {
        if (rows <= columns)
        {
            var assigned = Assignment.Cheapest(costs, rows, columns);
            return Enumerable.Range(0, rows).Select(i => (i, assigned[i]));
        }
        var turned = new double[costs.Length];
        for (var i = 0; i < costs.Length; i++) turned[i % columns * rows + i / columns] = costs[i];
        var firsts = Assignment.Cheapest(turned, columns, rows);
        return Enumerable.Range(0, columns).Select(j => (First: firsts[j], Second: j)).OrderBy(pair => pair.First);
    }

    // Hershey and Olsen, equations 20 to 23: phi and psi [a x b] are shares of the weights of one mixture among the components of the other. Every
    // step lowers sum phi (ln phi - ln psi + KL), which is a bound with any shares.
    private static double Bound(ReadOnlySpan<double> weights, ReadOnlySpan<double> others, double[] divergences)
    {
        const int MostSteps = 200;
        const double Small = 1e-12;
        var (rows, columns) = (weights.Length, others.Length);
        var (phi, psi) = (new double[rows * columns], new double[rows * columns]);
        for (var i = 0; i < phi.Length; i++) phi[i] = weights[i / columns] * others[i % columns];
        var logs = new double[columns];
        var bound = double.PositiveInfinity;
        for (var step = 0; step < MostSteps; step++)
        {
            for (var b = 0; b < columns; b++)
            {
                double sum = 0;
                for (var a = 0; a < rows; a++) sum += phi[a * columns + b];
                for (var a = 0; a < rows; a++) psi[a * columns + b] = sum > 0 ? others[b] * (phi[a * columns + b] / sum) : others[b] * weights[a];
            }
            double next = 0;
            for (var a = 0; a < rows; a++)
            {
                // phi = weight psi e^-KL / sum of these over b; with that choice the row adds weight ln (weight / sum).
                if (weights[a] == 0) continue;
                for (var b = 0; b < columns; b++) logs[b] = Math.Log(psi[a * columns + b]) - divergences[a * columns + b];
                var largest = logs.Max();
                if (double.IsNegativeInfinity(largest)) return double.PositiveInfinity;
                var sum = logs.Sum(log => Math.Exp(log - largest));
                for (var b = 0; b < columns; b++) phi[a * columns + b] = weights[a] * (Math.Exp(logs[b] - largest) / sum);
                next += weights[a] * (Math.Log(weights[a]) - largest - Math.Log(sum));
            }
            var isLast = !(bound - next > Small * Math.Abs(next));
            bound = Math.Min(bound, next);
            if (isLast) break;
        }
        return Math.Max(0, bound);
    }

    private static (Moments Forward, Moments Reverse, Moments[] Shared) Draw(GaussianMixture first, GaussianMixture second, int samples, long seed)
    {
        var (forward, reverse) = (new Moments(), new Moments());
        Moments[] shared = [new Moments(), new Moments()];
        Draw(first, second, samples, seed, forward, shared[0]);

        // Not the draws of the first: equal mixtures would give the same points twice.
        Draw(second, first, samples, unchecked((long)Xoshiro256.Hash((ulong)seed)), reverse, shared[1]);
        return (forward, reverse, shared);
    }

    private static void Draw(GaussianMixture from, GaussianMixture other, int samples, long seed, Moments divergence, Moments shared)
    {
        const int MostNumbers = 1 << 20;
        var d = from.Dimension;
        var part = Math.Clamp(MostNumbers / d, 1, samples);
        var sampler = new GaussianMixture.Sampler(from, seed);
        var (rows, own, theirs) = (new double[part * d], new double[part], new double[part]);
        for (var first = 0; first < samples; first += part)
        {
            var count = Math.Min(part, samples - first);
            var points = rows.AsSpan(0, count * d);
            sampler.Draw(points);
            from.LogDensities(new Points(points, d), own.AsSpan(0, count));
            other.LogDensities(new Points(points, d), theirs.AsSpan(0, count));
            for (var i = 0; i < count; i++)
            {
                // ln p - ln((p + q) / 2), with q / p possibly infinite: the sum of the two cannot be below p.
                var difference = own[i] - theirs[i];
                divergence.Add(difference);
                shared.Add(Math.Log(2) - Softplus(-difference));
            }
        }
    }

    // Gives ln(1 + e^x).
    private static double Softplus(double x) => x > 0 ? x + double.LogP1(Math.Exp(-x)) : double.LogP1(Math.Exp(x));

    /// <summary>Sums the mean and the squared deviations of numbers (Welford, Technometrics 4, 1962).</summary>
    private sealed class Moments
    {
        private long _count;
        private double _mean;
        private double _squares;
        private bool _isInfinite;

        public MonteCarloEstimate Estimate => _isInfinite
            ? new(double.PositiveInfinity, double.NaN)
            : new(_mean, Math.Sqrt(_squares / (_count - 1) / _count));

        public void Add(double value)
        {
            Debug.Assert(!double.IsNaN(value));
            _isInfinite |= double.IsInfinity(value);
            var deviation = value - _mean;
            _mean += deviation / ++_count;
            _squares += deviation * (value - _mean);
        }
    }
}
