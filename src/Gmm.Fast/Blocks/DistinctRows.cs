using System.Numerics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Blocks;

/// <summary>
/// Holds different rows in the order in which they first occurred, each with a weight that grows: a hash table with open addressing and linear probing.
/// Many rows come at a time, so that the memory that one needs is on its way while others are looked up.
/// </summary>
internal sealed class DistinctRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int FirstCapacity = 1 << 9;
    private const int SlotsPerRow = 2;
    private const int HashShift = 32;
    private const int Batch = 64;

    private readonly int _dimension;
    private T[] _rows;
    private double[] _weights;

    // The upper half of a hash, then the number of a row from 1; 0 for none.
    private ulong[] _slots;

    /// <summary>Makes a table without rows.</summary>
    /// <param name="dimension">D.</param>
    /// <param name="expected">Rows for which there is room; it grows with more.</param>
    public DistinctRows(int dimension, int expected = FirstCapacity)
    {
        _dimension = dimension;
        var capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(FirstCapacity, expected));
        _rows = new T[checked(capacity * dimension)];
        _weights = new double[capacity];
        _slots = new ulong[SlotsPerRow * capacity];
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>[Count x D].</summary>
    public ReadOnlySpan<T> Rows => _rows.AsSpan(0, Count * _dimension);

    /// <summary>[Count].</summary>
    public ReadOnlySpan<double> Weights => _weights.AsSpan(0, Count);

    /// <summary>Gives the bytes that a row takes, beside what is reserved.</summary>
    public static unsafe long BytesOfRow(int dimension) => (long)dimension * sizeof(T) + sizeof(double) + SlotsPerRow * sizeof(ulong);

    /// <summary>Forgets all rows; their room stays.</summary>
    public void Clear()
    {
        Count = 0;
        _slots.AsSpan().Clear();
    }

    /// <summary>Adds the weight of each row to that of its equals, or a row that has none, in their order.</summary>
    /// <param name="rows">[N x D]; those of weight above 0 are finite.</param>
    /// <param name="weights">[N], at least 0; rows of weight 0 are left out.</param>
    /// <remarks>Compiled once for good: a fit calls it in one pass alone.</remarks>
    [MethodImpl(Compiled.Once)]
    public void Add(ReadOnlySpan<T> rows, ReadOnlySpan<double> weights)
    {
        Span<uint> hashes = stackalloc uint[Batch];
        for (var first = 0; first < weights.Length; first += Batch)
        {
            var (count, mask) = (Math.Min(Batch, weights.Length - first), _slots.Length - 1);
            for (var i = 0; i < count; i++)
            {
                hashes[i] = (uint)(RowHash.Of(rows.Slice((first + i) * _dimension, _dimension)) >> HashShift);
                Prefetch.Line(ref _slots[(int)hashes[i] & mask]);
            }
            for (var i = 0; i < count; i++)
            {
                var slot = _slots[(int)hashes[i] & mask];
                if (slot >> HashShift != hashes[i] || slot == 0) continue;
                var number = (int)(uint)slot - 1;
                Prefetch.Line(ref _rows[number * _dimension]);
                Prefetch.Line(ref _weights[number]);
            }
            for (var i = 0; i < count; i++)
            {
                if (weights[first + i] != 0) Add(rows.Slice((first + i) * _dimension, _dimension), hashes[i], weights[first + i]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(ReadOnlySpan<T> row, ulong hash, double weight)
    {
        var mask = _slots.Length - 1;
        var place = (int)hash & mask;
        for (; _slots[place] != 0; place = (place + 1) & mask)
        {
            if (_slots[place] >> HashShift != hash) continue;
            var number = (int)(uint)_slots[place] - 1;
            if (!IsEqual(row, _rows.AsSpan(number * _dimension, _dimension))) continue;
            _weights[number] += weight;
            return;
        }
        if (Count == _weights.Length)
        {
            Grow();
            place = FreePlace(hash);
        }
        row.CopyTo(_rows.AsSpan(Count * _dimension));
        _weights[Count] = weight;
        _slots[place] = hash << HashShift | (uint)++Count;
    }

    // 0 equals -0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsEqual(ReadOnlySpan<T> row, ReadOnlySpan<T> other)
    {
        for (var j = 0; j < row.Length; j++)
        {
            if (row[j] != other[j]) return false;
        }
        return true;
    }

    private void Grow()
    {
        var capacity = checked(2 * _weights.Length);
        Array.Resize(ref _rows, checked(capacity * _dimension));
        Array.Resize(ref _weights, capacity);
        var before = _slots;
        _slots = new ulong[SlotsPerRow * capacity];
        foreach (var slot in before)
        {
            if (slot != 0) _slots[FreePlace(slot >> HashShift)] = slot;
        }
    }

    private int FreePlace(ulong hash)
    {
        var mask = _slots.Length - 1;
        var place = (int)hash & mask;
        while (_slots[place] != 0) place = (place + 1) & mask;
        return place;
    }
}
