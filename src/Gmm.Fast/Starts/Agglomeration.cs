using System.Runtime.CompilerServices;
using Gmm.Fast.Families;
using Gmm.Fast.Kernels;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Starts;

/// <summary>
/// Joins small clusters to K by model-based hierarchical clustering (Fraley, Algorithms for model-based Gaussian hierarchical clustering, SIAM J. Sci.
/// Comput. 20, 1998): each time the two whose union costs the least classification log-likelihood,
///   sum over k of N_k (ln N_k - 1/2 ln |Sigma_k|).
/// A covariance is a mean of that of the cluster and of that within all small clusters, which counts as some points. So a cluster of one point has one.
/// </summary>
internal sealed unsafe class Agglomeration
{
    // Multiplications of the unions of one cluster that are worth a second thread.
    private const double WorthThreads = 2e5;

    private const double Ln2 = 0.69314718055994531;

    private readonly MomentKind _kind;
    private readonly MatrixTeam _team;
    private readonly int _dimension;
    private readonly int _length;
    private readonly double _prior;

    // Of all small clusters, one after the other; a union takes the place of its first member.
    private readonly double[] _counts;
    private readonly double[] _means;
    private readonly double[] _seconds;
    private readonly double[] _costs;

    // The moments of the prior points.
    private readonly double[] _common;

    // [n x n]: what the union of two, the first number above the second, adds to the cost.
    private readonly double[] _rises;

    // The clusters left, and for each small one that whose place its union has.
    private readonly List<int> _alive;
    private readonly int[] _union;

    // The least number of clusters left of which enough had many points.
    private int _enough;

    // The partner below each cluster with the least rise; -1 where there is none.
    private readonly int[] _partners;
    private readonly double[][] _rooms;

    private Agglomeration(SufficientStatistics small, List<int> kept, Ridge ridge, double prior, MatrixTeam team)
    {
        (_kind, _dimension, _length, _prior, _team) = (small.Moments, small.Dimension, small.SecondMomentLength, prior, team);
        var count = kept.Count;
        _union = [.. Enumerable.Range(0, count)];
        _alive = [.. _union];
        (_counts, _costs, _partners) = (new double[count], new double[count], new int[count]);
        (_means, _seconds, _rises) = (new double[count * _dimension], new double[count * _length], new double[count * count]);
        var scale = small.PointCount / small.TotalWeight;
        _common = new double[_length];
        for (var i = 0; i < count; i++)
        {
            _counts[i] = small.EffectiveCount(kept[i]) * scale;
            small.Center(kept[i]).CopyTo(_means.AsSpan(i * _dimension));
            var second = Second(i);
            small.SecondMoment(kept[i]).CopyTo(second);
            for (var j = 0; j < _length; j++) _common[j] += (second[j] *= scale) * (prior / small.PointCount);
        }
        for (var j = 0; j < _dimension; j++) _common[_kind.DiagonalIndex(j)] += prior * ridge.Columns[j];
        _rooms = [.. Enumerable.Range(0, team.Workers).Select(_ => new double[_length * (FourDeterminants.Count + 1) + _dimension * FourDeterminants.Count])];
    }

    /// <summary>
    /// Gives the number of the union, below <paramref name="components"/>, of each small cluster; null when canceled. Unions of few points, as far
    /// points leave, take no number from others: they join in the end, each where that costs least.
    /// </summary>
    /// <param name="small">The small clusters, their moments about their means.</param>
    /// <param name="ridge">What is added to variances.</param>
    /// <param name="prior">The points that the covariance within all small clusters counts as.</param>
    /// <param name="components">K.</param>
    /// <param name="least">The number of points up to which they are few.</param>
    /// <param name="team">The threads.</param>
    public static int[]? Join(SufficientStatistics small, Ridge ridge, double prior, int components, double least, MatrixTeam team)
    {
        List<int> kept = [.. Enumerable.Range(0, small.Components).Where(k => small.EffectiveCount(k) > 0)];
        var tree = new Agglomeration(small, kept, ridge, prior, team);
        if (!tree.Run(components, least)) return null;
        if (tree._enough > components)
        {
            var end = tree._enough;
            tree = new Agglomeration(small, kept, ridge, prior, team);
            if (!tree.Run(end, least) || !tree.JoinSmallest(components)) return null;
        }
        return Unpack(tree._union, kept, small.Components);
    }

    // Numbers the unions from 0 in the order of their first members.
    private static int[] Unpack(int[] unions, List<int> kept, int count)
    {
        var (numbers, unpacked) = (new Dictionary<int, int>(), new int[count]);
        for (var i = 0; i < kept.Count; i++)
        {
            if (!numbers.TryGetValue(unions[i], out var number)) numbers.Add(unions[i], number = numbers.Count);
            unpacked[kept[i]] = number;
        }
        return unpacked;
    }

    private Span<double> Mean(int i) => _means.AsSpan(i * _dimension, _dimension);

    private Span<double> Second(int i) => _seconds.AsSpan(i * _length, _length);

    private ref double Rise(int a, int b) => ref _rises[(long)Math.Max(a, b) * _counts.Length + Math.Min(a, b)];

