using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>The M-step (Bishop, PRML, equations 9.24 to 9.27) from sufficient statistics. No epsilon is added to any sum.</summary>
internal sealed class Maximization
{
    // K D^3, the order of the factorizations: below this, waking a second thread costs more than it brings.
    private const double SerialWork = 1e5;

    private readonly double _regularization;
    private readonly VarianceFloor? _floor;
    private readonly WorkTeam _team;
    private readonly int _workers;
    private readonly Action<int> _work;
    private readonly FactorFailure?[] _failures;
    private SufficientStatistics? _statistics;
    private MixtureParameters? _current;
    private MixtureParameters? _next;
    private int _nextMatrix;

    /// <param name="shape">Parameters of the shape to estimate.</param>
    /// <param name="regularization">Added to every variance.</param>
    /// <param name="floor">Variances that no component may fall below; null for none.</param>
    /// <param name="team">Who does it.</param>
    public Maximization(MixtureParameters shape, double regularization, VarianceFloor? floor, WorkTeam team)
    {
        _regularization = regularization;
        _floor = floor;
        _failures = new FactorFailure?[shape.Matrices];
        var cubes = shape.Matrices * Math.Pow(shape.Covariances.Length / shape.Matrices, 1.5);
        _team = team;
        _workers = cubes < SerialWork ? 1 : Math.Min(team.Size, shape.Matrices);
        _work = Work;
    }

    /// <summary>Why a matrix could not be factored in the last run, or null; one entry per matrix.</summary>
    public ReadOnlySpan<FactorFailure?> Failures => _failures;

    /// <summary>
    /// Weights, means, covariances and factors of <paramref name="next"/>. A component that lost all its points keeps its mean and covariance of
    /// <paramref name="current"/> with weight 0. Matrices in <see cref="Failures"/> are estimated, but have no factor.
    /// </summary>
    public void Run(SufficientStatistics statistics, MixtureParameters current, MixtureParameters next)
    {
        (_statistics, _current, _next, _nextMatrix) = (statistics, current, next, 0);
        WeightsAndMeans(statistics, next);
        for (var k = 0; k < next.Components; k++)
        {
            if (statistics.EffectiveCount(k) == 0) current.Mean(k).CopyTo(next.Mean(k));
        }
        _team.Run(_workers, _work);
    }

    /// <summary>The means [K x D]: center plus displacement.</summary>
    public static void Means(SufficientStatistics statistics, Span<double> means)
    {
        var dimension = statistics.Dimension;
        for (var k = 0; k < statistics.Components; k++)
        {
            var lost = statistics.EffectiveCount(k) == 0;
            for (var j = 0; j < dimension; j++)
                means[k * dimension + j] = statistics.Centers[k * dimension + j] + (lost ? 0 : statistics.Delta(k, j));
        }
    }

    /// <summary>Weights, means and covariances of <paramref name="next"/>, not factored. A component without points keeps the covariance it has.</summary>
    public static void Estimate(SufficientStatistics statistics, MixtureParameters next, double regularization)
    {
        WeightsAndMeans(statistics, next);
        for (var matrix = 0; matrix < next.Matrices; matrix++)
        {
            if (HasPoints(statistics, next, matrix)) next.Covariance.Maximize(statistics, next, matrix, regularization);
        }
    }

    private static void WeightsAndMeans(SufficientStatistics statistics, MixtureParameters next)
    {
        for (var k = 0; k < statistics.Components; k++) next.Weights[k] = statistics.EffectiveCount(k) / statistics.RowCount;
        Means(statistics, next.Means);
    }

    private static bool HasPoints(SufficientStatistics statistics, MixtureParameters parameters, int matrix) =>
        parameters.IsShared || statistics.EffectiveCount(matrix) > 0;

    // Every matrix by itself, so that it does not matter which thread takes which.
    private void Work(int worker)
    {
        for (var matrix = Interlocked.Increment(ref _nextMatrix) - 1; matrix < _failures.Length; matrix = Interlocked.Increment(ref _nextMatrix) - 1)
        {
            _failures[matrix] = null;
            if (!HasPoints(_statistics!, _next!, matrix))
            {
                _next!.Keep(_current!, matrix);
                continue;
            }
            _next!.Covariance.Maximize(_statistics!, _next, matrix, _regularization);
            _floor?.Apply(_next, matrix);
            if (!_next.Covariance.TryFactor(_next, matrix, out var failure)) _failures[matrix] = failure;
        }
    }
}
