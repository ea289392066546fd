using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Starts;

/// <summary>
/// Keeps the squared distance of every point from the nearest seed, and tells what candidates for the next seed would make of it. Where sketches show
/// that no point of a tile is nearer to a candidate, its distances are not computed: the smaller of both is the one before, with the same bits.
/// </summary>
internal sealed unsafe class SeedDistances : IDisposable
{
    // The part of the pairs of a tile beyond which the kernel computes all of them.
    private const int MostSinglePairs = 8;

    private readonly BlockStore<double> _points;
    private readonly double[]? _weights;
    private readonly PointSketches? _sketches;
    private readonly WorkTeam _team;
    private readonly int _trials;
    private readonly int _tilesPerBlock;
    private readonly double[] _nearest;
    private readonly double[] _sums;
    private readonly uint[] _marks;
    private readonly AlignedBuffer<float> _limits;
    private readonly AlignedBuffer<double> _distances;
    private readonly int _workers;
    private readonly AlignedBuffer<float>[] _rooms;
    private readonly AlignedBuffer<float> _candidates;
    private readonly KernelParameters<double> _parameters;
    private readonly UnitSpheres _spheres;
    private readonly IBlockStep<double> _step = BlockSteps.Nearest(MomentKind.Trace, LaneWidths.Widest);
    private readonly ISketchTile _tile = SketchTileMaker.Of(LaneWidths.Widest);
    private readonly Action<int> _measure;
    private readonly Action<int> _sum;
    private int _next;

    /// <summary>Makes room.</summary>
    /// <param name="points">The points.</param>
    /// <param name="weights">[N], or null.</param>
    /// <param name="trials">Candidates, at most 32.</param>
    /// <param name="sketches">The sketches of the points; null to compute all distances.</param>
    /// <param name="team">The threads.</param>
    public SeedDistances(BlockStore<double> points, double[]? weights, int trials, PointSketches? sketches, WorkTeam team)
    {
        (_points, _weights, _trials, _sketches, _team) = (points, weights, trials, sketches, team);
        _workers = (int)Math.Min(team.Size, points.Shape.Blocks);
        var count = (int)points.PointCount;
        int tile = BlockShape.TileOf<float>(), length = points.Shape.BlockPoints;
        _tilesPerBlock = BlockShape.Pad<float>(length) / tile;
        _nearest = new double[count];
        _nearest.AsSpan().Fill(double.PositiveInfinity);
        RunningSums = new double[count];
        _sums = new double[trials];
        _marks = new uint[points.Shape.Blocks * _tilesPerBlock];
        _limits = new AlignedBuffer<float>(sketches is null ? 0 : (long)_marks.Length * tile);
        _limits.Span.Fill(float.PositiveInfinity);
        _distances = new AlignedBuffer<double>((long)count * trials);
        _rooms = new AlignedBuffer<float>[_workers];
        for (var i = 0; i < _rooms.Length; i++) _rooms[i] = new AlignedBuffer<float>(trials * (tile + 1));
        _candidates = new AlignedBuffer<float>(trials * (sketches?.Map.Columns ?? 0));
        _parameters = new KernelParameters<double>(DensityForm.Spherical, trials, points.Dimension);
        _spheres = new UnitSpheres(trials, points.Dimension);
        (_measure, _sum) = (Measure, Sum);
    }

    /// <summary>[N]: running sums of weight times squared distance from the nearest seed.</summary>
    public double[] RunningSums { get; }

    /// <summary>Measures the distances from <paramref name="candidates"/> [trials x D], as far as they matter.</summary>
    public void Measure(ReadOnlySpan<double> candidates)
    {
        // Distances under unit spheres are distances to the centers.
        _parameters.Load(_spheres.About(candidates).Numbers);
        _sketches?.Map.Write(candidates, _candidates.Pointer);
        _next = 0;
        _team.Reserve(_workers, Workspace<double>.Length(_points.Shape.BlockPoints, _points.Dimension, _trials) * sizeof(double));
        _team.Run(_workers, _measure);
    }

    /// <summary>Gives the candidate with the smallest sum of squared distances from the nearest, of the first so many, the first of equals.</summary>
    public int Best(int candidates)
    {
        _next = 0;
        _team.Run(Math.Min(_team.Size, candidates), _sum);
        var (best, smallest) = (0, double.PositiveInfinity);
        for (var t = 0; t < candidates; t++)
        {
            if (_sums[t] < smallest) (best, smallest) = (t, _sums[t]);
        }
        return best;
    }

    /// <summary>Takes a candidate as a seed: lowers the distances from the nearest one to those from it where they are smaller, and sums them.</summary>
    [MethodImpl(Compiled.Once)]
    public void Take(int candidate)
    {
        for (var i = 0; i < _marks.Length; i++)
        {
            if ((_marks[i] >> candidate & 1) == 0) continue;
            var (first, count) = Points(i);
            var nearest = _nearest.AsSpan(first, count);
            TensorPrimitives.Min(nearest, new ReadOnlySpan<double>(Column(candidate) + first, count), nearest);
            if (_sketches is null) continue;
            float* limits = LimitsOf(i), slacks = SlacksOf(i);
            for (var p = 0; p < count; p++) limits[p] = _sketches.Map.Limit(nearest[p], slacks[p]);
            new Span<float>(limits + count, BlockShape.TileOf<float>() - count).Fill(-1);
        }
        double sum = 0;
        for (var i = 0; i < _nearest.Length; i++) RunningSums[i] = sum += _weights is null ? _nearest[i] : _weights[i] * _nearest[i];
    }

