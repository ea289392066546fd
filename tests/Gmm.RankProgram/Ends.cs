using System.Globalization;
using Gmm.Distributed;

namespace Gmm.RankProgram;

/// <summary>Ends in other ways than with the others, which wait for this rank in an exchange.</summary>
internal static class Ends
{
    public static void Throw(MpiCommunicator world)
    {
        if (world.Rank == 1) throw new IOException("the disk is gone");
        WaitForTheOthers(world);
    }

    public static void Abort(MpiCommunicator world)
    {
        if (world.Rank == 1) world.Abort(7);
        WaitForTheOthers(world);
    }

    /// <summary>Writes the number of the process, and waits to be killed.</summary>
    public static void Wait(MpiCommunicator world, TextWriter report)
    {
        report.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}"));
        if (world.Rank == 1) Thread.Sleep(Timeout.Infinite);
        WaitForTheOthers(world);
    }

    private static void WaitForTheOthers(MpiCommunicator world) => world.AllReduce([1]);
}
