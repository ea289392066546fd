using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Gmm.Fast.Internals;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Blocks;

/// <summary>
/// Folds equal points into one with the sum of their weights, in one parallel pass. Each segment of the points is folded by itself, and the segments are
/// joined in their order. So points lie in the order in which they first occur, and weights are added in an order that depends on no thread.
/// </summary>
internal sealed class Folding<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The part of the points that may be left: folding costs about as much as some iterations of few components, and each iteration saves the rest.
    private const int LeastSaving = 4;
    private const long FewestPoints = 1 << 13;
    private const long MostBytes = 1 << 28;

    // Points of a segment, and bytes of those that are different: small beside many points, so that all threads have work, and large beside the time to
    // join it.
    private const int MostSegmentPoints = 1 << 17;
    private const int FewestSegmentPoints = 1 << 6;
    private const long SegmentBytes = 1 << 24;
    private const int ChunkNumbers = 1 << 12;

    // Segments that wait to be joined.
    private const int DonePerThread = 2;

    // A sample promises fewer different rows than there are. Room is reserved for more, up to some bytes.
    private const double UnseenFactor = 2;
    private const long ExpectedBytes = 1 << 24;

    private readonly PointSource<T> _source;
    private readonly CancellationToken _cancellation;
    private readonly DistinctRows<T> _all;
    private readonly long _most;
    private readonly int _segmentPoints;
    private readonly object _gate = new();
    private readonly Dictionary<int, DistinctRows<T>> _done = [];
    private readonly Stack<DistinctRows<T>> _free = [];
    private readonly int _mostDone;
    private int _nextSegment;
    private int _nextJoined;
    private bool _isJoining;
    private long _points;
    private int _failedSegment = int.MaxValue;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _isOver;

    private Folding(PointSource<T> source, double different, WorkTeam team, CancellationToken cancellation)
    {
        (_source, _cancellation, _mostDone) = (source, cancellation, DonePerThread * team.Size);
        _all = new DistinctRows<T>(source.Dimension, (int)Math.Min(UnseenFactor * different, ExpectedBytes / DistinctRows<T>.BytesOfRow(source.Dimension)));
        var room = Math.Min(MostBytes / DistinctRows<T>.BytesOfRow(source.Dimension), Array.MaxLength / 2 / source.Dimension);
        _most = Math.Min(source.PointCount / LeastSaving, room);
        _segmentPoints = (int)Math.Clamp(SegmentBytes / DistinctRows<T>.BytesOfRow(source.Dimension), FewestSegmentPoints, MostSegmentPoints);
    }

    /// <summary>
    /// Gives the different points of a source with the sums of their weights; null where they are too many, where some number or weight cannot be used,
    /// which the survey says, and when canceled.
    /// </summary>
    /// <param name="source">The points of a process alone.</param>
    /// <param name="components">K of the largest mixture: a start needs as many different points.</param>
    /// <param name="team">The threads.</param>
    /// <param name="cancellation">Ends the pass.</param>
    public static FoldedSource<T>? Run(PointSource<T> source, int components, WorkTeam team, CancellationToken cancellation)
    {
        if (source.PointCount < FewestPoints) return null;
        var different = DistinctEstimate.Least(source);
        if (different > source.PointCount / LeastSaving) return null;
        var folding = new Folding<T>(source, different, team, cancellation);
        return folding.Run(team) && folding.IsUsable(components)
            ? new FoldedSource<T>(folding._all.Rows.ToArray(), folding._all.Weights.ToArray(), source.Dimension, folding._points) : null;
    }

    private int Segments => (int)((_source.PointCount + _segmentPoints - 1) / _segmentPoints);

    // Returns false where the points cannot be folded.
    private bool Run(WorkTeam team)
    {
        team.Run(Math.Min(team.Size, Segments), _ => Work());
        _failure?.Throw();
        return !_isOver && _all.Count <= _points / LeastSaving;
    }

    // Counts must be exact in the precision of the points, and no sum may leave its range.
    private bool IsUsable(int components)
    {
        if (_all.Count < components) return false;
        foreach (var weight in _all.Weights)
        {
            var narrow = double.CreateTruncating(T.CreateTruncating(weight));
            if (_source.HasWeights ? !(narrow > 0 && double.IsFinite(narrow)) : narrow != weight) return false;
        }
        return true;
    }

    private void Work()
    {
        var chunk = Math.Max(1, ChunkNumbers / _source.Dimension);
        var (rows, weights) = (new T[chunk * _source.Dimension], new double[chunk]);
        Array.Fill(weights, 1);
        for (var segment = Interlocked.Increment(ref _nextSegment) - 1; segment < Segments; segment = Interlocked.Increment(ref _nextSegment) - 1)
        {
            try
            {
                if (Fold(segment, rows, weights) is not { } folded) return;
                Join(segment, folded);
            }
            catch (Exception e)
            {
                // Of several failures the one of the first segment: all segments before it were handed out too, and are done to their end.
                lock (_gate)
                {
                    if (segment < _failedSegment) (_failedSegment, _failure) = (segment, ExceptionDispatchInfo.Capture(e));
                }
                return;
            }
        }
    }

    // Folds one segment; null where the points cannot be folded.
    private DistinctRows<T>? Fold(int segment, T[] scratch, double[] weights)
    {
        var folded = Rent();
        var end = Math.Min(_source.PointCount, (segment + 1L) * _segmentPoints);
        long points = 0;
        for (var first = (long)segment * _segmentPoints; first < end; first += weights.Length)
        {
            if (_isOver || _cancellation.IsCancellationRequested)
            {
                _isOver = true;
                return null;
            }
            var count = (int)Math.Min(weights.Length, end - first);
            var rows = _source.Read(first, count, scratch.AsSpan(0, count * _source.Dimension));
            if (Add(rows, first, weights.AsSpan(0, count), folded) is not { } added || folded.Count > _most)
            {
                _isOver = true;
                return null;
            }
            points += added;
        }
        Interlocked.Add(ref _points, points);
        return folded;
    }

    // Counts the points of weight above 0; null where a number or a weight cannot be used. Compiled once for good, as it runs in one pass alone.
    [MethodImpl(Compiled.Once)]
    private int? Add(ReadOnlySpan<T> rows, long first, Span<double> weights, DistinctRows<T> folded)
    {
        var d = _source.Dimension;
        if (_source.HasWeights)
        {
            weights.Fill(double.NaN);
            _source.ReadWeights(first, weights);
        }
        var (areFinite, added) = (TensorPrimitives.IsFiniteAll(rows), weights.Length);
        for (var i = 0; i < weights.Length && (_source.HasWeights || !areFinite); i++)
        {
            if (weights[i] == 0)
            {
                added--;
                continue;
            }
            var narrow = T.CreateTruncating(weights[i]);
            if (!(narrow > T.Zero && T.IsFinite(narrow)) || (!areFinite && !TensorPrimitives.IsFiniteAll(rows.Slice(i * d, d)))) return null;
        }
        folded.Add(rows, weights);
        return added;
    }

    // Gives an empty table: one whose rows are joined has room already.
    private DistinctRows<T> Rent()
    {
        DistinctRows<T>? free;
        lock (_gate) _free.TryPop(out free);
        if (free is null) return new DistinctRows<T>(_source.Dimension);
        free.Clear();
        return free;
    }

    // One thread joins the segments that are next in order, while the others fold; they wait where it falls behind.
    private void Join(int segment, DistinctRows<T> folded)
    {
        lock (_gate)
        {
            _done.Add(segment, folded);
            while (_isJoining && _done.Count > _mostDone && !_isOver) Monitor.Wait(_gate);
            if (_isJoining) return;
            _isJoining = true;
        }
        var isDone = false;
        try
        {
            while (Next() is { } next)
            {
                _all.Add(next.Rows, next.Weights);
                lock (_gate)
                {
                    _free.Push(next);
                    if (_all.Count > _most) _isOver = true;
                    Monitor.PulseAll(_gate);
                }
            }
            isDone = true;
        }
        finally
        {
            // After a failure nobody may wait for more.
            if (!isDone)
            {
                lock (_gate)
                {
                    (_isOver, _isJoining) = (true, false);
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }

    // Gives the segment that is to be joined next; null where it is not folded yet, and then no thread joins.
    private DistinctRows<T>? Next()
    {
        lock (_gate)
        {
            if (!_isOver && _done.Remove(_nextJoined, out var next))
            {
                _nextJoined++;
                return next;
            }
            _isJoining = false;
            Monitor.PulseAll(_gate);
            return null;
        }
    }
}
