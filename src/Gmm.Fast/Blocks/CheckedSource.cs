using Gmm.Fast.Internals;

namespace Gmm.Fast.Blocks;

/// <summary>Reads the size of a source once and checks the length of every answer, so that kernels need no checks.</summary>
internal sealed class CheckedSource<T>(PointSource<T> source) : PointSource<T>
    where T : unmanaged
{
    public override long PointCount { get; } = source.PointCount;

    public override int Dimension { get; } = source.Dimension;

    public override long FirstRow { get; } = source.FirstRow;

    public override bool HasWeights { get; } = source.HasWeights;

    public override long RepresentedPoints { get; } = source.RepresentedPoints;

    internal override bool IsInMemory => source.IsInMemory;

    internal override bool HasRandomAccess => source.HasRandomAccess;

    public override ReadOnlySpan<T> Read(long first, int count, Span<T> scratch)
    {
        var rows = source.Read(first, count, scratch);
        if (rows.Length != (long)count * Dimension) Throw.BrokenSource(first, count, (long)count * Dimension, rows.Length);
        return rows;
    }

    public override void ReadWeights(long first, Span<double> weights) => source.ReadWeights(first, weights);
}
