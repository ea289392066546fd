namespace Gmm.Data;

/// <summary>Collects numbers that arrive one after the other, their count unknown or not to be trusted.</summary>
internal sealed class GrowingArray(int capacity, string place)
{
    private double[] _items = GC.AllocateUninitializedArray<double>(capacity);

    internal int Count { get; private set; }

    /// <summary>Makes room for <paramref name="count"/> more, already counted; the caller fills it.</summary>
    /// <param name="count">How many.</param>
    /// <param name="expected">How many in total, as far as one can tell now: a hint that saves copies.</param>
    internal Span<double> Add(int count, long expected = 0)
    {
        var needed = (long)Count + count;
        if (needed > _items.Length)
        {
            Grow(needed, expected);
        }

        var room = _items.AsSpan(Count, count);
        Count = (int)needed;
        return room;
    }

    internal bool HasRoom(int count) => count <= _items.Length - Count;

    /// <summary>Gives exactly the numbers added.</summary>
    internal double[] ToArray()
    {
        if (Count < _items.Length)
        {
            Resize(Count);
        }

        return _items;
    }

    private void Grow(long needed, long expected)
    {
        var wanted = expected > needed ? Math.Max(expected, _items.Length + (_items.Length / 8L)) : 2L * _items.Length;
        var capacity = Math.Min(Math.Max(wanted, needed), Array.MaxLength);
        if (capacity < needed)
        {
            throw new TableFormatException($"{place}: more than {Array.MaxLength} numbers do not fit in one table");
        }

        Resize((int)capacity);
    }

    private void Resize(int capacity)
    {
        var items = GC.AllocateUninitializedArray<double>(capacity);
        _items.AsSpan(0, Count).CopyTo(items);
        _items = items;
    }
}
