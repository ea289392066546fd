using System.Diagnostics.Metrics;

namespace Gmm.Fast.Tests;

/// <summary>Listens to the meter of the engine. Alone, because every fit and every batch of the process is counted.</summary>
[Collection(nameof(Alone))]
public class EngineMeterTests
{
    private static readonly double[] s_rows = [.. Enumerable.Range(0, 600).Select(i => i * 7919 % 101 + i % 3 * 40.0)];

    public EngineMeterTests() => EngineMeter.Publish();

    [Fact]
    public void AFitRecordsItsTimeAndIterations()
    {
        using var heard = new Heard();
        var fit = Fit(new FitOptions { Components = 2, Stop = StopRule.FixedCount, MaxIterations = 7 });
        Assert.Equal([("gmm.fit.iterations", 7.0, "full", "maxIterations")], heard.Of("gmm.fit.iterations"));
        var (_, seconds, covariance, status) = Assert.Single(heard.Of("gmm.fit.duration"));
        Assert.InRange(seconds, double.Epsilon, 60);
        Assert.Equal(("full", "maxIterations"), (covariance, status));

        Fit(new FitOptions { Components = 2, Stop = StopRule.FixedCount, MaxIterations = 3, ContinueFrom = fit });
        Assert.Equal(3, heard.Of("gmm.fit.iterations")[1].Value);
    }

    [Fact]
    public void TheMeterIsPublishedOnce()
    {
        EngineMeter.Publish();
        using var heard = new Heard();
        Fit(new FitOptions { Components = 2 }).Model.Labels(new Points(s_rows, 3), new int[200]);
        Assert.Single(heard.Of("gmm.fit.duration"));
        Assert.Single(heard.Of("gmm.score.points"));
    }

    [Fact]
    public void ASelectionRecordsEachOfItsFits()
    {
        using var heard = new Heard();
        ModelSelection.Run(new Points(s_rows, 3), new SelectionOptions { Components = [1, 2], CovarianceTypes = [CovarianceType.Diagonal, CovarianceType.Spherical] });
        Assert.True(heard.Of("gmm.fit.duration").Length >= 4);
    }

    [Fact]
    public void BatchesCountTheirPointsAndSinglePointsNothing()
    {
        var model = Fit(new FitOptions { Components = 2 }).Model;
        using var heard = new Heard();
        model.Labels(new Points(s_rows, 3), new int[200], maxDegreeOfParallelism: 1);
        model.LogDensities(new Points(s_rows, 3), new double[200], maxDegreeOfParallelism: 2);
        model.LogDensity(s_rows.AsSpan(0, 3));
        model.Label(s_rows.AsSpan(0, 3));
        Assert.Equal([200.0, 200.0], heard.Of("gmm.score.points").Select(measured => measured.Value));
    }

    [Fact]
    public void ListeningAllocatesNothing()
    {
        var model = Fit(new FitOptions { Components = 2 }).Model;
        var labels = new int[200];
        var alone = Allocated();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => { });
        listener.Start();
        Assert.Equal(alone, Allocated());

        long Allocated()
        {
            for (var i = 0; i < 100; i++) model.Labels(new Points(s_rows, 3), labels, maxDegreeOfParallelism: 1);

            // The least of some rounds: a collection that another test causes counts what is left of the thread's allocation context.
            var least = long.MaxValue;
            for (var round = 0; round < 5; round++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < 100; i++) model.Labels(new Points(s_rows, 3), labels, maxDegreeOfParallelism: 1);
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }
            return least;
        }
    }

    private static FitResult Fit(FitOptions options) => MixtureFit.Fit(new Points(s_rows, 3), options);

    private sealed class Heard : IDisposable
    {
        private readonly List<(string Name, double Value, string? Covariance, string? Status)> _measured = [];
        private readonly MeterListener _listener = new();

        public Heard()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == EngineMeter.Name) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.Start();
        }

        public (string Name, double Value, string? Covariance, string? Status)[] Of(string name)
        {
            lock (_measured) return [.. _measured.Where(measured => measured.Name == name)];
        }

        public void Dispose() => _listener.Dispose();

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string? covariance = null, status = null;
            foreach (var (key, tag) in tags)
            {
                if (key == "gmm.covariance.type") covariance = (string?)tag;
                if (key == "gmm.fit.status") status = (string?)tag;
            }
            lock (_measured) _measured.Add((instrument.Name, value, covariance, status));
        }
    }
}
