using Gmm.Fast.Internals;

namespace Gmm.Fast.Em;

/// <summary>
/// Chooses the samples on which a fit begins: each about twice as large as the one before, and with all of its points. Every point has a random
/// number, drawn from its place alone. A sample of level l has the points whose numbers begin with l bits of 0, about N / 2^l.
/// </summary>
internal sealed class ProgressivePlan
{
    /// <summary>The most iterations on a sample.</summary>
    public const int MostIterations = 100;

    // On fewer points, optima are others than on all, or the default start has seen half as many.
    private const int FewestPerParameter = 10;
    private const int FewestPoints = 2_000;
    private const int FewestPerComponent = 400;

    // What stays packed by default; that a user sets another budget changes no bit.
    private const long MostBytes = 48 << 20;

    // Passes of the three iterations that the rule of a sample compares.
    private const int FewestPasses = 4;

    // Apart from the streams of the starts, which are numbered from 0.
    private const ulong Stream = ulong.MaxValue;

    private readonly long _points;
    private readonly long _parameters;
    private readonly ulong _start;

    /// <summary>Makes a plan.</summary>
    /// <param name="points">N.</param>
    /// <param name="weighted">Points of weight above 0.</param>
    /// <param name="pointBytes">Bytes of a point.</param>
    /// <param name="components">K.</param>
    /// <param name="parameters">P, the number of free parameters.</param>
    /// <param name="seed">Seed of the fit.</param>
    public ProgressivePlan(long points, long weighted, long pointBytes, int components, long parameters, long seed)
    {
        (_points, _parameters) = (points, parameters);
        _start = unchecked(Xoshiro256.Hash(Xoshiro256.Hash((ulong)seed) + Stream));
        Levels = LevelsOf(points, weighted, pointBytes, components, parameters);
    }

    /// <summary>The levels of the samples, the smallest sample first; none where there are too few points.</summary>
    public IReadOnlyList<int> Levels { get; }

    /// <summary>Gives the levels of the samples of so many points, the smallest sample first: none is too small, and the largest stays packed.</summary>
    public static IReadOnlyList<int> LevelsOf(long points, long weighted, long pointBytes, int components, long parameters)
    {
        var fewest = Math.Max(FewestPerParameter * parameters, FewestPoints + (long)FewestPerComponent * components);
        var level = 1;
        while (points >> level > MostBytes / pointBytes) level++;
        var levels = new List<int>();
        for (; weighted >> level >= fewest; level++) levels.Insert(0, level);
        return levels;
    }

    /// <summary>Gives the numbers of the points of a sample, ascending.</summary>
    public int[] Sample(int level)
    {
        var sample = new List<int>((int)(_points >> level));
        for (var i = 0; i < _points; i++)
        {
            if (ulong.LeadingZeroCount(Xoshiro256.Hash(unchecked(_start + (ulong)i))) >= (ulong)level) sample.Add(i);
        }
        return [.. sample];
    }

    /// <summary>
    /// Gives the rule that ends EM on a sample of n points: less is left to gain than its optimum is expected to be below that of all points, which is
    /// P/2 (1/n - 1/N) nats a point.
    /// </summary>
    /// <param name="count">n.</param>
    public StopRule Rule(long count) => StopRule.Statistical(1 - (double)count / _points);

    /// <summary>
    /// Tells whether a larger sample saves more than it costs. Its optimum is half as far from that of all points. EM whose rises shrink by a ratio r
    /// takes ln 2 / -ln r passes over all points to come half as near, and at least four over the sample.
    /// </summary>
    /// <param name="status">The reason of the end of EM on the sample before.</param>
    /// <param name="trace">[t + 1]: its log-likelihoods.</param>
    /// <param name="level">The level of the larger sample.</param>
    public static bool Pays(FitStatus status, ReadOnlySpan<double> trace, int level) =>
        status != FitStatus.Converged || StopRule.RatioOfRises(trace) > Math.Pow(2, -Math.ScaleB(1, level) / FewestPasses);
}
