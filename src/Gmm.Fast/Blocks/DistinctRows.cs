using System.Numerics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Blocks;

/// <summary>
/// Holds different rows in the order in which they first occurred, each with a weight that grows: a hash table with open addressing and linear probing.
/// </summary>
/// <param name="dimension">D.</param>
internal sealed class DistinctRows<T>(int dimension)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int FirstCapacity = 1 << 9;
    private const int SlotsPerRow = 2;
    private const int HashShift = 32;

    private T[] _rows = new T[FirstCapacity * dimension];
    private double[] _weights = new double[FirstCapacity];

    // The upper half of a hash, then the number of a row from 1; 0 for none.
    private ulong[] _slots = new ulong[SlotsPerRow * FirstCapacity];

    /// <summary>The number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>[Count x D].</summary>
    public ReadOnlySpan<T> Rows => _rows.AsSpan(0, Count * dimension);

    /// <summary>[Count].</summary>
    public ReadOnlySpan<double> Weights => _weights.AsSpan(0, Count);

    /// <summary>Gives the bytes that a row takes, beside what is reserved.</summary>
    public static unsafe long BytesOfRow(int dimension) => (long)dimension * sizeof(T) + sizeof(double) + SlotsPerRow * sizeof(ulong);

    /// <summary>Adds the weight of a row to that of its equals, or a row that has none.</summary>
    /// <param name="row">[D], finite.</param>
    /// <param name="weight">Above 0.</param>
    /// <remarks>Compiled once for good: a fit calls it in one pass alone.</remarks>
    [MethodImpl(Compiled.Once)]
    public void Add(ReadOnlySpan<T> row, double weight)
    {
        var hash = RowHash.Of(row) >> HashShift;
        var mask = _slots.Length - 1;
        var place = (int)hash & mask;
        for (; _slots[place] != 0; place = (place + 1) & mask)
        {
            if (_slots[place] >> HashShift != hash) continue;
            var number = (int)(uint)_slots[place] - 1;
            if (!IsEqual(row, _rows.AsSpan(number * dimension, dimension))) continue;
            _weights[number] += weight;
            return;
        }
        if (Count == _weights.Length)
        {
            Grow();
            place = FreePlace(hash);
        }
        row.CopyTo(_rows.AsSpan(Count * dimension));
        _weights[Count] = weight;
        _slots[place] = hash << HashShift | (uint)++Count;
    }

    /// <summary>Adds all rows of another table, in their order.</summary>
    public void Add(DistinctRows<T> other)
    {
        for (var i = 0; i < other.Count; i++) Add(other._rows.AsSpan(i * dimension, dimension), other._weights[i]);
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
        Array.Resize(ref _rows, checked(capacity * dimension));
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
