using System.Runtime.CompilerServices;
using Gmm.Distributed;

namespace Gmm.RankProgram;

/// <summary>Sums numbers over all ranks.</summary>
internal static class Sums
{
    public static void Run(MpiCommunicator world, TextWriter report)
    {
        report.WriteLine($"rank {world.Rank} of {world.Count}");
        report.WriteLine($"a library with a name: {world.Library.Length > 0}");
        report.WriteLine($"whole numbers: {WholeNumbersAreExact(world, 1 << 23)}");
        report.WriteLine($"whole numbers in pieces: {WholeNumbersAreExact(world, 2)}");
        foreach (var length in (int[])[0, 1, 7, 1_000, 100_000])
        {
            var values = Numbers(world.Rank, length);
            world.AllReduce(values);
            report.WriteLine($"{length} numbers: {Bits.Of(values)}");
        }

        // Libraries that handle signals themselves take this one from .NET.
        report.WriteLine($"null: {NullIsAnException(null)}");

        // The number of another thread, as long as one at a time calls.
        var other = new Thread(() => report.WriteLine($"another thread: {WholeNumbersAreExact(world, 1 << 23)}"));
        other.Start();
        other.Join();

        world.Dispose();
        report.WriteLine(Message(() => world.AllReduce([1])));
        report.WriteLine(Message(() => MpiCommunicator.World()));
    }

    private static bool WholeNumbersAreExact(MpiCommunicator world, int most)
    {
        double[] values = [1, world.Rank, Math.ScaleB(1, 50 - world.Rank)];
        world.AllReduce(values, most);
        var ranks = Enumerable.Range(0, world.Count).ToArray();
        return values.SequenceEqual([world.Count, ranks.Sum(), ranks.Sum(rank => Math.ScaleB(1, 50 - rank))]);
    }

    // Of many magnitudes and both signs, so that sums depend on the order of addition.
    private static double[] Numbers(int rank, int length)
    {
        var random = new Random(1 + rank);
        return [.. Enumerable.Range(0, length).Select(_ => (random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(60)))];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string NullIsAnException(string? text)
    {
        try
        {
            return $"{text!.Length}";
        }
        catch (NullReferenceException e)
        {
            return e.GetType().Name;
        }
    }

    private static string Message(Action act)
    {
        try
        {
            act();
            return "no exception";
        }
        catch (InvalidOperationException e)
        {
            return e.Message.Split('\n')[0];
        }
    }
}
