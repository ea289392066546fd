using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>
/// Runs passes over points with gaps. The points of a pattern form blocks of their present columns, over which the kernels run with the marginal
/// mixture of the pattern. Their sums are completed once per range, pattern and component (<see cref="GapCompletion"/>). Factors of patterns that
/// several ranges have are computed once per pass, up to a limit of memory; those of other patterns where they are met, with the same bits.
/// </summary>
internal sealed unsafe class GapSweep<T> : Sweep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Numbers of the factors that stay in memory during a pass.
    private const long MostNumbers = 1 << 23;

    private readonly GapStore<T> _store;
    private readonly Family _family;
    private readonly int _components;
    private readonly GapReader<T>[] _readers;
    private readonly GapRooms<T>[] _rooms;
    private readonly List<(ulong[] Mask, PatternFactors<T> Factors)> _frequent = [];
    private readonly Dictionary<ulong[], PatternFactors<T>> _factors = new(new GapMask.Comparer());
    private readonly Action<int> _refresh;
    private readonly Lock _gate = new();
    private Factored? _mixture;
    private int _next;

    /// <summary>Makes a sweep.</summary>
    /// <param name="store">The points; all ranges have been met.</param>
    /// <param name="family">The family of the mixtures.</param>
    /// <param name="shape">Statistics of the shape that passes fill.</param>
    /// <param name="ranks">The processes of the fit.</param>
    /// <param name="team">The threads.</param>
    /// <param name="cancellation">Ends a pass.</param>
    public GapSweep(GapStore<T> store, Family family, SufficientStatistics shape, RankGroup ranks, WorkTeam team, CancellationToken cancellation)
        : base(store.PointCount, store.Dimension, store.Plan, shape, ranks, team, cancellation)
    {
        (_store, _family, _components, _refresh) = (store, family, shape.Components, Refresh);
        _readers = [.. Enumerable.Range(0, Workers).Select(_ => store.CreateReader())];
        _rooms = [.. Enumerable.Range(0, Workers).Select(_ => new GapRooms<T>(family, _components, store.Dimension))];
        long numbers = 0;
        foreach (var mask in store.Patterns.Repeated(store.Dimension))
        {
            var present = GapMask.Split(mask, _rooms[0].Order);
            numbers += PatternFactors<T>.Numbers(family, _components, store.Dimension, present);
            if (numbers > MostNumbers) break;
            var factors = new PatternFactors<T>(family, _components, store.Dimension, present);
            _frequent.Add((mask, factors));
            _factors.Add(mask, factors);
        }
    }

    /// <summary>
    /// [K x D x D], or [K x D] for a family without off-diagonal entries: receives the effective counts of the points of each component that have
    /// values in both of two dimensions, or in one, in no fixed order of addition; null for a pass without them.
    /// </summary>
    public double[]? Together { get; set; }

    public override void Prepare(Factored mixture)
    {
        // The mixture of a canceled M-step may not be one; the pass ends at once.
        if (IsCanceled) return;
        (_mixture, _next) = (mixture, 0);
        Team.Run(Math.Min(Workers, Math.Max(1, _frequent.Count)), _refresh);
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var (_, factors) in _frequent) factors.Dispose();
        foreach (var rooms in _rooms) rooms.Dispose();
    }

    protected override bool Run(int worker, int shard, in Workspace<T> workspace, SufficientStatistics statistics)
    {
        for (var number = 0; number < _store.Ranges(shard); number++)
        {
            var range = _store.Load(shard, number, _readers[worker]);
            var (firstNumber, firstPoint) = (0, 0);
            for (var group = 0; group < range.Groups; group++)
            {
                if (EndsEarly(shard)) return false;
                var (count, present) = (range.Counts[group], range.Present[group]);
                var rows = new GroupRows(range, firstNumber, firstPoint, count, present);
                if (present == _store.Dimension) AddComplete(rows, _rooms[worker], workspace, statistics);
                else Add(rows, range.Masks.AsSpan(group * GapMask.Words(_store.Dimension), GapMask.Words(_store.Dimension)), _rooms[worker], workspace, statistics);
                firstNumber += count * present;
                firstPoint += count;
            }
        }
        return true;
    }

    // Every pattern is computed by itself, so no bit depends on the thread that takes it.
    private void Refresh(int worker)
    {
        var rooms = _rooms[worker];
        for (var number = Interlocked.Increment(ref _next) - 1; number < _frequent.Count; number = Interlocked.Increment(ref _next) - 1)
        {
            var (mask, factors) = _frequent[number];
            var present = GapMask.Split(mask, rooms.Order);
            factors.Load(_mixture!, rooms.Order, rooms.Of(present).Marginal);
            for (var matrix = 0; matrix < _mixture!.Parameters.Matrices; matrix++) factors.Regress(_mixture, rooms.Order, matrix);
        }
    }

    private void AddComplete(in GroupRows rows, GapRooms<T> rooms, in Workspace<T> workspace, SufficientStatistics statistics)
    {
        var length = 1 + _store.Dimension + statistics.SecondMomentLength;
        for (var k = 0; Together is not null && k < _components; k++) Count(k, rooms.AllDimensions, -statistics.Values[k * length]);
        Blocks(rows, workspace, CurrentParameters, CurrentCenters, statistics);
        for (var k = 0; Together is not null && k < _components; k++) Count(k, rooms.AllDimensions, statistics.Values[k * length]);
    }

    private void Count(int k, ReadOnlySpan<int> present, double count)
    {
        var d = _store.Dimension;
        lock (_gate)
        {
            foreach (var i in present)
            {
                if (!_family.HasOffDiagonal) Together![k * d + i] += count;
                else foreach (var j in present) Together![(k * d + i) * d + j] += count;
            }
        }
    }

    // Adds the points of one pattern with gaps.
    private void Add(in GroupRows rows, ReadOnlySpan<ulong> mask, GapRooms<T> rooms, in Workspace<T> workspace, SufficientStatistics statistics)
    {
        var order = rooms.Order;
        var present = GapMask.Split(mask, order);
        var room = rooms.Of(present);
        if (!_factors.GetAlternateLookup<ReadOnlySpan<ulong>>().TryGetValue(mask, out var factors))
        {
            factors = room.Factors;
            factors.Load(_mixture!, order, room.Marginal);
        }
        for (var k = 0; k < _components; k++)
        {
            for (var j = 0; j < present; j++) room.Centers[k * present + j] = CurrentCenters[k * order.Length + order[j]];
        }
        factors.Parameters.Reach = CurrentParameters.Reach;
        room.Part.Clear();
        Blocks(rows, workspace, factors.Parameters, room.Centers, room.Part);
        Complete(room.Part, factors, rooms, present, statistics);
    }

    private void Complete(SufficientStatistics part, PatternFactors<T> factors, GapRooms<T> rooms, int present, SufficientStatistics statistics)
    {
        var order = rooms.Order;
        int dimension = order.Length, missing = dimension - present;
        if (_family.HasOffDiagonal) GapCompletion.FindPlaces(order, present, rooms.Places);
        int partLength = 1 + present + part.SecondMomentLength, length = 1 + dimension + statistics.SecondMomentLength;
        for (var k = 0; k < _components; k++)
        {
            var sums = part.Values.Slice(k * partLength, partLength);
            if (sums[0] == 0) continue;
            if (Together is not null) Count(k, order.AsSpan(0, present), sums[0]);
            var matrix = _mixture!.Parameters.MatrixOf(k);
            factors.Regress(_mixture, order, matrix);
            var regression = factors.Regression(matrix);
            var offset = rooms.Offset.AsSpan(0, missing);
            Offset(_mixture.Parameters.Mean(k), CurrentCenters + (nint)k * dimension, order, present, regression, offset);
            part.Moments.AddCompleted(
                statistics.Values.Slice(k * length, length), sums,
                new GapCompletion(order, present, regression, factors.Residual(matrix), offset, rooms.Places, rooms.Scratch));
        }
        statistics.LogLikelihood += part.LogLikelihood;
        statistics.TotalWeight += part.TotalWeight;
        statistics.PointCount += part.PointCount;
    }

    // Writes e = (mu_m - c_m) - B (mu_o - c_o).
    private static void Offset(
        ReadOnlySpan<double> mean, T* center, ReadOnlySpan<int> order, int present, ReadOnlySpan<double> regression, Span<double> offset)
    {
        for (var i = 0; i < offset.Length; i++)
        {
            offset[i] = mean[order[present + i]] - double.CreateTruncating(center[order[present + i]]);
            if (regression.IsEmpty) continue;
            for (var j = 0; j < present; j++) offset[i] -= regression[i * present + j] * (mean[order[j]] - double.CreateTruncating(center[order[j]]));
        }
    }

    // Runs the pass over the points of one group, as many at a time as fill a block.
    private void Blocks(in GroupRows rows, in Workspace<T> workspace, KernelParameters<T> parameters, T* centers, SufficientStatistics statistics)
    {
        var most = _store.Plan.Shape.BlockPoints;
        for (var first = 0; first < rows.Count; first += most)
        {
            var count = Math.Min(most, rows.Count - first);
            var padded = BlockShape.Pad<T>(count);
            var numbers = rows.Numbers(first, count);
            BlockPacker.Pack(numbers, rows.Present, workspace.X, workspace.Stride, padded);
            var weights = Weights(rows.Weights(first, count), workspace, padded);
            CurrentPass.Run(
                new PointBlock<T>(workspace.X, workspace.Stride, rows.Present, count, padded, weights), parameters, workspace, centers, statistics);
        }
    }

    private static T* Weights(ReadOnlySpan<T> weights, in Workspace<T> workspace, int padded)
    {
        if (weights.IsEmpty) return null;
        weights.CopyTo(new Span<T>(workspace.Weights, padded));
        new Span<T>(workspace.Weights + weights.Length, padded - weights.Length).Clear();
        return workspace.Weights;
    }

    /// <summary>Points to the points of one group.</summary>
    private readonly struct GroupRows(GapRange<T> range, int firstNumber, int firstPoint, int count, int present)
    {
        public int Count => count;

        public int Present => present;

        public ReadOnlySpan<T> Numbers(int first, int points) => range.Numbers.AsSpan(firstNumber + first * present, points * present);

        public ReadOnlySpan<T> Weights(int first, int points) => range.IsWeighted ? range.Weights.AsSpan(firstPoint + first, points) : [];
    }
}
