using System.Diagnostics;
using System.Globalization;
using Gmm.Distributed;

namespace Gmm.Bench.Ranks;

/// <summary>Runs in each process that <see cref="RanksCommand"/> starts; the first one prints.</summary>
internal static class RankCommand
{
    private const int Iterations = 10;

    public static int Run(string[] args)
    {
        using var world = MpiCommunicator.World();
        IEnumerable<string> lines = args switch
        {
            ["library"] => [world.Library],
            ["fit", var shape, var threads] => [Fit(world, shape, int.Parse(threads, CultureInfo.InvariantCulture))],
            ["exchanges", var count] => Exchanges(world, int.Parse(count, CultureInfo.InvariantCulture)),
            _ => throw new ArgumentException("library, fit SHAPE THREADS or exchanges COUNT is required"),
        };
        foreach (var line in lines)
        {
            if (world.Rank == 0) Console.WriteLine(line);
        }
        return 0;
    }

    private static string Fit(ICommunicator world, string shape, int threads)
    {
        var (clock, exchanges) = (new IterationClock(), new TimedCommunicator(world));
        Fit(Problem.Parse(CovarianceType.Full, shape), exchanges, Iterations, threads, clock);
        return string.Create(CultureInfo.InvariantCulture, $"{clock.SecondsPerIteration}\t{exchanges.MedianSeconds}\t{exchanges.LargestBytes}");
    }

    private static IEnumerable<string> Exchanges(ICommunicator world, int count)
    {
        foreach (var dimension in (int[])[4, 16, 64])
        {
            foreach (var components in (int[])[4, 16, 64])
            {
                var exchanges = new TimedCommunicator(world);
                Fit(new Problem(CovarianceType.Full, 100_000, dimension, components), exchanges, 1, 1, null);
                var values = new double[exchanges.LargestBytes / sizeof(double)];
                var alone = new TimedCommunicator(world);
                for (var i = 0; i < count; i++) alone.AllReduce(values);
                yield return string.Create(CultureInfo.InvariantCulture, $"{dimension}\t{components}\t{exchanges.LargestBytes / 1e3:f1}\t{1e6 * alone.MedianSeconds:f0}");
            }
        }
    }

    private static void Fit(Problem problem, ICommunicator communicator, int iterations, int threads, IProgress<IterationInfo>? progress)
    {
        var (first, count) = PointPart.Of<double>(problem.Points, problem.Dimension, communicator.Rank, communicator.Count);
        var rows = problem.Rows.AsSpan((int)first * problem.Dimension, (int)count * problem.Dimension);
        MixtureFit.Fit(new Points(rows, problem.Dimension), problem.Options(iterations, threads) with
        {
            Communicator = communicator,
            Skipping = Skipping.InOrder,
            Progress = progress,
        });
    }

    /// <summary>Notes how much is exchanged, and how long a rank is in an exchange: most of it waiting for the others.</summary>
    private sealed class TimedCommunicator(ICommunicator inner) : ICommunicator
    {
        private readonly List<double> _seconds = [];

        public int Rank => inner.Rank;

        public int Count => inner.Count;

        /// <summary>Of the largest exchange, in bytes.</summary>
        public long LargestBytes { get; private set; }

        public double MedianSeconds => _seconds.Count == 0 ? 0 : Timing.Median(_seconds);

        public void AllReduce(Span<double> values)
        {
            var clock = Stopwatch.GetTimestamp();
            inner.AllReduce(values);
            _seconds.Add(Stopwatch.GetElapsedTime(clock).TotalSeconds);
            LargestBytes = Math.Max(LargestBytes, (long)values.Length * sizeof(double));
        }
    }
}
