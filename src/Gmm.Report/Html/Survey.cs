using Gmm.Fast;

namespace Gmm.Report.Html;

/// <summary>
/// What one pass over all rows yields: the numbers that concern every point, and color, label and largest responsibilities of those that are drawn. The
/// N x K responsibilities never exist together.
/// </summary>
internal sealed class Survey
{
    /// <summary>Responsibilities kept per drawn point, the largest ones.</summary>
    public const int MostShares = 4;

    /// <summary>Bins of <see cref="Certainty"/>, over 0 to 1.</summary>
    public const int CertaintyBins = 50;

    private const int BlockNumbers = 1 << 18;

    private readonly Subject _subject;

    public Survey(Subject subject, int[] drawn)
    {
        _subject = subject;
        var (d, k) = (subject.Model.Dimension, subject.Model.ComponentCount);
        Drawn = drawn;
        Shares = Math.Min(k, MostShares);
        ShareComponents = new ushort[drawn.Length * Shares];
        ShareValues = new ushort[drawn.Length * Shares];
        Colors = new byte[drawn.Length * 3];
        EffectiveCounts = new double[k];
        Certainty = new long[CertaintyBins];
        (Minimum, Maximum) = (new double[d], new double[d]);
        Array.Fill(Minimum, double.PositiveInfinity);
        Array.Fill(Maximum, double.NegativeInfinity);
        Pass(d, k);
    }

    /// <summary>[n] row numbers, ascending.</summary>
    public int[] Drawn { get; }

    /// <summary>Responsibilities kept per drawn point.</summary>
    public int Shares { get; }

    /// <summary>[n x Shares] components, the most probable first.</summary>
    public ushort[] ShareComponents { get; }

    /// <summary>[n x Shares] their responsibilities, in 1/65535.</summary>
    public ushort[] ShareValues { get; }

    /// <summary>[n x 3] red, green, blue.</summary>
    public byte[] Colors { get; }

    /// <summary>[K] sums of responsibilities over all rows.</summary>
    public double[] EffectiveCounts { get; }

    /// <summary>[CertaintyBins] rows by their largest responsibility.</summary>
    public long[] Certainty { get; }

    /// <summary>Mean over the rows of - sum r ln r, from 0 to ln K.</summary>
    public double MeanEntropy { get; private set; }

    /// <summary>[D].</summary>
    public double[] Minimum { get; }

    /// <summary>[D].</summary>
    public double[] Maximum { get; }

    private void Pass(int d, int k)
    {
        var step = Math.Max(1, BlockNumbers / Math.Max(d, k));
        var block = new double[(int)Math.Min((long)step, Math.Max(1, _subject.Count)) * k];
        var order = new int[k];
        double entropy = 0;
        var next = 0;
        for (var first = 0; first < _subject.Count; first += step)
        {
            var count = Math.Min(step, _subject.Count - first);
            var rows = _subject.Rows.AsSpan(first * d, count * d);
            _subject.Scorer.Responsibilities(new Points(rows, d), block.AsSpan(0, count * k));
            for (var i = 0; i < count; i++)
            {
                var responsibilities = block.AsSpan(i * k, k);
                entropy += Add(responsibilities);
                Extend(rows.Slice(i * d, d));
                if (next < Drawn.Length && Drawn[next] == first + i) Keep(next++, responsibilities, order);
            }
        }
        MeanEntropy = _subject.Count == 0 ? 0 : entropy / _subject.Count;
    }

    private double Add(ReadOnlySpan<double> responsibilities)
    {
        double largest = 0, entropy = 0;
        for (var k = 0; k < responsibilities.Length; k++)
        {
            var r = responsibilities[k];
            EffectiveCounts[k] += r;
            largest = Math.Max(largest, r);
            if (r > 0) entropy -= r * Math.Log(r);
        }
        Certainty[Math.Clamp((int)(largest * CertaintyBins), 0, CertaintyBins - 1)]++;
        return entropy;
    }

    private void Extend(ReadOnlySpan<double> row)
    {
        for (var j = 0; j < row.Length; j++)
        {
            if (double.IsNaN(row[j])) continue;
            Minimum[j] = Math.Min(Minimum[j], row[j]);
            Maximum[j] = Math.Max(Maximum[j], row[j]);
        }
    }

    private void Keep(int i, ReadOnlySpan<double> responsibilities, int[] order)
    {
        // Selection of the few largest, the first of equals: the order that labels have too.
        for (var k = 0; k < order.Length; k++) order[k] = k;
        for (var s = 0; s < Shares; s++)
        {
            var best = s;
            for (var k = s + 1; k < order.Length; k++)
            {
                var (candidate, leader) = (responsibilities[order[k]], responsibilities[order[best]]);
                if (candidate > leader || candidate == leader && order[k] < order[best]) best = k;
            }
            (order[s], order[best]) = (order[best], order[s]);
            ShareComponents[i * Shares + s] = (ushort)order[s];
            ShareValues[i * Shares + s] = (ushort)Math.Round(responsibilities[order[s]] * ushort.MaxValue);
        }
        var color = Palette.Mix(responsibilities);
        (Colors[i * 3], Colors[i * 3 + 1], Colors[i * 3 + 2]) = (color.Red, color.Green, color.Blue);
    }
}