    // Joins clusters until some are left; false when canceled.
    private bool Run(int left, double least)
    {
        var count = _counts.Length;
        _team.For(count, (i, worker) => Costs(-1, _union.AsSpan(i, 1), worker));
        _team.For(count, (i, worker) => Costs(count - 1 - i, _union.AsSpan(0, count - 1 - i), worker));
        foreach (var a in _alive) FindPartner(a);
        var few = _counts.Count(points => points <= least);
        _enough = left;
        while (_alive.Count > left)
        {
            if (_team.IsCanceled) return false;
            if (_alive.Count - few >= left) _enough = _alive.Count;
            var gone = -1;
            foreach (var a in _alive)
            {
                if (_partners[a] >= 0 && (gone < 0 || Rise(a, _partners[a]) < Rise(gone, _partners[gone]))) gone = a;
            }
            var stays = _partners[gone];
            few -= (_counts[gone] <= least ? 1 : 0) + (_counts[stays] <= least ? 1 : 0) - (_counts[gone] + _counts[stays] <= least ? 1 : 0);
            Join(stays, gone);
        }
        if (few == 0) _enough = left;
        return !_team.IsCanceled;
    }

    // Joins the cluster of the fewest points to another until some are left; false when canceled.
    private bool JoinSmallest(int left)
    {
        while (_alive.Count > left)
        {
            if (_team.IsCanceled) return false;
            var smallest = _alive.MinBy(i => _counts[i]);
            var other = _alive.Where(i => i != smallest).MinBy(i => Rise(i, smallest));
            Join(Math.Min(smallest, other), Math.Max(smallest, other));
        }
        return true;
    }

    private void Join(int stays, int gone)
    {
        Merge(stays, gone);
        foreach (ref var place in _union.AsSpan())
        {
            if (place == gone) place = stays;
        }
        _alive.Remove(gone);
        Renew(stays, gone);
    }

    // The sums of two clusters in the place of the first.
    private void Merge(int stays, int gone)
    {
        double a = _counts[stays], b = _counts[gone];
        Span<double> mean = Mean(stays), other = Mean(gone), second = Second(stays);
        var difference = new double[_dimension];
        for (var j = 0; j < _dimension; j++)
        {
            difference[j] = other[j] - mean[j];
            mean[j] += difference[j] * (b / (a + b));
        }
        for (var i = 0; i < _length; i++) second[i] += Second(gone)[i];
        _kind.AddSquare(second, difference, a * b / (a + b));
        _counts[stays] = a + b;
        Costs(-1, [stays], worker: 0);
    }

    // Computes what follows from a union: its rises with all others, and the partners of those that had one of its members.
    private void Renew(int stays, int gone)
    {
        int[] others = [.. _alive.Where(i => i != stays)];
        var parts = others.Length * (double)_length * _dimension > WorthThreads ? _team.Workers : 1;
        var step = (others.Length / parts / FourDeterminants.Count + 1) * FourDeterminants.Count;
        _team.For((others.Length + step - 1) / step, (i, worker) => Costs(stays, others.AsSpan(i * step, Math.Min(step, others.Length - i * step)), worker));
        foreach (var a in _alive)
        {
            if (a == stays || _partners[a] == stays || _partners[a] == gone) FindPartner(a);
            else if (a > stays && (_partners[a] < 0 || Rise(a, stays) < Rise(a, _partners[a]))) _partners[a] = stays;
        }
    }

    private void FindPartner(int a)
    {
        var best = -1;
        foreach (var b in _alive)
        {
            if (b >= a) break;
            if (best < 0 || Rise(a, b) < Rise(a, best)) best = b;
        }
        _partners[a] = best;
    }

    // Computes the rises of the unions of one cluster with others; with -1, the costs of these alone.
    [MethodImpl(Compiled.Once)]
    private void Costs(int one, ReadOnlySpan<int> others, int worker)
    {
        if (_team.IsCanceled) return;
        const int lanes = FourDeterminants.Count;
        var mantissas = stackalloc double[lanes];
        var exponents = stackalloc long[lanes];
        var places = stackalloc double*[lanes];
        fixed (double* room = _rooms[worker], seconds = _seconds)
        {
            double* own = room + _length * lanes, vectors = own + _length;
            for (var i = 0; i < _length; i++) own[i] = _common[i] + (one < 0 ? 0 : seconds[one * _length + i]);
            new Span<double>(vectors, _dimension * lanes).Clear();
            for (var first = 0; first < others.Length; first += lanes)
            {
                for (var lane = 0; lane < lanes; lane++)
                {
                    var other = others[Math.Min(first + lane, others.Length - 1)];
                    places[lane] = seconds + (nint)other * _length;
                    if (one < 0) continue;
                    var root = Math.Sqrt(_counts[one] * _counts[other] / (_counts[one] + _counts[other]));
                    for (var j = 0; j < _dimension; j++) vectors[j * lanes + lane] = root * (_means[other * _dimension + j] - _means[one * _dimension + j]);
                }
                _kind.Determinants(own, places, vectors, _dimension, room, mantissas, exponents);
                for (var lane = 0; lane < lanes && first + lane < others.Length; lane++)
                {
                    var other = others[first + lane];
                    var logarithm = _kind.LogDeterminant(Parameters.Log(mantissas[lane]) + exponents[lane] * Ln2, _dimension);
                    if (one < 0) _costs[other] = Cost(_counts[other], logarithm);
                    else Rise(one, other) = Finite(Cost(_counts[one] + _counts[other], logarithm) - _costs[one] - _costs[other]);
                }
            }
        }
    }

    // Gives N (1/2 ln |Sigma| - ln N) from the determinant of the moments with those of the prior points.
    private double Cost(double count, double logDeterminant) =>
        Finite(count * (0.5 * (logDeterminant - _dimension * Parameters.Log(count + _prior)) - Parameters.Log(count)));

    // A singular matrix costs the most.
    private static double Finite(double cost) => double.IsFinite(cost) ? cost : double.MaxValue;
}
