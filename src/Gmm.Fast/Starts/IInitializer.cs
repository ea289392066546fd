using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Starts;

/// <summary>Finds parameters to start from.</summary>
internal interface IInitializer
{
    /// <summary>Factored parameters, or null when cancelled.</summary>
    MixtureParameters? Start(StartRequest request);
}

/// <summary>What a start has to go on, and the steps all starts share.</summary>
internal sealed record StartRequest(
    IBlockSource<double> Source, FitOptions Options, Xoshiro256 Random, WorkTeam Team, CancellationToken Cancellation)
{
    public ICovariance Covariance { get; } = CovarianceTypes.For(Options.CovarianceType);

    private Precision Precision => Source is WideSource ? Precision.Single : Precision.Double;

    /// <summary>Parameters under which "most probable" means "nearest": unit spheres of equal weight about <paramref name="centers"/> [K x D].</summary>
    public static MixtureParameters UnitSpheres(ReadOnlySpan<double> centers, int dimension)
    {
        var spheres = new MixtureParameters(CovarianceTypes.For(CovarianceType.Spherical), centers.Length / dimension, dimension);
        centers.CopyTo(spheres.Means);
        spheres.Weights.AsSpan().Fill(1.0 / spheres.Components);
        spheres.Covariances.AsSpan().Fill(1);
        spheres.TryFactor(out _);

        // The same constant for every component decides nothing, but next to it small distances would lose their digits.
        spheres.LogConstants.AsSpan().Clear();
        return spheres;
    }

    /// <summary>Moments of covariance type <paramref name="moments"/> of the points nearest to each center; null when cancelled.</summary>
    public SufficientStatistics? Cluster(IBlockSource<double> points, ReadOnlySpan<double> centers, CovarianceType moments)
    {
        var statistics = new SufficientStatistics(moments, centers.Length / points.ColumnCount, points.ColumnCount);
        using var sweep = new Sweep<double>(
            points, BlockSteps.Nearest(moments, LaneWidths.Widest), statistics, Team, null, Cancellation, once: true);
        return sweep.Run(UnitSpheres(centers, points.ColumnCount)) ? statistics : null;
    }

    /// <summary>Mean and covariance of all points as a mixture of one component, not factored; null when cancelled.</summary>
    public MixtureParameters? Pooled()
    {
        var center = new double[Source.ColumnCount];
        Row(0, center);
        if (Cluster(Source, center, Options.CovarianceType) is not { } statistics) return null;
        var pooled = new MixtureParameters(Covariance, 1, Source.ColumnCount);
        Maximization.Estimate(statistics, pooled, Options.Regularization);
        return pooled;
    }

    /// <summary>
    /// Factors <paramref name="start"/>. A cluster too small or too flat for a covariance of its own gets that of all points; where that is
    /// singular too, only regularization can help.
    /// </summary>
    public MixtureParameters Factor(MixtureParameters start, MixtureParameters pooled)
    {
        var replaced = new bool[start.Components];
        while (!start.TryFactor(out var failure))
        {
            if (replaced[failure.Component])
            {
                if (!double.IsFinite(failure.Value)) Throw.Argument("rows", "the variances of the data leave the range of a double; rescale the data");
                var more = Options.Regularization > 0 ? "a larger Regularization" : "Regularization > 0";
                if (Precision.Explain(pooled, 0, Options.Regularization, null, Options.ColumnNames) is { } reason)
                    Throw.Argument("rows", $"the covariance of the data is singular: {reason}; or, if it is constant, use {more}");
                Throw.Argument("rows", $"the covariance of the data is singular: pivot {failure.Pivot} is not positive (a constant column, or one that "
                    + $"others determine); {more} is required");
            }
            replaced[failure.Component] = true;
            var length = pooled.Covariances.Length;
            var offset = start.Covariances.Length == length ? 0 : failure.Component * length;
            pooled.Covariances.CopyTo(start.Covariances, offset);
        }
        return start;
    }

    /// <summary>Copies point <paramref name="index"/> to <paramref name="row"/> [D].</summary>
    public void Row(long index, Span<double> row) => Source.GetRows(index, 1, row).CopyTo(row);

    /// <summary><paramref name="count"/> different indices below <paramref name="limit"/>, in random order of drawing (Floyd's algorithm, CACM 30(9), 1987).</summary>
    public long[] Draw(int count, long limit)
    {
        var seen = new HashSet<long>(count);
        var drawn = new List<long>(count);
        for (var top = limit - count; top < limit; top++)
        {
            var index = Random.NextBelow(top + 1);
            if (!seen.Add(index)) seen.Add(index = top);
            drawn.Add(index);
        }
        return [.. drawn];
    }
}
