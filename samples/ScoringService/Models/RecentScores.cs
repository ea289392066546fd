namespace ScoringService.Models;

/// <summary>Holds sums over scored rows.</summary>
internal record struct ScoreSums
{
    /// <summary>The number of rows.</summary>
    public long Rows { get; set; }

    /// <summary>The number of rows in <see cref="LogDensity"/>: those without gaps and within reach of a component.</summary>
    public long Measured { get; set; }

    /// <summary>The sum of log-densities, in nats.</summary>
    public double LogDensity { get; set; }

    /// <summary>The number of rows that were compared with those of the fit: those without gaps, where the model has quantiles.</summary>
    public long Compared { get; set; }

    /// <summary>The number of compared rows that are among the most unlikely ones.</summary>
    public long Outliers { get; set; }

    /// <summary>The number of compared rows that are less likely than every row of the fit.</summary>
    public long OutOfModel { get; set; }

    /// <summary>The mean log-density, in nats; null without rows.</summary>
    public readonly double? Mean => Measured > 0 ? LogDensity / Measured : null;

    /// <summary>The share of outliers; null without rows.</summary>
    public readonly double? OutlierShare => Compared > 0 ? Outliers / (double)Compared : null;

    /// <summary>The share of rows out of the model; null without rows.</summary>
    public readonly double? OutOfModelShare => Compared > 0 ? OutOfModel / (double)Compared : null;

    public void Add(in ScoreSums other)
    {
        Rows += other.Rows;
        Measured += other.Measured;
        LogDensity += other.LogDensity;
        Compared += other.Compared;
        Outliers += other.Outliers;
        OutOfModel += other.OutOfModel;
    }
}

/// <summary>Sums the scores of the last minutes: a ring of slots, each of which begins anew when its time comes round.</summary>
/// <param name="window">The time that is summed over, one slot more or less.</param>
/// <param name="clock">The clock.</param>
internal sealed class RecentScores(TimeSpan window, TimeProvider clock)
{
    private const int Slots = 12;

    private readonly Lock _gate = new();
    private readonly (long Period, ScoreSums Sums)[] _slots = new (long, ScoreSums)[Slots];
    private readonly long _start = clock.GetTimestamp();

    private long Period => (long)(clock.GetElapsedTime(_start) / window * Slots);

    /// <summary>Adds the sums of a request.</summary>
    public void Add(in ScoreSums sums)
    {
        lock (_gate)
        {
            var period = Period;
            ref var slot = ref _slots[period % Slots];
            if (slot.Period != period) slot = (period, default);
            slot.Sums.Add(sums);
        }
    }

    /// <summary>Gives the sums of the window.</summary>
    public ScoreSums Read()
    {
        var total = new ScoreSums();
        lock (_gate)
        {
            var period = Period;
            foreach (var slot in _slots)
            {
                if (period - slot.Period < Slots) total.Add(slot.Sums);
            }
        }
        return total;
    }
}
