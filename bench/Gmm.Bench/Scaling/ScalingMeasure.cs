namespace Gmm.Bench.Scaling;

/// <summary>Fits along a curve beside the peaks of as many threads. All lines of a panel take turns at each shape.</summary>
internal static class ScalingMeasure
{
    // Of each line at a shape: several fits, long beside the clock's steps of 100 ns and short beside the stay of other guests.
    private const int Rounds = 5;
    private const double RoundSeconds = 0.02;
    private const int FewestIterations = 2;
    private const int MostIterations = 50;
    private const int MostFits = 20;

    // Enough blocks for all that a fit may run to be compiled.
    private const int WarmUpPoints = 2_000;

    public static List<ScalingPoint> Measure(IReadOnlyList<ScalingCurve> curves)
    {
        var points = new List<ScalingPoint>();
        var peaks = new List<(int Threads, double Rate)>();
        foreach (var curve in curves)
        {
            Console.Error.WriteLine($"{curve.AxisName}, {curve.Title} ...");
            WarmUp(curve);
            foreach (var (count, dimension, components) in curve.Shapes)
            {
                var problem = new Problem(CovarianceType.Full, count, dimension, components);
                Line[] lines = [.. Lines(curve).Select(line => new Line(problem, line.Single, line.Threads))];
                for (var round = 0; round < Rounds; round++)
                {
                    foreach (var line in lines)
                    {
                        peaks.Add((line.Threads, MachinePeak.Fma(line.Threads)));
                        line.Sample();
                    }
                }
                points.AddRange(lines.Select(line => line.Point(curve.Title)));
            }
        }

        // The peak of one moment is that of the other guests; the median of all gives a roof without dents.
        var medians = peaks.ToLookup(peak => peak.Threads, peak => peak.Rate).ToDictionary(group => group.Key, Timing.Median);
        return points.ConvertAll(point => point with { Arithmetic = point.Arithmetic / medians[point.Threads] });
    }

    private static IEnumerable<(bool Single, int Threads)> Lines(ScalingCurve curve)
    {
        foreach (var threads in curve.Threads) yield return (false, threads);
        if (!curve.WithFloats) yield break;
        foreach (var threads in curve.Varied == Size.Threads ? curve.Threads : [1]) yield return (true, threads);
    }

    private static void WarmUp(ScalingCurve curve)
    {
        Problem[] problems =
        [
            .. curve.Shapes.Select(shape => (shape.Dimension, shape.Components)).Distinct()
                .Select(shape => new Problem(CovarianceType.Full, WarmUpPoints, shape.Dimension, shape.Components)),
        ];
        Timing.WarmUp(() =>
        {
            foreach (var problem in problems)
            {
                foreach (var (single, threads) in Lines(curve)) new Line(problem, single, threads).Sample();
            }
        });
    }

    private sealed class Line
    {
        private readonly Problem _problem;
        private readonly bool _single;
        private readonly int _iterations;
        private readonly int _fits;
        private readonly List<double> _seconds = [];
        private readonly List<double> _reading = [];

        public Line(Problem problem, bool single, int threads)
        {
            (_problem, _single, Threads) = (problem, single, threads);
            var first = Fit(FewestIterations);
            _iterations = Math.Clamp((int)(RoundSeconds / first), FewestIterations, MostIterations);
            _fits = Math.Clamp((int)(RoundSeconds / first / _iterations), 1, MostFits);
        }

        public int Threads { get; }

        public void Sample()
        {
            _reading.Add(MachinePeak.Reading(Threads, _problem.Rows));
            for (var i = 0; i < _fits; i++) _seconds.Add(Fit(_iterations));
        }

        /// <summary>With the arithmetic at a peak of one GFLOP/s of doubles.</summary>
        public ScalingPoint Point(string curve)
        {
            var (points, dimension, components) = (_problem.Points, _problem.Dimension, _problem.Components);
            var (inOne, bytes) = _single ? (2, sizeof(float)) : (1, sizeof(double));
            return new ScalingPoint(
                curve, points, dimension, components, _single, Threads, Timing.Median(_seconds) * 1e3,
                ScalingPoint.Operations(points, dimension, components, _single) / inOne / 1e6,
                (double)points * dimension * bytes / Timing.Median(_reading) / 1e6);
        }

        private double Fit(int iterations)
        {
            var clock = new IterationClock();
            _problem.Fit(_problem.Options(iterations, Threads) with { Progress = clock }, _single);
            return clock.MeanSeconds;
        }
    }
}
