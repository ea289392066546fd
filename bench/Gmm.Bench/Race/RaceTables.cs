using System.Globalization;

namespace Gmm.Bench.Race;

/// <summary>The tables of a race.</summary>
internal sealed class RaceTables
{
    private readonly IReadOnlyList<RaceRun> _runs;
    private readonly List<RaceArrivals> _fromStart;
    private readonly List<RaceArrivals> _byDefault;

    public RaceTables(IReadOnlyList<RaceRun> runs)
    {
        _runs = runs;
        _fromStart = Arrivals("start");
        _byDefault = Arrivals("default");
    }

    /// <summary>From the shared start, with the most threads.</summary>
    public IEnumerable<RaceArrivals> FromStart => WithMostThreads(_fromStart);

    /// <summary>As users run them.</summary>
    public IEnumerable<RaceArrivals> ByDefault => _byDefault;

    /// <summary>This engine's systems beside the fastest other one of each set.</summary>
    public MarkdownTable Summary()
    {
        var table = new MarkdownTable(
            "race", "system", "target", "sets", "median ratio", "least ratio", "least on", "only ours arrives", "only others arrive");
        foreach (var (race, arrivals, seconds) in Races())
        {
            foreach (var system in arrivals.Where(one => one.IsOurs).Select(one => one.System).Distinct())
            {
                foreach (var (target, words) in RaceArrivals.Targets)
                {
                    var pairs = arrivals.GroupBy(one => one.Set).Select(set => (
                        Set: set.Key,
                        Ours: Least(set.Where(one => one.System == system), target),
                        Others: Least(set.Where(one => !one.IsOurs), target))).ToList();
                    if (pairs.All(pair => double.IsNaN(pair.Ours) && double.IsNaN(pair.Others))) continue;
                    var both = pairs.Where(pair => !double.IsNaN(pair.Others / pair.Ours)).OrderBy(pair => pair.Others / pair.Ours).ToList();
                    table.Add(
                        race, system, words, $"{both.Count}",
                        both.Count == 0 ? "-" : Ratio(Timing.Median(both.Select(pair => pair.Others / pair.Ours))),
                        both.Count == 0 ? "-" : Ratio(both[0].Others / both[0].Ours), both.Count == 0 ? "-" : both[0].Set,
                        $"{pairs.Count(pair => !double.IsNaN(pair.Ours) && double.IsNaN(pair.Others))}",
                        $"{pairs.Count(pair => double.IsNaN(pair.Ours) && !double.IsNaN(pair.Others))}");
                }
            }

            double Least(IEnumerable<RaceArrivals> some, string target) =>
                some.Select(one => seconds(one, target)).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Min();
        }
        return table;
    }

    /// <summary>Whole default fits of this engine beside those of scikit-learn.</summary>
    public MarkdownTable DefaultFits()
    {
        var table = new MarkdownTable("set", "shape", "gmm-fast, s", "scikit-learn, s", "ratio", "log-likelihood, gmm-fast less scikit-learn");
        foreach (var set in _byDefault.GroupBy(one => one.Set))
        {
            if (set.FirstOrDefault(one => one.System == "gmm-fast") is not { } ours) continue;
            if (set.FirstOrDefault(one => one.System == "scikit-learn") is not { } sklearn) continue;
            var (our, their) = (ours.Median(run => run.Number("seconds")), sklearn.Median(run => run.Number("seconds")));
            table.Add(
                set.Key, ours.Runs[0].Shape, Seconds(our), (sklearn.Runs.Any(run => run.IsCut) ? "> " : "") + Seconds(their), Ratio(their / our),
                Signed(ours.Median(run => run.Number("log_likelihood")) - sklearn.Median(run => run.Number("log_likelihood"))));
        }
        return table;
    }

    public MarkdownTable Starts()
    {
        var table = new MarkdownTable(
            "set", "shape", "system", "threads", "rounds", "s to 1e-2", "s to 1e-3", "s to 1 % of P/(2N)", "s to converged", "passes to converged",
            "pairs computed", "MB added", "end");
        foreach (var one in _fromStart)
        {
            var last = one.Runs[^1];
            table.Add(
                [
                    one.Set, last.Shape, one.System, $"{one.Threads}", $"{one.Runs.Count}",
                    .. RaceArrivals.Targets.Select(target => Arrival(one, target.Column)),
                    Count(one.Median(run => run.Number("passes_converged"))), Percent(one.Median(run => run.Number("share"))),
                    Count(one.Median(run => run.Number("megabytes"))), last.End,
                ]);
        }
        return table;
    }

