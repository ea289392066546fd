using System.Diagnostics.Metrics;
using ScoringService.Models;

namespace ScoringService.Host;

/// <summary>Publishes what the service does, by model. Names of requests never become attributes, only names of files, so their number is bounded.</summary>
internal sealed class ServiceMetrics : IDisposable
{
    public const string MeterName = "Gmm.Fast.Service";

    private const string ModelKey = "gmm.model.name";
    private const string OutcomeKey = "gmm.load.outcome";
    private const string StateKey = "gmm.model.state";
    private const string Nats = "{nat}";
    private const string RowUnit = "{row}";

    private readonly Meter _meter;
    private readonly Counter<long> _rows;
    private readonly Counter<long> _outliers;
    private readonly Counter<long> _outOfModel;
    private readonly Histogram<int> _batches;
    private readonly Counter<long> _loads;

    public ServiceMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _rows = _meter.CreateCounter<long>("gmm.service.rows", RowUnit, "Rows scored.");
        _outliers = _meter.CreateCounter<long>("gmm.service.outlier.rows", RowUnit, "Rows as unlikely as the share Scoring:Anomaly of the rows of the fit.");
        _outOfModel = _meter.CreateCounter<long>("gmm.service.out_of_model.rows", RowUnit, "Rows less likely than every row of the fit.");
        _batches = _meter.CreateHistogram<int>("gmm.service.batch.size", RowUnit, "Rows of a request.", advice: new InstrumentAdvice<int>
        {
            HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384],
        });
        _loads = _meter.CreateCounter<long>("gmm.service.model.loads", "{load}", "Files of models that were read, could not be used, or are gone.");
    }

    /// <summary>Publishes what is read from the models when somebody asks.</summary>
    public void Observe(Func<IEnumerable<ModelEntry>> entries)
    {
        _meter.CreateObservableGauge("gmm.service.log_density.mean", () => Served(entries, (_, recent) => recent.Mean), Nats,
            "Mean log-density of recent rows.");
        _meter.CreateObservableGauge("gmm.service.log_density.drift", () => Served(entries, (model, recent) => recent.Mean - model.TrainingMean), Nats,
            "Mean log-density of recent rows less that of the rows of the fit.");
        _meter.CreateObservableGauge("gmm.service.out_of_model.share", () => Served(entries, (_, recent) => recent.OutOfModelShare), "1",
            "Share of recent rows that are less likely than every row of the fit.");
        _meter.CreateObservableGauge("gmm.service.outlier.share", () => Served(entries, (_, recent) => recent.OutlierShare), "1",
            "Share of recent rows as unlikely as the share Scoring:Anomaly of the rows of the fit.");
        _meter.CreateObservableGauge("gmm.service.model.state", () => entries().Select(entry => new Measurement<int>(
            1, new(ModelKey, entry.Name), new(StateKey, entry.State))), "1", "1 for the state of each model: serving, stale or broken.");
    }

    public void Scored(string model, in ScoreSums sums)
    {
        var tag = new KeyValuePair<string, object?>(ModelKey, model);
        _rows.Add(sums.Rows, tag);
        if (sums.Outliers > 0) _outliers.Add(sums.Outliers, tag);
        if (sums.OutOfModel > 0) _outOfModel.Add(sums.OutOfModel, tag);
        _batches.Record((int)sums.Rows, tag);
    }

    public void ModelLoaded(string name) => Load(name, "loaded");

    public void ModelBroken(string name) => Load(name, "broken");

    public void ModelRemoved(string name) => Load(name, "removed");

    public void Dispose() => _meter.Dispose();

    private void Load(string name, string outcome) => _loads.Add(1, new(ModelKey, name), new(OutcomeKey, outcome));

    private static IEnumerable<Measurement<double>> Served(Func<IEnumerable<ModelEntry>> entries, Func<LoadedModel, ScoreSums, double?> value)
    {
        foreach (var entry in entries())
        {
            if (entry.Model is { } model && value(model, model.Recent.Read()) is { } measured)
                yield return new Measurement<double>(measured, new KeyValuePair<string, object?>(ModelKey, entry.Name));
        }
    }
}
