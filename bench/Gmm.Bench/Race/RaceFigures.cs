using Gmm.Report.Figures;
using ScottPlot;
using Palette = Gmm.Report.Palette;

namespace Gmm.Bench.Race;

/// <summary>The pictures of a race.</summary>
internal static class RaceFigures
{
    private const int PanelsPerRow = 2;
    private const double LeastGap = 1e-7;

    // Models that a system was given are there at once.
    private const double LeastSeconds = 1e-5;
    private const double MostTimesBest = 1000;

    // The same color in every picture; others follow.
    private static readonly string[] s_known =
    [
        "gmm-fast dense", "scikit-learn", "gmm-fast skipping", "Armadillo", "gmm-fast accelerated", "gmm-fast all", "mclust", "gmm-fast",
        "faiss k-means", "gmm-fast progressive",
    ];

    // One of each kind.
    private static readonly string[] s_pictured = ["d2-k8-0.1", "d16-k64-0.1", "d16-k1024-0.01", "pixels-rgb", "fashion-32", "patches-full"];

    /// <summary>
    /// Nats a point below the converged value against wall time, from the shared start; the first sets of all where none of the chosen ones ran.
    /// </summary>
    public static FigureFile Gaps(string folder, IReadOnlyList<RaceRun> runs)
    {
        var sets = runs.Where(run => run.Race == "start").GroupBy(run => run.Set).Select(group => group.First()).ToList();
        var chosen = sets.Where(run => s_pictured.Contains(run.Set)).ToList();
        if (chosen.Count == 0) chosen = [.. sets.Take(s_pictured.Length)];
        var panels = chosen.Select(run => (Run: run, Curves: RaceCurve.Read(folder, run))).ToList();
        var systems = Ordered(panels.SelectMany(panel => panel.Curves.Select(curve => curve.System)));
        return new FigureFile(new Scene
        {
            Title = "From one start to the converged log-likelihood",
            Subtitle = Machine.Processor,
            Legend = [.. systems.Select(Style)],
            Notes = [$"Gaps below {LeastGap:g1} nats a point are drawn at it."],
            Panels = Scene.Row([.. panels.Select(panel => GapPanel(panel.Run, panel.Curves))], PanelsPerRow),
            Size = (1000, 260 + 340 * ((panels.Count + 1) / PanelsPerRow)),
        });
    }

    /// <summary>The share of sets on which a system takes at most so many times the seconds of the fastest (Dolan and Moré 2002).</summary>
    public static FigureFile Profile(RaceTables tables)
    {
        (string Title, List<RaceArrivals> Arrivals, Func<RaceArrivals, double> Seconds)[] races =
        [
            ("From one start to 1e-6 of the converged value", [.. tables.FromStart], one => one.Seconds("converged")),
            ("By default to 1e-2 of the best known, with restarts", [.. tables.ByDefault], one => one.Expected("1e-2")),
        ];
        var systems = Ordered(races.SelectMany(race => race.Arrivals.Select(one => one.System)));
        return new FigureFile(new Scene
        {
            Title = "Performance profile",
            Subtitle = Machine.Processor,
            Legend = [.. systems.Select(Style)],
            Panels = Scene.Row([.. races.Select(race => ProfilePanel(race.Title, race.Arrivals, race.Seconds, systems))], PanelsPerRow),
            Size = (1000, 560),
        });
    }

    private static Panel GapPanel(RaceRun run, IReadOnlyList<RaceCurve> curves)
    {
        List<Coordinates> Points(RaceCurve curve) =>
        [
            .. curve.Points.Where(point => point.Seconds >= LeastSeconds)
                .Select(point => new Coordinates(Math.Log10(point.Seconds), Math.Log10(Math.Max(point.Gap, LeastGap)))),
        ];
        var all = curves.SelectMany(Points).DefaultIfEmpty(new Coordinates(0, 0)).ToList();
        return new()
        {
            Title = $"{run.Set}: {run.Shape}",
            X = AxisRange.Logarithmic("Seconds", Math.Pow(10, all.Min(point => point.X)), Math.Pow(10, all.Max(point => point.X))),
            Y = AxisRange.Logarithmic("Nats a point below", LeastGap, Math.Pow(10, all.Max(point => point.Y))),
            Draw = (plot, _) =>
            {
                foreach (var curve in curves)
                {
                    var style = Style(curve.System);
                    Figure.Line(plot, Points(curve), 0, style.Shape, style.Color, 3);
                }
            },
        };
    }

    private static Panel ProfilePanel(string title, IReadOnlyList<RaceArrivals> arrivals, Func<RaceArrivals, double> seconds, string[] systems)
    {
        var sets = arrivals.GroupBy(one => one.Set)
            .Select(set => set.Where(one => !double.IsNaN(seconds(one))).ToList()).Where(set => set.Count > 0).ToList();
        return new()
        {
            Title = title,
            X = AxisRange.Logarithmic("Times the fastest", 1, MostTimesBest),
            Y = AxisRange.Around("Share of sets", 0, 1),
            Draw = (plot, _) =>
            {
                foreach (var system in systems.Where(system => arrivals.Any(one => one.System == system)))
                {
                    double[] ratios =
                    [
                        .. sets.Select(set => (Own: set.Find(one => one.System == system), Best: set.Min(seconds)))
                            .Where(pair => pair.Own is not null).Select(pair => seconds(pair.Own!) / pair.Best).Order(),
                    ];
                    var steps = new List<Coordinates> { new(0, 0) };
                    foreach (var ratio in ratios)
                    {
                        var x = Math.Log10(Math.Min(ratio, MostTimesBest));
                        steps.Add(new Coordinates(x, steps[^1].Y));
                        steps.Add(new Coordinates(x, steps[^1].Y + 1.0 / sets.Count));
                    }
                    steps.Add(new Coordinates(Math.Log10(MostTimesBest), steps[^1].Y));
                    var style = Style(system);
                    Figure.Line(plot, steps, 0, style.Shape, style.Color, 0);
                }
            },
        };
    }

    private static string[] Ordered(IEnumerable<string> systems) => [.. systems.Distinct().OrderBy(Place)];

    private static int Place(string system) => Array.IndexOf(s_known, system) is var place and >= 0 ? place : s_known.Length;

    private static LegendEntry Style(string system) =>
        new((Shape)(Place(system) % Enum.GetValues<Shape>().Length), Palette.Component(Place(system)), system);
}