    public MarkdownTable Defaults()
    {
        var table = new MarkdownTable(
            "set", "shape", "system", "threads", "starts", "s of a fit", "passes", "arrive at 1e-2", "s expected", "arrive at 1e-3", "s expected",
            "arrive at 1 % of P/(2N)", "s expected", "below the best known", "held out", "MB added");
        foreach (var one in _byDefault)
        {
            string[] shares =
            [
                .. RaceArrivals.Targets.SkipLast(1)
                    .SelectMany(target => (string[])[Percent(one.Share(target.Column)), Seconds(one.Expected(target.Column))]),
            ];
            table.Add(
                [
                    one.Set, one.Runs[0].Shape, one.System, $"{one.Threads}", $"{one.Runs.Count}",
                    (one.Runs.Any(run => run.IsCut) ? "> " : "") + Seconds(one.Median(run => run.Number("seconds"))),
                    Count(one.Median(run => run.Number("passes"))),
                    .. shares, Signed(one.Median(run => run.Number("best") - run.Number("log_likelihood"))),
                    Nats(one.Median(run => run.Number("held_out"))), Count(one.Median(run => run.Number("megabytes"))),
                ]);
        }
        return table;
    }

    /// <summary>Figures of systems that are not here, beside the seconds that the others need to reach their log-likelihood.</summary>
    public MarkdownTable Givens()
    {
        var table = new MarkdownTable(
            "set", "given system", "s per iteration", "its log-likelihood", "race", "system", "threads", "s per pass", "s to its log-likelihood", "passes");
        foreach (var given in _runs.Where(run => run.Race == "given"))
        {
            foreach (var (race, arrivals, _) in Races())
            {
                foreach (var one in arrivals.Where(one => one.Set == given.Set))
                {
                    table.Add(
                        given.Set, given.System, Seconds(given.Number("seconds")), Nats(given.Number("log_likelihood")), race, one.System,
                        $"{one.Threads}",
                        Seconds(one.Median(run => run.Number("passes") > 0 ? run.Number("seconds") / run.Number("passes") : double.NaN)),
                        double.IsNaN(given.Number("log_likelihood")) ? "-" : Arrival(one, "given"), Count(one.Median(run => run.Number("passes_given"))));
                }
            }
        }
        return table;
    }

    public MarkdownTable LeftOut()
    {
        var table = new MarkdownTable("system", "reason", "sets");
        foreach (var group in _runs.Where(run => run.Race == "left out").GroupBy(run => (run.System, run.End)))
            table.Add(group.Key.System, group.Key.End, string.Join(", ", group.Select(run => run.Set)));
        return table;
    }

    private static IEnumerable<RaceArrivals> WithMostThreads(List<RaceArrivals> arrivals)
    {
        var most = arrivals.GroupBy(one => (one.Set, one.System)).ToDictionary(group => group.Key, group => group.Max(one => one.Threads));
        return arrivals.Where(one => one.Threads == most[(one.Set, one.System)]);
    }

    private IEnumerable<(string Race, List<RaceArrivals> Arrivals, Func<RaceArrivals, string, double> Seconds)> Races() =>
    [
        ("same start", [.. FromStart], (one, target) => one.Seconds(target)),
        ("by default", _byDefault, (one, target) => one.Expected(target)),
    ];

    private List<RaceArrivals> Arrivals(string race) =>
    [
        .. _runs.Where(run => run.Race == race).GroupBy(run => (run.Set, run.System, run.Threads)).Select(group => new RaceArrivals([.. group])),
    ];

    private static string Arrival(RaceArrivals one, string target) =>
        one.Seconds(target) is var seconds && !double.IsNaN(seconds) ? Seconds(seconds)
        : one.Runs.Any(run => run.IsCut) ? "> " + Seconds(one.Median(run => run.Number("seconds"))) : "-";

    private static string Seconds(double seconds) => double.IsNaN(seconds) ? "-" : Text($"{seconds:g3}");

    private static string Ratio(double ratio) => Text($"{ratio:g3}");

    private static string Percent(double share) => double.IsNaN(share) ? "-" : Text($"{100 * share:f0} %");

    private static string Count(double count) => double.IsNaN(count) ? "-" : Text($"{count:f0}");

    private static string Nats(double nats) => double.IsNaN(nats) ? "-" : Text($"{nats:f4}");

    private static string Signed(double nats) => double.IsNaN(nats) ? "-" : Text($"{nats:f5}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
