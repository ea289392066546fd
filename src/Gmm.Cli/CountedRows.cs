using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Gives the rows of a source with zeros in place of those of weight 0, which may hold anything.</summary>
internal sealed class CountedRows(PointSource<double> all) : PointSource<double>
{
    public override long PointCount => all.PointCount;

    public override int Dimension => all.Dimension;

    public override long FirstRow => all.FirstRow;

    public override bool HasWeights => all.HasWeights;

    public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
    {
        var rows = all.Read(first, count, scratch);
        var weights = new double[count];
        all.ReadWeights(first, weights);
        if (Array.IndexOf(weights, 0) < 0) return rows;
        var counted = scratch[..rows.Length];
        rows.CopyTo(counted);
        for (var i = 0; i < count; i++)
        {
            if (weights[i] == 0) counted.Slice(i * Dimension, Dimension).Clear();
        }
        return counted;
    }

    public override void ReadWeights(long first, Span<double> weights) => all.ReadWeights(first, weights);
}
