using System.Globalization;
using Gmm.Distributed;
using Gmm.RankProgram;

// FOLDER MODE: one process of a job that the tests start. It writes what it found to FOLDER/RANK.txt.
if (args[1] == "example")
{
    Example.Run();
    return 0;
}
using var world = MpiCommunicator.World();
using var report = new StreamWriter(Path.Combine(args[0], string.Create(CultureInfo.InvariantCulture, $"{world.Rank}.txt"))) { AutoFlush = true };
switch (args[1])
{
    case "sums": Sums.Run(world, report); break;
    case "fits": Fits.Run(world, report); break;
    case "failures": Failures.Run(world, report); break;
    case "throw": Ends.Throw(world); break;
    case "abort": Ends.Abort(world); break;
    case "wait": Ends.Wait(world, report); break;
    default: throw new ArgumentException($"there is no mode {args[1]}");
}
return 0;
