using Gmm.Fast;

namespace Gmm.RankProgram;

/// <summary>Lets rank 1 fail in several ways: all ranks end alike, and the next fit works.</summary>
internal static class Failures
{
    public static void Run(ICommunicator world, TextWriter report)
    {
        var options = new FitOptions
        {
            Components = 2,
            Stop = StopRule.FixedCount,
            MaxIterations = 20,
            PackingBudget = 0,
            Communicator = world,
        };
        var isBad = world.Rank == 1;
        report.WriteLine(End(() => MixtureFit.Fit(Fits.Part(world), options with { Components = isBad ? 5 : 2 })));
        report.WriteLine(End(() => MixtureFit.Fit(new Source(() => throw new IOException("part-1.npy: row 17 cannot be read")) { Reads = isBad ? 9 : int.MaxValue }, options)));
        report.WriteLine(End(() => MixtureFit.Fit(new Source(() => { }) { Bad = isBad ? 7 : -1 }, options)));
        foreach (var reads in (int[])[0, 40])
        {
            using var cancellation = new CancellationTokenSource();
            report.WriteLine(End(() => MixtureFit.Fit(new Source(cancellation.Cancel) { Reads = isBad ? reads : int.MaxValue }, options, cancellation.Token)));
        }
        report.WriteLine(End(() => MixtureFit.Fit(Fits.Part(world), options with { MaxIterations = 2 })));
    }

    private static string End(Func<FitResult> fit)
    {
        try
        {
            var result = fit();
            return $"{result.Status} {result.Failure}".TrimEnd();
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    // Acts after a number of reads, on whatever thread reads.
    private sealed class Source(Action act) : PointSource<double>
    {
        private int _reads;

        public int Reads { get; init; } = int.MaxValue;

        public long Bad { get; init; } = -1;

        public override long PointCount => 2_000;

        public override int Dimension => 3;

        public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
        {
            if (Interlocked.Increment(ref _reads) == Reads + 1) act();
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < 3; j++) scratch[3 * i + j] = first + i == Bad ? double.NaN : Math.Sin((first + i) * (j + 1));
            }
            return scratch[..(3 * count)];
        }
    }
}
