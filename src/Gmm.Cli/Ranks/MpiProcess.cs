using Gmm.Distributed;

namespace Gmm.Cli.Ranks;

/// <summary>Runs the tool as one of the processes that mpirun starts.</summary>
internal static class MpiProcess
{
    public const string Option = "--mpi";

    /// <summary>
    /// Tells whether the command line asks for it. It is known before anything is parsed, so that what is wrong with the command line is said once.
    /// </summary>
    public static bool IsAsked(string[] args) => args.Contains(Option);

    /// <summary>
    /// Keeps .NET from writing escape sequences to the terminal that mpirun puts before a process, from where they come into the output of the job.
    /// </summary>
    public static void KeepTerminal() => Environment.SetEnvironmentVariable("TERM", "dumb");

    /// <summary>Runs a command line in all processes.</summary>
    public static int Run(string[] args, StandardStreams streams)
    {
        MpiCommunicator world;
        try
        {
            world = MpiCommunicator.World();
        }
        catch (MpiException e)
        {
            streams.Complain(e.Message);
            return ExitCode.Input;
        }
        using (world)
        {
            try
            {
                var ranks = new CommandRanks(world, world.Abort, streams);
                return Program.Run(args, ranks.Streams, CancellationToken.None, ranks);
            }
            catch (MpiException e)
            {
                // Ranks that do not hear each other do not end together.
                streams.Complain($"rank {world.Rank}: {e.Message}");
                world.Abort(ExitCode.Input);
                throw;
            }
        }
    }
}
