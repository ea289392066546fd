using System.Text;
using Gmm.Fast;

namespace Gmm.Cli.Ranks;

/// <summary>
/// Shares the processors of a machine among the ranks on it. Launchers bind ranks to processors of their own, or leave all of them to each rank; ranks
/// with the same machine and the same set of processors share that set.
/// </summary>
internal static class RankThreads
{
    private const string Status = "/proc/self/status";
    private const string Allowed = "Cpus_allowed_list:";

    /// <summary>Gives the number of threads of this rank, at least 1. All ranks call it.</summary>
    public static int Of(ICommunicator communicator) => Of(communicator, Key(), Environment.ProcessorCount);

    /// <summary>Gives the number of threads of a rank, at least 1.</summary>
    /// <param name="communicator">What joins the ranks.</param>
    /// <param name="key">A number that is the same in ranks with the same processors.</param>
    /// <param name="processors">How many these are.</param>
    internal static int Of(ICommunicator communicator, uint key, int processors)
    {
        var keys = new double[communicator.Count];
        keys[communicator.Rank] = key;
        communicator.AllReduce(keys);
        return Math.Max(1, processors / keys.Count(other => other == key));
    }

    /// <summary>Gives a number that is the same in ranks on the same machine.</summary>
    public static uint Machine() => Hash(Environment.MachineName);

    private static uint Key()
    {
        var allowed = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Allowed, StringComparison.Ordinal)) : null;
        return Hash($"{Environment.MachineName} {allowed}");
    }

    // FNV-1a, as hashes of strings differ from process to process.
    private static uint Hash(string text)
    {
        var hash = 2166136261;
        foreach (var b in Encoding.UTF8.GetBytes(text)) hash = (hash ^ b) * 16777619;
        return hash;
    }
}
