using Gmm.Fast.Internals;

namespace Gmm.Fast.Scoring;

/// <summary>Gives zeros for the points of weight 0, whose numbers may be anything, so that a pass over all rows can score the others.</summary>
internal sealed class ZeroWeightSource(PointSource<double> source) : PointSource<double>
{
    public override long PointCount => source.PointCount;

    public override int Dimension => source.Dimension;

    public override long FirstRow => source.FirstRow;

    public override bool HasWeights => true;

    public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
    {
        var rows = source.Read(first, count, scratch);
        var weights = new double[count];
        source.ReadWeights(first, weights);
        Check.Weights("weights", weights, FirstRow + first);
        if (!weights.AsSpan().Contains(0)) return rows;
        rows.CopyTo(scratch);
        for (var i = 0; i < count; i++)
        {
            if (weights[i] == 0) scratch.Slice(i * Dimension, Dimension).Clear();
        }
        return scratch[..rows.Length];
    }

    public override void ReadWeights(long first, Span<double> weights) => source.ReadWeights(first, weights);
}
