using System.Collections.Concurrent;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>
/// Gives points with gaps to the starts, whole: missing values are their means given the present ones under a mixture of one component, the pooled one, or
/// draws about these. Every row draws from a stream of its own, so that each pass gives the same values. Points without a value have weight 0.
/// </summary>
/// <param name="source">The points, in doubles.</param>
/// <param name="firstPoint">The number of the first point among those of all processes.</param>
/// <param name="pooled">One factored component.</param>
/// <param name="spread">The standard deviation of draws, as a part of the conditional one; 0 for means.</param>
/// <param name="hasEmpty">Whether some process has points without a value.</param>
/// <param name="empty">The numbers of those of this process, ascending.</param>
internal sealed class CompletedSource(PointSource<double> source, long firstPoint, Factored pooled, double spread, bool hasEmpty, long[] empty) : PointSource<double>
{
    // Patterns whose regressions stay in memory, as far as they have this many numbers.
    private const long MostNumbers = 1 << 22;

    private const long Seed = 0x6761_7073;

    private readonly double[] _root = pooled.Family.Root(pooled.Parameters.CovarianceOf(0), pooled.Parameters.Dimension);
    private readonly ConcurrentDictionary<ulong[], double[]> _regressions = new(new GapMask.Comparer());
    private long _numbers;

    public override long PointCount => source.PointCount;

    public override int Dimension => source.Dimension;

    public override long FirstRow => source.FirstRow;

    public override bool HasWeights => hasEmpty || source.HasWeights;

    public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
    {
        var d = Dimension;
        var rows = source.Read(first, count, scratch);
        double[] z = new double[d], drawn = new double[d];
        var order = new int[d];
        var mask = new ulong[GapMask.Words(d)];
        for (var i = 0; i < count; i++)
        {
            var point = rows.Slice(i * d, d);
            if (GapMask.Of(point, mask) == d) continue;
            if (!rows.Overlaps(scratch, out var offset) || offset != 0)
            {
                // The rows of a source may be the caller's own.
                rows.CopyTo(scratch);
                rows = scratch[..(count * d)];
            }
            Draw(firstPoint + first + i, z, drawn);
            Complete(scratch.Slice(i * d, d), drawn, mask, order);
        }
        return rows;
    }

    public override void ReadWeights(long first, Span<double> weights)
    {
        if (source.HasWeights) source.ReadWeights(first, weights);
        else weights.Fill(1);
        var at = Array.BinarySearch(empty, first);
        for (at = at < 0 ? ~at : at; at < empty.Length && empty[at] < first + weights.Length; at++) weights[(int)(empty[at] - first)] = 0;
    }

    private void Draw(long row, double[] z, double[] drawn)
    {
        var normals = new NormalStream(new Xoshiro256(Seed + row));
        for (var j = 0; j < z.Length; j++) z[j] = spread * normals.Next();
        pooled.Family.Color(_root, pooled.Parameters.Mean(0), z, drawn);
    }

    // A draw z of all dimensions becomes one given x_o as z_m + B (x_o - z_o): that has the mean and the covariance of the draw, and is normal.
    private void Complete(Span<double> point, double[] drawn, ReadOnlySpan<ulong> mask, int[] order)
    {
        var present = GapMask.Split(mask, order);
        var regression = Regression(mask, order, present);
        for (var i = 0; i < order.Length - present; i++)
        {
            var value = drawn[order[present + i]];
            for (var j = 0; j < present && regression.Length > 0; j++) value += regression[i * present + j] * (point[order[j]] - drawn[order[j]]);
            point[order[present + i]] = value;
        }
    }

    private double[] Regression(ReadOnlySpan<ulong> mask, int[] order, int present)
    {
        var (family, missing) = (pooled.Family, order.Length - present);
        var length = family.RegressionLength(present, missing);
        if (length == 0) return [];
        if (_regressions.GetAlternateLookup<ReadOnlySpan<ulong>>().TryGetValue(mask, out var regression)) return regression;
        regression = new double[length];
        family.Regress(pooled.Parameters.CovarianceOf(0), order, present, regression, new double[family.Moments.Length(missing)]);
        if (Interlocked.Add(ref _numbers, length) <= MostNumbers) _regressions.TryAdd(mask.ToArray(), regression);
        return regression;
    }
}
