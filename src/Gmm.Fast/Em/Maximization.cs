using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>
/// Computes the M-step from sufficient statistics N, F, S about centers. No epsilon is added to any sum.
///   w_k = N_k / N,  mu_k = center_k + F_k / N_k,  Sigma_k = S_k / N_k - (F_k / N_k) (F_k / N_k)^T   (Bishop, PRML, equations 9.24 to 9.27)
/// </summary>
internal sealed class Maximization
{
    // In K D^3, the order of the factorizations: below this, waking a second thread costs more than it gains.
    private const double SerialWork = 1e5;

    private readonly Ridge _ridge;
    private readonly VarianceFloor? _floor;
    private readonly WorkTeam _team;
    private readonly int _workers;
    private readonly Action<int> _work;
    private readonly FactorFailure?[] _failures;
    private readonly MatrixTeam _together;
    private readonly MatrixTeam _alone;
    private readonly int _inParallel;
    private SufficientStatistics? _statistics;
    private Factored? _current;
    private Factored? _next;
    private int _nextMatrix;

    /// <summary>Makes an M-step.</summary>
    /// <param name="shape">Parameters of the shape to estimate.</param>
    /// <param name="ridge">Added to the variances.</param>
    /// <param name="floor">The least variances of a component; null for none.</param>
    /// <param name="team">The threads.</param>
    /// <param name="cancellation">Ends an M-step; what it computes is then undefined.</param>
    public Maximization(Parameters shape, Ridge ridge, VarianceFloor? floor, WorkTeam team, CancellationToken cancellation = default)
    {
        _ridge = ridge;
        _floor = floor;
        _failures = new FactorFailure?[shape.Matrices];
        var cubes = shape.Matrices * Math.Pow((double)shape.Covariances.Length / shape.Matrices, 1.5);
        _team = team;
        _workers = cubes < SerialWork ? 1 : Math.Min(team.Size, shape.Matrices);
        _work = Work;
        (_together, _alone) = (new MatrixTeam(team, cancellation), new MatrixTeam(null, cancellation));

        // Large matrices: one per thread as long as there are as many, then all threads on each of the rest.
        _inParallel = shape.Family.IsLarge(shape.Dimension) ? shape.Matrices / team.Size * team.Size : shape.Matrices;
    }

    /// <summary>[matrices]: the failure of each factorization in the last run, or null.</summary>
    public ReadOnlySpan<FactorFailure?> Failures => _failures;

    /// <summary>
    /// Computes weights, means, covariances and factors of <paramref name="next"/>. A component without points keeps its mean and covariance of
    /// <paramref name="current"/> with weight 0. Matrices in <see cref="Failures"/> are estimated, but have no factor. When canceled,
    /// <paramref name="next"/> is undefined; the pass that follows ends the fit.
    /// </summary>
    public void Run(SufficientStatistics statistics, Factored current, Factored next)
    {
        (_statistics, _current, _next, _nextMatrix) = (statistics, current, next, 0);
        WeightsAndMeans(statistics, next.Parameters);
        for (var k = 0; k < next.Components; k++)
        {
            if (statistics.EffectiveCount(k) == 0) current.Parameters.Mean(k).CopyTo(next.Parameters.Mean(k));
        }
        next.Family.EstimateCommon(statistics, next.Parameters, _ridge);
        Array.Clear(_failures);
        if (_inParallel > 0) _team.Run(_workers, _work);
        for (var matrix = _inParallel; matrix < _failures.Length && !_together.IsCanceled; matrix++) Run(matrix, _together);
    }

    /// <summary>
    /// Raises the matrices of a proposal to the floor and factors them. Returns false where no M-step could give it: a matrix is not positive definite
    /// or has less variance than M-steps add, or a component has lost the weight that it has in <paramref name="plain"/>.
    /// </summary>
    public bool Admits(Factored proposal, Factored plain)
    {
        var parameters = proposal.Parameters;
        for (var k = 0; k < proposal.Components; k++)
        {
            if (!(parameters.Weights[k] > 0) && plain.Parameters.Weights[k] > 0) return false;
        }
        for (var matrix = 0; matrix < parameters.Matrices; matrix++)
        {
            for (var j = 0; j < proposal.Dimension; j++)
            {
                var variance = parameters.Variance(matrix, j);
                if (!Parameters.IsVariance(variance) || variance < _ridge.Of(proposal.Family, j)) return false;
            }
            if (_floor is not null) proposal.Family.Raise(parameters.CovarianceOf(matrix), _floor, _together);
            if (!proposal.TryFactor(matrix, out _, _together)) return false;
        }
        return true;
    }

    /// <summary>Computes <paramref name="means"/> [K x D]: center plus displacement, or the center of a component without points.</summary>
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

    /// <summary>
    /// Computes weights, means and covariances of <paramref name="next"/>, without factors. A component without points keeps the covariance in it.
    /// </summary>
    public static void Estimate(SufficientStatistics statistics, Parameters next, Ridge ridge)
    {
        WeightsAndMeans(statistics, next);
        next.Family.EstimateCommon(statistics, next, ridge);
        for (var matrix = 0; matrix < next.Matrices; matrix++)
        {
            if (HasPoints(statistics, next, matrix)) next.Family.Estimate(statistics, next, matrix, ridge);
        }
    }

    private static void WeightsAndMeans(SufficientStatistics statistics, Parameters next)
    {
        // Responsibilities in floats sum to 1 but for their rounding, and so do weights from them, which would be no weights of a mixture.
        const double Rounding = 1e-12;
        var (total, sum) = (statistics.TotalWeight, 0.0);
        for (var k = 0; k < statistics.Components; k++) sum += statistics.EffectiveCount(k);
        if (Math.Abs(sum - total) > Rounding * total && sum > 0) total = sum;
        for (var k = 0; k < statistics.Components; k++) next.Weights[k] = statistics.EffectiveCount(k) / total;
        Means(statistics, next.Means);
    }

    private static bool HasPoints(SufficientStatistics statistics, Parameters parameters, int matrix) =>
        parameters.IsShared || statistics.EffectiveCount(matrix) > 0;

    // Every matrix is computed by itself, so no bit depends on the thread that takes it.
    private void Work(int worker)
    {
        for (var matrix = Interlocked.Increment(ref _nextMatrix) - 1; matrix < _inParallel && !_alone.IsCanceled; matrix = Interlocked.Increment(ref _nextMatrix) - 1)
            Run(matrix, _alone);
    }

    private void Run(int matrix, MatrixTeam team)
    {
        if (!HasPoints(_statistics!, _next!.Parameters, matrix))
        {
            _next!.Keep(_current!, matrix);
            return;
        }
        _next!.Family.Estimate(_statistics!, _next.Parameters, matrix, _ridge);
        if (_floor is not null) _next.Family.Raise(_next.Parameters.CovarianceOf(matrix), _floor, team);
        if (!_next.TryFactor(matrix, out var failure, team)) _failures[matrix] = failure;
    }
}
