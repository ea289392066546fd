namespace Gmm.Bench.Race;

/// <summary>What the runs of one system on one set, with one number of threads, needed to arrive.</summary>
/// <param name="Runs">Rounds from one start, or starts.</param>
internal sealed record RaceArrivals(IReadOnlyList<RaceRun> Runs)
{
    /// <summary>The names of the targets, as columns have them, and in words.</summary>
    public static IReadOnlyList<(string Column, string Words)> Targets { get; } =
        [("1e-2", "within 1e-2"), ("1e-3", "within 1e-3"), ("noise", "within 1 % of P/(2N)"), ("converged", "converged")];

    public string Set => Runs[0].Set;

    public string System => Runs[0].System;

    public int Threads => Runs[0].Threads;

    /// <summary>Whether the system is this engine.</summary>
    public bool IsOurs => IsOurName(System);

    public static bool IsOurName(string system) => system.StartsWith("gmm-fast", StringComparison.Ordinal);

    public double Median(Func<RaceRun, double> of) =>
        Runs.Select(of).Where(value => !double.IsNaN(value)).ToList() is { Count: > 0 } values ? Timing.Median(values) : double.NaN;

    /// <summary>Median seconds to a target, of runs that arrive; NaN where none does.</summary>
    public double Seconds(string target) => Median(run => run.Number($"to_{target}"));

    /// <summary>The share of runs that arrive.</summary>
    public double Share(string target) => Runs.Count(run => HasArrived(run, target)) / (double)Runs.Count;

    /// <summary>Seconds until one start arrives, where starts are tried one after the other to their ends; NaN where none arrives.</summary>
    public double Expected(string target)
    {
        var arrived = Runs.Count(run => HasArrived(run, target));
        return arrived == 0 ? double.NaN : Runs.Sum(run => run.Number(HasArrived(run, target) ? $"to_{target}" : "seconds")) / arrived;
    }

    private static bool HasArrived(RaceRun run, string target) => !double.IsNaN(run.Number($"to_{target}"));
}
