using System.Numerics;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>
/// Holds the memory of one worker of a <see cref="GapSweep{T}"/>: per number of present dimensions, room for factors, sums and centers of a pattern.
/// </summary>
internal sealed class GapRooms<T>(Family family, int components, int dimension) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Groups come with numbers of present dimensions that fall, so few rooms are in use at a time.
    private const long MostNumbers = 1 << 23;

    private readonly GapRoom<T>?[] _rooms = new GapRoom<T>?[dimension];
    private long _numbers;

    /// <summary>[D]: the present dimensions, then the missing ones.</summary>
    public int[] Order { get; } = new int[dimension];

    /// <summary>[D]: 0, 1, 2, ...</summary>
    public int[] AllDimensions { get; } = [.. Enumerable.Range(0, dimension)];

    /// <summary>[D]: offsets of conditional means from the centers.</summary>
    public double[] Offset { get; } = new double[dimension];

    /// <summary>[D(D+1)/2]: the places of second moments, for families with off-diagonal entries.</summary>
    public int[] Places { get; } = new int[family.HasOffDiagonal ? family.Moments.Length(dimension) : 0];

    /// <summary>[<see cref="GapCompletion.RoomLength"/>], for families with off-diagonal entries.</summary>
    public double[] Scratch { get; } = new double[family.HasOffDiagonal ? GapCompletion.RoomLength(dimension) : 0];

    /// <summary>Gives the room of patterns with some number of present dimensions, at least 1 and below D.</summary>
    public GapRoom<T> Of(int present)
    {
        if (_rooms[present] is { } room) return room;
        if (_numbers > MostNumbers) Dispose();
        room = new GapRoom<T>(family, components, dimension, present);
        _rooms[present] = room;
        _numbers += room.Numbers;
        return room;
    }

    public void Dispose()
    {
        foreach (var room in _rooms) room?.Dispose();
        _rooms.AsSpan().Clear();
        _numbers = 0;
    }
}

/// <summary>Holds the memory for one pattern.</summary>
internal sealed class GapRoom<T>(Family family, int components, int dimension, int present) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> _centers = new((long)components * present);

    /// <summary>Factors of a pattern that has none of its own.</summary>
    public PatternFactors<T> Factors { get; } = new(family, components, dimension, present);

    /// <summary>The marginal mixture.</summary>
    public Factored Marginal { get; } = new(family, components, present);

    /// <summary>The sums of the present dimensions.</summary>
    public SufficientStatistics Part { get; } = new(family.Moments, components, present);

    /// <summary>The memory of <see cref="Centers"/>.</summary>
    public AlignedBuffer<T> CenterBuffer => _centers;

    /// <summary>[K x o]: the centers of the present dimensions.</summary>
    public unsafe T* Centers => _centers.Pointer;

    /// <summary>The numbers in the room, about.</summary>
    public long Numbers => PatternFactors<T>.Numbers(family, components, dimension, present) + 2L * Marginal.Parameters.Theta.Length + Part.Values.Length;

    public void Dispose()
    {
        _centers.Dispose();
        Factors.Dispose();
    }
}
