using System.Diagnostics.Metrics;

namespace Gmm.Fast.Internals;

/// <summary>Records to the instruments of a meter.</summary>
internal sealed class EngineInstruments : EngineRecorder
{
    private const string CovarianceKey = "gmm.covariance.type";
    private const string StatusKey = "gmm.fit.status";

    private readonly Counter<long> _points;
    private readonly Histogram<double> _durations;
    private readonly Histogram<int> _iterations;

    public EngineInstruments(string meterName)
    {
        var meter = new Meter(meterName);
        _points = meter.CreateCounter<long>("gmm.score.points", "{point}", "Points scored in batches.");
        _durations = meter.CreateHistogram<double>("gmm.fit.duration", "s", "Duration of fits.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.001, 0.01, 0.1, 1, 10, 60, 600, 3600, 36000],
        });
        _iterations = meter.CreateHistogram<int>("gmm.fit.iterations", "{iteration}", "Iterations of fits.", advice: new InstrumentAdvice<int>
        {
            HistogramBucketBoundaries = [1, 3, 10, 30, 100, 300, 1000, 3000],
        });
    }

    public override void Scored(long points) => _points.Add(points);

    public override void Fitted(TimeSpan duration, int iterations, string covariance, string status)
    {
        _durations.Record(duration.TotalSeconds, new(CovarianceKey, covariance), new(StatusKey, status));
        _iterations.Record(iterations, new(CovarianceKey, covariance), new(StatusKey, status));
    }
}
