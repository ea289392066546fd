using System.Collections.Concurrent;
using Gmm.Fast.Blocks;
using Gmm.Fast.Model;

namespace Gmm.Fast.Scoring;

/// <summary>
/// Gives scorers of the marginal mixtures of patterns of present dimensions. Those that were asked for first stay in memory, up to a limit; others
/// are made again each time, with the same bits. Safe for use by any number of threads at once.
/// </summary>
internal sealed class MarginalScorers(Factored mixture)
{
    // Numbers of the scorers that stay in memory.
    private const long MostNumbers = 1 << 23;

    private readonly ConcurrentDictionary<ulong[], MarginalScorer> _scorers = new(new GapMask.Comparer());
    private long _numbers;

    /// <summary>Gives the scorer of a pattern that has some dimensions, but not all.</summary>
    public MarginalScorer Of(ReadOnlySpan<ulong> mask)
    {
        if (_scorers.GetAlternateLookup<ReadOnlySpan<ulong>>().TryGetValue(mask, out var scorer)) return scorer;
        scorer = new MarginalScorer(mixture, mask);
        if (Interlocked.Add(ref _numbers, scorer.Numbers) <= MostNumbers) _scorers.TryAdd(mask.ToArray(), scorer);
        return scorer;
    }
}

/// <summary>Scores points of one pattern, whose present numbers are given alone.</summary>
internal sealed class MarginalScorer
{
    private readonly Factored _whole;
    private readonly Factored _marginal;
    private readonly Lazy<BlockScorer> _blocks;
    private readonly Lazy<PointScorer> _point;
    private readonly Lazy<PointScorer> _exactPoint;
    private readonly Lazy<double[]> _regressions;

    public MarginalScorer(Factored mixture, ReadOnlySpan<ulong> mask)
    {
        _whole = mixture;
        Order = new int[mixture.Dimension];
        Present = GapMask.Split(mask, Order);
        _marginal = new Factored(mixture.Family, mixture.Components, Present);
        _marginal.TakeMarginal(mixture, Order.AsSpan(0, Present));
        _blocks = new Lazy<BlockScorer>(() => new BlockScorer(_marginal));
        _point = new Lazy<PointScorer>(() => PointScorer.Create(_marginal));
        _exactPoint = new Lazy<PointScorer>(() => PointScorer.Create(_marginal, exact: true));
        _regressions = new Lazy<double[]>(Regress);
    }

    /// <summary>[D]: the present dimensions, ascending, then the missing ones.</summary>
    public int[] Order { get; }

    /// <summary>The number of present dimensions.</summary>
    public int Present { get; }

    public BlockScorer Blocks => _blocks.Value;

    public PointScorer Point => _point.Value;

    /// <summary>The scorer of distances with all digits.</summary>
    public PointScorer ExactPoint => _marginal.TradesDigits ? _exactPoint.Value : _point.Value;

    /// <summary>[K]: -o/2 ln 2 pi - 1/2 ln |covariance of the o present dimensions|.</summary>
    public double[] LogNormalizers => _marginal.LogNormalizers;

    /// <summary>[K]: the same with ln weight.</summary>
    public double[] LogConstants => _marginal.LogConstants;

    /// <summary>The numbers of a scorer with all its parts, about.</summary>
    public long Numbers => 2L * _marginal.Parameters.Theta.Length + 3L * _marginal.Factors.Length + (long)_whole.Parameters.Matrices * RegressionLength;

    private int RegressionLength => _whole.Family.RegressionLength(Present, Order.Length - Present);

    /// <summary>Gives the regression [m x o] of the missing dimensions on the present ones in component k; nothing where it is 0.</summary>
    public ReadOnlySpan<double> Regression(int k) =>
        _regressions.Value.AsSpan(_whole.Parameters.MatrixOf(k) * RegressionLength, RegressionLength);

    private double[] Regress()
    {
        var regressions = new double[checked(_whole.Parameters.Matrices * RegressionLength)];
        if (RegressionLength == 0) return regressions;
        var residual = new double[_whole.Family.Moments.Length(Order.Length - Present)];
        for (var matrix = 0; matrix < _whole.Parameters.Matrices; matrix++)
        {
            _whole.Family.Regress(
                _whole.Parameters.CovarianceOf(matrix), Order, Present, regressions.AsSpan(matrix * RegressionLength, RegressionLength), residual);
        }
        return regressions;
    }
}
