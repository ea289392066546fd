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
    public override ReadOnlySpan<T> Read(long first, int count, Span<T> scratch)
    {
        var rows = scratch[..(count * Dimension)];
        _files.Read(first, rows);
        return rows;
    }

    /// <inheritdoc/>
    /// <exception cref="TableFormatException">A file cannot be read, has changed, or holds a number that is no weight; the message names file and row.</exception>
    public override void ReadWeights(long first, Span<double> weights) => _files.ReadWeights(first, weights);
}
