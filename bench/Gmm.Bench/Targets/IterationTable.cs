namespace Gmm.Bench.Targets;

/// <summary>
/// Time of one EM iteration beside the FMA peak, taken in turns in one process: on a shared machine the peak of another minute is another machine's.
/// Ratios are formed within a round; all figures are medians over the rounds, but for the best: the shortest iteration of all, and its share of the
/// highest peak of all. A guest on the other half of a core costs kernels that wait for the cache more than the peak, which waits for nothing.
/// </summary>
internal sealed class IterationTable
{
    private const int Rounds = 7;

    // A round's fits should be long against the clock and short against changes of the machine.
    private const double FitSeconds = 0.1;
    private const int MinIterations = 2;
    private const int MaxIterations = 50;

    private static readonly int[] s_threads = [1, 2];

    private readonly MarkdownTable _table = new(
        "shape", "type", "element", "threads", "ms per iteration", "ns per point and component", "useful GFLOP/s", "share of peak",
        "speed-up", "target", "met", "best ms", "best share");

    private readonly List<double[]> _peaks = [];

    /// <summary>GFLOP/s for each entry of the thread counts, over all rounds of all shapes; none before the first.</summary>
    public IEnumerable<(int Threads, double Peak)> Peaks => _peaks.Count == 0 ? [] : s_threads.Select((threads, t) => (threads, Timing.Median(_peaks.Select(peaks => peaks[t]))));

    public override string ToString() => _table.ToString();

    public void Add(TargetShape shape)
    {
        var problem = shape.Generate();
        var warm = Timing.WarmUp(() =>
        {
            foreach (var threads in s_threads)
            {
                problem.Fit(MinIterations, threads);
                if (shape.Single) problem.Fit(MinIterations, threads, single: true);
            }
        });
        var sweep = warm / (s_threads.Length * (MinIterations + 1));
        var iterations = Math.Clamp((int)(FitSeconds / sweep), MinIterations, MaxIterations);
        Round[] rounds = [.. Enumerable.Range(0, Rounds).Select(_ => Measure(problem, iterations, shape.Single))];
        _peaks.AddRange(rounds.Select(round => round.Peaks));
        for (var t = 0; t < s_threads.Length; t++) AddRow(shape, rounds, t);
        for (var t = 0; t < s_threads.Length && shape.Single; t++) AddSingleRow(shape, rounds, t);
    }

    private static Round Measure(Problem problem, int iterations, bool single)
    {
        return new Round(Array.ConvertAll(s_threads, MachinePeak.Fma), Clocks(false), single ? Clocks(true) : []);

        IterationClock[] Clocks(bool single) => Array.ConvertAll(s_threads, threads =>
        {
            var clock = new IterationClock();
            problem.Fit(problem.Options(iterations, threads) with { Progress = clock }, single);
            return clock;
        });
    }

    private void AddRow(TargetShape shape, Round[] rounds, int t)
    {
        var seconds = Timing.Median(rounds.Select(round => round.Seconds[t]));
        var nanoseconds = seconds * 1e9 / shape.Pairs;
        double? rate = shape.UsefulOperations / seconds / 1e9;
        double? share = shape.UsefulOperations is { } operations
            ? Timing.Median(rounds.Select(round => operations / round.Seconds[t] / 1e9 / round.Peaks[t]))
            : null;
        double? speedUp = t > 0 ? Timing.Median(rounds.Select(round => round.Seconds[0] / round.Seconds[t])) : null;
        var best = rounds.Min(round => round.Clocks[t].ShortestIteration);
        double? bestShare = shape.UsefulOperations / best / 1e9 / rounds.Max(round => round.Peaks[t]);

        var targets = new List<(string Text, bool Met)>();
        if (shape.Share is { } least) targets.Add(($"{least:p0} of peak", share >= least));
        if (shape.Nanoseconds is { } most && t == 0) targets.Add(($"{most} ns", nanoseconds <= most));
        if (speedUp is { } gain) targets.Add(($"{TargetShape.SpeedUp} x", gain >= TargetShape.SpeedUp));

        _table.Add(
            shape.Name, shape.Type.ToString().ToLowerInvariant(), "double", $"{s_threads[t]}", $"{seconds * 1e3:f3}", $"{nanoseconds:f2}",
            $"{rate:f1}", $"{share:p1}", $"{speedUp:f2}", string.Join(", ", targets.Select(target => target.Text)),
            string.Join(", ", targets.Select(target => target.Met ? "yes" : "no")), $"{best * 1e3:f3}", $"{bestShare:p1}");
    }

    // The peak is that of doubles, of which floats have twice as much; so their gain over doubles stands for it.
    private void AddSingleRow(TargetShape shape, Round[] rounds, int t)
    {
        var seconds = Timing.Median(rounds.Select(round => round.SingleSeconds[t]));
        var gain = Timing.Median(rounds.Select(round => round.Seconds[t] / round.SingleSeconds[t]));
        double? speedUp = t > 0 ? Timing.Median(rounds.Select(round => round.SingleSeconds[0] / round.SingleSeconds[t])) : null;
        _table.Add(
            shape.Name, shape.Type.ToString().ToLowerInvariant(), "float", $"{s_threads[t]}", $"{seconds * 1e3:f3}", $"{seconds * 1e9 / shape.Pairs:f2}",
            $"{shape.UsefulOperations / seconds / 1e9:f1}", $"{gain:f2} x double", $"{speedUp:f2}", $"{TargetShape.SingleGain} x double",
            gain >= TargetShape.SingleGain ? "yes" : "no", $"{rounds.Min(round => round.SingleClocks[t].ShortestIteration) * 1e3:f3}", "");
    }

    /// <summary>For each entry of the thread counts: GFLOP/s of the peak, and a fit in doubles and, where wanted, floats.</summary>
    private sealed record Round(double[] Peaks, IterationClock[] Clocks, IterationClock[] SingleClocks)
    {
        public double[] Seconds { get; } = Array.ConvertAll(Clocks, clock => clock.SecondsPerIteration);

        public double[] SingleSeconds { get; } = Array.ConvertAll(SingleClocks, clock => clock.SecondsPerIteration);
    }
}
