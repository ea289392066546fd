using Gmm.Fast.Model;

namespace Gmm.Fast.Scoring;

/// <summary>
/// Collects the log-densities of a data set as numbers that add over its parts: those of single points where there are few, and otherwise a histogram
/// with fixed bins. A log-density counts in its depth below the largest that the mixture could have, and 1 + depth in bins of equal ratio, so the
/// bins depend on the mixture alone. Sums of parts in any grouping have the same bits where points have no weights.
/// </summary>
internal sealed class DensityCounts
{
    // Up to so many rows every point keeps its log-density.
    private const int MostSingle = 1000;

    // Bits of the significand of 1 + depth that tell bins apart, and powers of two that have bins of their own.
    private const int BinBits = 14;
    private const int Octaves = 40;
    private const int SignificandBits = 52;
    private const long OneExponent = 1023L << BinBits;

    // Two neighboring knots are apart by about this part of the share, and by at most this share.
    private const double RelativeStep = 1.0 / 16;
    private const double LargestStep = 1.0 / 250;
    private const double SmallestShare = 1e-6;

    private readonly double _top;
    private readonly long _rows;
    private readonly double[] _sums;

    // The bins from the first with a point to the last; the others are not touched, since memory costs time once it is.
    private int _firstBin = int.MaxValue;
    private int _lastBin = -1;

    /// <summary>Makes an empty collection.</summary>
    /// <param name="mixture">The mixture that gives the log-densities.</param>
    /// <param name="rows">The number of rows of the whole data set.</param>
    public DensityCounts(Factored mixture, long rows)
    {
        _rows = rows;
        _top = Top(mixture);
        _sums = new double[IsExact ? 2 * (int)rows : Octaves << BinBits];
    }

    /// <summary>Whether some point of weight above 0 was added.</summary>
    public bool HasPoints => IsExact ? _sums.AsSpan((int)_rows).ContainsAnyExcept(0) : _lastBin >= _firstBin;

    private bool IsExact => _rows <= MostSingle;

    /// <summary>
    /// Gives the numbers that add, to be replaced by their sums over all parts: [rows] log-densities, then [rows] weights; or [bins] sums of weights.
    /// </summary>
    public double[] Shared()
    {
        if (!IsExact) (_firstBin, _lastBin) = (0, _sums.Length - 1);
        return _sums;
    }

    /// <summary>Adds points.</summary>
    /// <param name="first">The number of the first, in the whole data set.</param>
    /// <param name="logDensities">[count]; minus infinity counts as the smallest double.</param>
    /// <param name="weights">[count], or empty for weights of 1.</param>
    public void Add(long first, ReadOnlySpan<double> logDensities, ReadOnlySpan<double> weights)
    {
        for (var i = 0; i < logDensities.Length; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[i];
            if (weight == 0) continue;
            if (IsExact)
            {
                _sums[first + i] = Math.Max(logDensities[i], double.MinValue);
                _sums[_rows + first + i] = weight;
            }
            else
            {
                var bin = BinOf(Math.Max(0, _top - logDensities[i]));
                _sums[bin] += weight;
                (_firstBin, _lastBin) = (Math.Min(_firstBin, bin), Math.Max(_lastBin, bin));
            }
        }
    }

    /// <summary>Gives the distribution of all points, at least one of weight above 0.</summary>
    public DensityQuantiles Quantiles() => IsExact ? Single() : Knots();

    // Gives the log of the density that a point at the means of all components would have.
    private static double Top(Factored mixture)
    {
        var largest = mixture.LogConstants.Max();
        return largest + Parameters.Log(mixture.LogConstants.Sum(constant => Math.Exp(constant - largest)));
    }

    private static int BinOf(double depth)
    {
        var bits = BitConverter.DoubleToInt64Bits(1 + depth) >> (SignificandBits - BinBits);
        return (int)Math.Min(bits - OneExponent, (Octaves << BinBits) - 1);
    }

    // Gives the largest log-density of a bin.
    private double Edge(int bin) => _top - (BitConverter.Int64BitsToDouble((bin + OneExponent) << (SignificandBits - BinBits)) - 1);

    private DensityQuantiles Single()
    {
        var weights = _sums.AsSpan((int)_rows);
        var count = (int)_rows - weights.Count(0);
        var (values, kept) = (new double[count], new double[count]);
        for (int i = 0, at = 0; i < _rows; i++)
        {
            if (weights[i] == 0) continue;
            (values[at], kept[at++]) = (_sums[i], weights[i]);
        }
        if (!kept.AsSpan().ContainsAnyExcept(1))
        {
            Array.Sort(values);
            return new DensityQuantiles(values, null, isExact: true);
        }

        // Ties in one order, so that the sums have the same bits.
        int[] order = [.. Enumerable.Range(0, count).OrderBy(i => values[i]).ThenBy(i => kept[i])];
        return new DensityQuantiles(
            Array.ConvertAll(order, i => values[i]), Cumulative(Array.ConvertAll(order, i => kept[i])), isExact: true);
    }

    private static double[] Cumulative(double[] weights)
    {
        var total = weights.Sum();
        var shares = new double[weights.Length];
        double sum = 0;
        for (var i = 0; i < shares.Length; i++) shares[i] = Math.Min(1, (sum += weights[i]) / total);
        shares[^1] = 1;
        return shares;
    }

    // Makes knots of the edges of bins, where the shares are exact: in steps that grow with the share. A bin with much in it counts as a whole at any of its
    // log-densities: the most unusual points have bins of their own, and no part of a point is more unusual than it.
    private DensityQuantiles Knots()
    {
        double total = 0, sum = 0, last = 0;
        for (var bin = _firstBin; bin <= _lastBin; bin++) total += _sums[bin];
        List<double> values = [], shares = [];
        for (var bin = _lastBin; bin >= _firstBin; bin--)
        {
            if (_sums[bin] == 0) continue;
            var step = Math.Min(Math.Max(last, SmallestShare) * RelativeStep, LargestStep);
            var before = sum / total;
            var isMuch = values.Count == 0 || _sums[bin] / total >= step / 2;
            if (isMuch && (values.Count == 0 || values[^1] < Edge(bin + 1))) Put(Edge(bin + 1), before);
            sum += _sums[bin];
            if (isMuch) Put(Math.BitIncrement(Edge(bin + 1)), sum / total);
            if (isMuch || sum / total - last >= step) Put(Edge(bin), sum / total);
        }
        var first = _firstBin + _sums.AsSpan(_firstBin).IndexOfAnyExcept(0);
        if (values[^1] < Edge(first)) Put(Edge(first), 1);
        shares[^1] = 1;
        return new DensityQuantiles([.. values], [.. shares], isExact: false);

        void Put(double value, double share)
        {
            values.Add(value);
            shares.Add(Math.Min(1, share));
            last = share;
        }
    }
}
