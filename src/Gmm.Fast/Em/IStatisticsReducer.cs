namespace Gmm.Fast;

/// <summary>
/// Joins the statistics of several processes that fit one model together, each on its own part of the data. All of them start from the same
/// initial model, call this once after every pass over their data, and go on with the same sums, so they stay in step.
/// </summary>
public interface IStatisticsReducer
{
    /// <summary>Replaces <see cref="SufficientStatistics.Values"/> by the sum over all processes, the same bits in each of them.</summary>
    void AllReduce(SufficientStatistics statistics);
}
