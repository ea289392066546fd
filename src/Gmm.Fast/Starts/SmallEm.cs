using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast.Starts;

/// <summary>
/// Starts from the best of several short runs of EM on a sample (Biernacki, Celeux and Govaert, Choosing starting values for the EM algorithm, CSDA
/// 41, 2003). <see cref="StartSearch"/> makes the runs and chooses. Its candidates depend on no unit that the family can carry, see
/// <see cref="Whitening"/>, so neither does the start.
/// </summary>
internal sealed unsafe class SmallEm : IStart
{
    private const int SampleRows = 1_000;
    private const int SampleRowsPerComponent = 200;

    // Rows per component, as multiples of those that support one: more than the 200 from 18 dimensions with off-diagonal covariances on.
    private const double SampleRowsPerSupport = 11;

    // More rows than 200 per component are at most one in so many points, since runs would cost as much as the fit, and at most so many numbers.
    private const int LargestPart = 4;
    private const int MostNumbers = 1 << 21;

    /// <summary>Counts the points of the sample of a fit to <paramref name="total"/> points.</summary>
    public static int Rows(Family family, int components, int dimension, long total)
    {
        var most = Math.Min((double)total / LargestPart, MostNumbers / dimension);
        var more = Math.Min(SampleRowsPerSupport * StartScore.Least(family, dimension) * components, most);
        return (int)Math.Min(total, SampleRows + (long)Math.Max(SampleRowsPerComponent * (double)components, more));
    }

    public SampleRequest Sample(StartRequest request, Xoshiro256 random, int restart, bool isWeighted)
    {
        var (total, dimension) = (request.Survey.Ranks.TotalCount, request.Survey.Dimension);
        var count = Rows(request.Family, request.Components, dimension, total);
        if (isWeighted) return new KeyedSample(new PointKeys(request.Seed, restart, estimatesSums: true), count, dimension);
        if (count == total && request.Survey.Whole is { } whole) return new WholeSample(whole);
        if (count == total) return new NumberedSample(null, count, dimension);
        var indices = StartRequest.Draw(random, count, total);
        Array.Sort(indices);
        return new NumberedSample(indices, count, dimension);
    }

    public Factored? Start(StartRequest request, Sample sample, Xoshiro256 random)
    {
        Parameters? best = null;
        Exception? failure = null;
        try
        {
            fixed (double* rows = sample.Rows)
            fixed (double* weights = sample.Weights)
            {
                var points = sample.Whole ?? new MemoryPoints<double>(rows, sample.Count, sample.Dimension, sample.Dimension, weights);
                using var search = new StartSearch(request, sample, points, random);
                best = search.Run();
            }
        }
        catch (Exception e)
        {
            failure = e;
        }

        // Every rank finds the same start. All take that of the first, so that no difference between machines can part them.
        var ranks = request.Survey.Ranks;
        var start = new Parameters(request.Family, request.Components, sample.Dimension);
        if (ranks.Rank == 0) best?.Theta.CopyTo(start.Theta, 0);
        return ranks.Sum(start.Theta, best is null && failure is null, failure) ? request.Factor(start) : null;
    }
}
