using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Gmm.Fast.Blocks;

/// <summary>Reads points of floats as doubles, for starts and scores.</summary>
internal sealed class WideSource(PointSource<float> source) : PointSource<double>
{
    public override long PointCount => source.PointCount;

    public override int Dimension => source.Dimension;

    public override long FirstRow => source.FirstRow;

    public override bool HasWeights => source.HasWeights;

    public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
    {
        // The floats take the first half of the room of the doubles, and are widened from the last to the first.
        var narrow = MemoryMarshal.Cast<double, float>(scratch)[..(count * Dimension)];
        var rows = source.Read(first, count, narrow);
        if (!rows.Overlaps(narrow))
        {
            TensorPrimitives.ConvertTruncating(rows, scratch);
            return scratch[..rows.Length];
        }
        for (var i = rows.Length - 1; i >= 0; i--) scratch[i] = rows[i];
        return scratch[..rows.Length];
    }

    public override void ReadWeights(long first, Span<double> weights) => source.ReadWeights(first, weights);
}
