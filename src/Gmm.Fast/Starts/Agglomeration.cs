using Gmm.Fast.Families;
using Gmm.Fast.Kernels;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;

namespace Gmm.Fast.Starts;

/// <summary>
/// Joins small clusters to K by model-based hierarchical clustering (Fraley, Algorithms for model-based Gaussian hierarchical clustering, SIAM J. Sci.
/// Comput. 20, 1998): each time the two whose union costs the least classification log-likelihood,
///   sum over k of N_k (ln N_k - 1/2 ln |Sigma_k|).
/// A covariance is a mean of that of the cluster and of that within all small clusters, which counts as some points. So a cluster of one point has one.
/// </summary>
internal sealed class Agglomeration
{
    private readonly Family _family;
    private readonly Parameters _room;
    private readonly double[] _factor;
    private readonly double[] _common;
    private readonly double _prior;
    private readonly Ridge _nothing;
    private readonly List<Node> _nodes = [];

    private Agglomeration(Family family, double[] common, double prior, int dimension)
    {
        (_family, _common, _prior) = (family, common, prior);
        _room = new Parameters(family, 1, dimension);
        _factor = new double[family.Form.FactorLength(dimension)];
        _nothing = Ridge.Uniform(0, dimension);
    }

    /// <summary>Gives the number of the union, below <paramref name="components"/>, of each small cluster; null when canceled.</summary>
    /// <param name="small">The small clusters.</param>
    /// <param name="common">The covariance within them, compact.</param>
    /// <param name="prior">The points that it counts as.</param>
    /// <param name="components">K.</param>
    /// <param name="cancellation">Ends the joining.</param>
    public static int[]? Join(
        SufficientStatistics small, ReadOnlySpan<double> common, double prior, int components, CancellationToken cancellation)
    {
        var tree = new Agglomeration(FamilyTable.OwnOf(small.Moments), common.ToArray(), prior, small.Dimension);
        var scale = small.PointCount / small.TotalWeight;
        for (var k = 0; k < small.Components; k++)
        {
            if (small.EffectiveCount(k) == 0) continue;
            tree._nodes.Add(new Node([k], small.EffectiveCount(k) * scale, small.Center(k).ToArray(), Scaled(small.SecondMoment(k), scale)));
        }
        if (!tree.Run(components, small.Moments, cancellation)) return null;
        var unions = new int[small.Components];
        for (var k = 0; k < tree._nodes.Count; k++)
        {
            foreach (var member in tree._nodes[k].Members) unions[member] = k;
        }
        return unions;
    }

    private static double[] Scaled(ReadOnlySpan<double> moments, double scale)
    {
        var scaled = moments.ToArray();
        foreach (ref var value in scaled.AsSpan()) value *= scale;
        return scaled;
    }

    private bool Run(int components, MomentKind moments, CancellationToken cancellation)
    {
        foreach (var node in _nodes) node.Cost = Cost(node, moments);
        var count = _nodes.Count;
        var unions = new Node?[count, count];
        for (var a = 0; a < count; a++)
        {
            if (cancellation.IsCancellationRequested) return false;
            for (var b = 0; b < a; b++) unions[a, b] = Union(_nodes[a], _nodes[b], moments);
        }
        var alive = Enumerable.Range(0, count).ToList();
        while (alive.Count > components)
        {
            if (cancellation.IsCancellationRequested) return false;
            var (first, second, least) = (-1, -1, double.PositiveInfinity);
            foreach (var a in alive)
            {
                foreach (var b in alive)
                {
                    if (b >= a) break;
                    var rise = unions[a, b]!.Cost - _nodes[a].Cost - _nodes[b].Cost;
                    if (first < 0 || rise < least) (first, second, least) = (a, b, rise);
                }
            }
            _nodes[second] = unions[first, second]!;
            alive.Remove(first);
            foreach (var other in alive)
            {
                if (other != second) unions[Math.Max(other, second), Math.Min(other, second)] = Union(_nodes[second], _nodes[other], moments);
            }
        }
        Node[] left = [.. alive.Select(k => _nodes[k])];
        _nodes.Clear();
        _nodes.AddRange(left);
        return true;
    }

    private Node Union(Node a, Node b, MomentKind moments)
    {
        var count = a.Count + b.Count;
        var (mean, difference, second) = (new double[a.Mean.Length], new double[a.Mean.Length], new double[a.Second.Length]);
        for (var j = 0; j < mean.Length; j++)
        {
            difference[j] = b.Mean[j] - a.Mean[j];
            mean[j] = a.Mean[j] + difference[j] * (b.Count / count);
        }
        for (var i = 0; i < second.Length; i++) second[i] = a.Second[i] + b.Second[i];
        moments.AddProduct(second, difference, difference, a.Count * b.Count / count);
        var union = new Node([.. a.Members, .. b.Members], count, mean, second);
        union.Cost = Cost(union, moments);
        return union;
    }

    // Gives N (1/2 ln |Sigma| - ln N).
    private double Cost(Node node, MomentKind moments)
    {
        var d = node.Mean.Length;
        var one = new SufficientStatistics(moments, 1, d);
        node.Mean.CopyTo(one.Centers, 0);
        one.Values[0] = node.Count;
        node.Second.CopyTo(one.Values[(1 + d)..]);
        one.TotalWeight = node.Count;
        _family.Estimate(one, _room, 0, _nothing);
        var covariance = _room.CovarianceOf(0);
        for (var i = 0; i < covariance.Length; i++) covariance[i] += _prior / (node.Count + _prior) * (_common[i] - covariance[i]);
        if (!_family.TryFactor(covariance, d, _factor, MatrixTeam.Alone, out var logDeterminant, out _, out _)) return double.NaN;
        return node.Count * (-logDeterminant - Parameters.Log(node.Count));
    }

    private sealed class Node(int[] members, double count, double[] mean, double[] second)
    {
        public int[] Members => members;

        public double Count => count;

        public double[] Mean => mean;

        public double[] Second => second;

        public double Cost { get; set; }
    }
}