    public void Dispose()
    {
        foreach (var buffer in _rooms) buffer.Dispose();
        _limits.Dispose();
        _distances.Dispose();
        _candidates.Dispose();
        _parameters.Dispose();
    }

    private double* Column(int candidate) => _distances.Pointer + (nint)candidate * _nearest.Length;

    private float* LimitsOf(int tile) => _limits.Pointer + (nint)tile * BlockShape.TileOf<float>();

    private float* SlacksOf(int tile) => _sketches!.Slacks(tile / _tilesPerBlock) + tile % _tilesPerBlock * BlockShape.TileOf<float>();

    // The first point of a tile and how many it has.
    private (int First, int Count) Points(int tile)
    {
        int within = tile % _tilesPerBlock * BlockShape.TileOf<float>(), first = tile / _tilesPerBlock * _points.Shape.BlockPoints + within;
        return (first, Math.Clamp(Math.Min(_points.Shape.BlockPoints - within, _nearest.Length - first), 0, BlockShape.TileOf<float>()));
    }

    private void Measure(int worker)
    {
        var workspace = new Workspace<double>((double*)_team.Memory(worker), _points.Shape.BlockPoints, _points.Dimension, _trials);
        for (var number = Interlocked.Increment(ref _next) - 1; number < _points.Shape.Blocks; number = Interlocked.Increment(ref _next) - 1)
        {
            var block = _points.Load(number, workspace.Room);
            if (_sketches is null) All(block, 0, block.Padded, workspace);
            for (int within = 0, i = number * _tilesPerBlock; within < block.Count; within += BlockShape.TileOf<float>(), i++)
                _marks[i] = _sketches is null ? uint.MaxValue : Measure(block, within, LimitsOf(i), workspace, _rooms[worker].Pointer);
        }
    }

    // Writes the distances of one tile that sketches cannot rule out, and infinity for the other pairs of their candidates. Returns a bit for each of these.
    private uint Measure(in PointBlock<double> block, int within, float* limits, in Workspace<double> workspace, float* room)
    {
        var points = BlockShape.TileOf<float>();
        var columns = _sketches!.Map.Columns;
        var sketches = new PointBlock<float>(_sketches.Block(block.Number) + (nint)within * columns, points, columns, points, points);
        var list = (int*)(room + _trials * points);
        _tile.Distances(sketches, _parameters.All, _candidates.Pointer, room);
        var count = _tile.Within(room, points, _trials, limits, list);
        if (count == 0) return 0;
        var pairs = 0;
        for (var a = 0; a < count; a++)
        {
            var distances = room + list[a] * points;
            for (var p = 0; p < points; p++) pairs += distances[p] < limits[p] ? 1 : 0;
        }
        if (pairs > _trials * points / MostSinglePairs)
        {
            All(block, within, Math.Min(points, block.Padded - within), workspace);
            return uint.MaxValue;
        }
        var real = Math.Min(points, block.Count - within);
        var marks = 0u;
        for (var a = 0; a < count; a++)
        {
            var t = list[a];
            float* distances = room + t * points;
            var to = Column(t) + (nint)block.Number * _points.Shape.BlockPoints + within;
            marks |= 1u << t;
            for (var p = 0; p < real; p++)
                to[p] = distances[p] < limits[p] ? SketchedLabels.Square(block, within + p, _parameters.Means + (nint)t * block.Columns) : double.PositiveInfinity;
        }
        return marks;
    }

    // Computes all distances of some points of a block.
    private void All(in PointBlock<double> block, int within, int padded, in Workspace<double> workspace)
    {
        var count = Math.Min(padded, block.Count - within);
        var part = new PointBlock<double>(block.X + within, block.Stride, block.Columns, count, padded);
        _step.Distances(part, _parameters, workspace.Scratch, workspace.Joint);
        var first = (nint)block.Number * _points.Shape.BlockPoints + within;
        for (var t = 0; t < _trials; t++) new Span<double>(workspace.Joint + (nint)t * block.Stride, count).CopyTo(new Span<double>(Column(t) + first, count));
    }

    private void Sum(int worker)
    {
        for (var t = Interlocked.Increment(ref _next) - 1; t < _trials; t = Interlocked.Increment(ref _next) - 1)
            _sums[t] = _weights is null ? Sum(Column(t), 1u << t) : WeightedSum(Column(t), 1u << t);
    }

    [MethodImpl(Compiled.Once)]
    private double Sum(double* distances, uint mark)
    {
        var sum = default(SumOfSmaller);
        fixed (double* nearest = _nearest)
        {
            double* last = nearest, lastDistances = nearest;
            var rest = 0;
            for (var i = 0; i < _marks.Length; i++)
            {
                var (first, count) = Points(i);
                if (count == 0) continue;
                var whole = SumOfSmaller.Whole(count);
                last = nearest + first;
                lastDistances = ((_marks[i] & mark) != 0 ? distances : nearest) + first;
                sum.Add(last, lastDistances, whole);
                last += whole;
                lastDistances += whole;
                rest = count - whole;
            }

            // Only the last tile has points that fill no eight.
            return sum.Total(last, lastDistances, rest);
        }
    }

    [MethodImpl(Compiled.Once)]
    private double WeightedSum(double* distances, uint mark)
    {
        double sum = 0;
        for (var i = 0; i < _marks.Length; i++)
        {
            var (first, end) = Points(i);
            end += first;
            if ((_marks[i] & mark) == 0)
            {
                for (; first < end; first++) sum += _weights![first] * _nearest[first];
                continue;
            }
            for (; first < end; first++) sum += _weights![first] * Math.Min(_nearest[first], distances[first]);
        }
        return sum;
    }
}
