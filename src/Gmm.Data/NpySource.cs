using System.Globalization;
using System.Numerics;
using Gmm.Fast;

namespace Gmm.Data;

/// <summary>Reads the points of <see cref="PointFiles"/>, by several threads at once, each at its own place of the files.</summary>
/// <typeparam name="T">double or float.</typeparam>
public sealed class NpySource<T> : PointSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PointFiles _files;

    internal NpySource(PointFiles files) => _files = files;

    /// <inheritdoc/>
    public override long PointCount => _files.Rows;

    /// <inheritdoc/>
    public override int Dimension => _files.Columns;

    /// <inheritdoc/>
    public override bool HasWeights => _files.HasWeights;

    /// <inheritdoc/>
    /// <exception cref="TableFormatException">A file cannot be read, has changed, or holds a number that cannot be used; the message names file and row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no such points, or the scratch is too short.</exception>
    public override ReadOnlySpan<T> Read(long first, int count, Span<T> scratch)
    {
        CheckRange(first, count, nameof(count));
        if (scratch.Length < (long)count * Dimension)
        {
            throw new ArgumentOutOfRangeException(nameof(scratch), string.Create(CultureInfo.InvariantCulture,
                $"scratch has {scratch.Length} numbers; {count} x {Dimension} = {(long)count * Dimension} are required."));
        }
        var rows = scratch[..(count * Dimension)];
        _files.Read(first, rows);
        return rows;
    }

    /// <inheritdoc/>
    /// <exception cref="TableFormatException">A file cannot be read, has changed, or holds a number that is no weight; the message names file and row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no such points.</exception>
    public override void ReadWeights(long first, Span<double> weights)
    {
        CheckRange(first, weights.Length, nameof(weights));
        if (HasWeights) _files.ReadWeights(first, weights);
        else base.ReadWeights(first, weights);
    }

    private void CheckRange(long first, long count, string counted)
    {
        if (first < 0 || first > PointCount) throw Outside(nameof(first), $"first is {first}; 0 to {PointCount}, the number of points, is required.");
        if (count < 0 || count > PointCount - first)
            throw Outside(counted, $"{count} points from {first} on are asked for; at most {PointCount - first} of {PointCount} are there.");
    }

    private static ArgumentOutOfRangeException Outside(string parameter, FormattableString message) => new(parameter, message.ToString(CultureInfo.InvariantCulture));
}
