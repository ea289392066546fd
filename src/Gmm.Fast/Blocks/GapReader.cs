using System.Numerics;
using System.Numerics.Tensors;
using Gmm.Fast.Internals;

namespace Gmm.Fast.Blocks;

/// <summary>
/// Reads consecutive points and sorts them by pattern, in memory that one worker uses again and again. Points of weight 0 are left out before their
/// numbers are read, and points without a value are left out.
/// </summary>
/// <param name="source">The points.</param>
/// <param name="isWeighted">Whether the weights of the source are read.</param>
/// <param name="blockPoints">The most points of one read.</param>
internal sealed class GapReader<T>(PointSource<T> source, bool isWeighted, int blockPoints)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int SmallestTable = 1 << 10;
    private const int LeftOut = -1;

    private readonly int _dimension = source.Dimension;
    private readonly int _words = GapMask.Words(source.Dimension);
    private readonly ulong[] _mask = new ulong[GapMask.Words(source.Dimension)];
    private readonly double[] _given = new double[isWeighted ? blockPoints : 0];
    private readonly GapRange<T> _range = new();
    private T[] _rows = [];
    private double[] _weights = [];
    private int[] _groupOf = [];
    private int[] _places = [];
    private ulong[] _masks = [];
    private int[] _counts = [];
    private int[] _present = [];
    private int[] _table = new int[SmallestTable];
    private int[] _sorted = [];
    private long[] _keys = [];
    private int[] _nextNumber = [];
    private int[] _nextPoint = [];
    private int _groups;

    /// <summary>The numbers, in their source, of the points without a value in the last range.</summary>
    public List<long> Empty { get; } = [];

    /// <summary>The number of rows of the last range.</summary>
    public int Count { get; private set; }

    /// <summary>[Count x D]: the rows of the last range as the source gives them.</summary>
    public ReadOnlySpan<T> Rows => _rows.AsSpan(0, Count * _dimension);

    /// <summary>Tells whether row <paramref name="i"/> of the last range is in a group.</summary>
    public bool IsTaken(int i) => _groupOf[i] != LeftOut;

    /// <summary>Tells whether row <paramref name="i"/> of the last range has weight 0.</summary>
    public bool IsWeightless(int i) => isWeighted && _weights[i] == 0;

    /// <summary>Gives the place of row <paramref name="i"/> of the last range, which is in a group, among the sorted points.</summary>
    public int Place(int i) => _places[i];

    /// <summary>Reads a range. The result is valid until the next one.</summary>
    /// <param name="first">The first point, in the source.</param>
    /// <param name="count">The number of points.</param>
    /// <param name="check">Whether numbers and weights are checked; messages count from 0.</param>
    public GapRange<T> Read(long first, int count, bool check)
    {
        Reserve(count);
        Empty.Clear();
        (_groups, Count) = (0, count);
        Array.Clear(_table);
        for (var start = 0; start < count; start += blockPoints) ReadBlock(first, start, Math.Min(blockPoints, count - start), check);
        Sort(count);
        return _range;
    }

    private void Reserve(int count)
    {
        if (_groupOf.Length >= count) return;
        _rows = new T[checked(count * _dimension)];
        _weights = new double[isWeighted ? count : 0];
        (_groupOf, _places) = (new int[count], new int[count]);
        _range.Numbers = new T[_rows.Length];
        _range.Weights = new T[_weights.Length];
    }

    private void ReadBlock(long first, int start, int count, bool check)
    {
        var room = _rows.AsSpan(start * _dimension, count * _dimension);
        var rows = source.Read(first + start, count, room);
        if (!rows.Overlaps(room, out var offset) || offset != 0) rows.CopyTo(room);
        var firstRow = source.FirstRow + first + start;
        if (isWeighted)
        {
            var given = _given.AsSpan(0, count);
            given.Fill(double.NaN);
            source.ReadWeights(first + start, given);
            if (check) Check.Weights("weights", given, firstRow);
            given.CopyTo(_weights.AsSpan(start));
        }
        var (lastGroup, isFinite) = (LeftOut, TensorPrimitives.IsFiniteAll<T>(room));
        for (var i = 0; i < count; i++)
        {
            ref var group = ref _groupOf[start + i];
            group = LeftOut;
            if (isWeighted && _weights[start + i] == 0) continue;
            var point = room.Slice(i * _dimension, _dimension);
            if (check && !isFinite) Check.NotInfinite("rows", point, firstRow + i);
            if (lastGroup == LeftOut || !isFinite || _present[lastGroup] < _dimension)
            {
                var present = GapMask.Of<T>(point, _mask);
                if (present == 0)
                {
                    Empty.Add(first + start + i);
                    continue;
                }
                lastGroup = Find(present);
            }
            group = lastGroup;
            _counts[group]++;
        }
    }

    // Gives the group of the mask, or adds it.
    private int Find(int present)
    {
        var slot = GapMask.Hash(_mask) & (_table.Length - 1);
        for (; _table[slot] != 0; slot = (slot + 1) & (_table.Length - 1))
        {
            var found = _table[slot] - 1;
            if (_masks.AsSpan(found * _words, _words).SequenceEqual(_mask)) return found;
        }
        if (_groups == _counts.Length)
        {
            var length = Math.Max(SmallestTable / 4, 2 * _groups);
            Array.Resize(ref _masks, length * _words);
            Array.Resize(ref _counts, length);
            Array.Resize(ref _present, length);
        }
        _mask.CopyTo(_masks.AsSpan(_groups * _words));
        (_counts[_groups], _present[_groups]) = (0, present);
        _table[slot] = ++_groups;
        if (2 * _groups > _table.Length) Rehash();
        return _groups - 1;
    }

    private void Rehash()
    {
        _table = new int[2 * _table.Length];
        for (var group = 0; group < _groups; group++)
        {
            var slot = GapMask.Hash(_masks.AsSpan(group * _words, _words)) & (_table.Length - 1);
            while (_table[slot] != 0) slot = (slot + 1) & (_table.Length - 1);
            _table[slot] = group + 1;
        }
    }

    private void Sort(int count)
    {
        if (_sorted.Length < _groups)
        {
            var length = _counts.Length;
            (_sorted, _keys, _nextNumber, _nextPoint) = (new int[length], new long[length], new int[length], new int[length]);
            (_range.Masks, _range.Counts, _range.Present) = (new ulong[length * _words], new int[length], new int[length]);
        }
        for (var group = 0; group < _groups; group++) (_sorted[group], _keys[group]) = (group, ((long)(_dimension - _present[group]) << 32) + group);
        Array.Sort(_keys, _sorted, 0, _groups);
        var (number, point) = (0, 0);
        for (var place = 0; place < _groups; place++)
        {
            var group = _sorted[place];
            (_nextNumber[group], _nextPoint[group]) = (number, point);
            number += _counts[group] * _present[group];
            point += _counts[group];
            (_range.Counts[place], _range.Present[place]) = (_counts[group], _present[group]);
            _masks.AsSpan(group * _words, _words).CopyTo(_range.Masks.AsSpan(place * _words));
        }
        (_range.Groups, _range.Points, _range.Values, _range.IsWeighted) = (_groups, point, number, false);
        for (var i = 0; i < count; i++)
        {
            var group = _groupOf[i];
            if (group == LeftOut) continue;
            Copy(_rows.AsSpan(i * _dimension, _dimension), group);
            _places[i] = _nextPoint[group]++;
            if (!isWeighted) continue;
            _range.IsWeighted |= _weights[i] != 1;
            _range.Weights[_places[i]] = BlockPacker.Narrow<T>(_weights[i]);
        }
    }

    private void Copy(ReadOnlySpan<T> point, int group)
    {
        ref var next = ref _nextNumber[group];
        if (_present[group] == _dimension)
        {
            point.CopyTo(_range.Numbers.AsSpan(next));
            next += _dimension;
            return;
        }
        var (numbers, at) = (_range.Numbers, next);
        foreach (var number in point)
        {
            if (!T.IsNaN(number)) numbers[at++] = number;
        }
        next = at;
    }
}
