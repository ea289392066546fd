using System.Runtime.ExceptionServices;

namespace Gmm.Fast.Tests;

/// <summary>Runs the processes of one fit as threads of this one, with sums in the order of the ranks.</summary>
internal sealed class Ranks(int count)
{
    private readonly Barrier _barrier = new(count);
    private readonly double[]?[] _parts = new double[]?[count];
    private int _exchanges;

    /// <summary>Exchanges of rank 0.</summary>
    public int Exchanges => _exchanges;

    /// <summary>Runs one body per rank on a thread of its own; fails where they wait for each other.</summary>
    public static TResult[] Run<TResult>(int count, Func<int, ICommunicator, TResult> body, int milliseconds = 60_000) =>
        [.. Try(count, body, milliseconds).Select(end =>
        {
            if (end.Failure is { } failure) ExceptionDispatchInfo.Throw(failure);
            return end.Result!;
        })];

    /// <summary>Runs one body per rank and tells how each ended.</summary>
    public static (TResult? Result, Exception? Failure)[] Try<TResult>(int count, Func<int, ICommunicator, TResult> body, int milliseconds = 60_000)
    {
        var ranks = new Ranks(count);
        var ends = new (TResult?, Exception?)[count];
        var threads = Enumerable.Range(0, count).Select(rank => new Thread(() => ends[rank] = End(rank))).ToArray();
        foreach (var thread in threads)
        {
            thread.IsBackground = true;
            thread.Start();
        }
        foreach (var thread in threads) Assert.True(thread.Join(milliseconds), "the ranks wait for each other");
        return ends;

        (TResult?, Exception?) End(int rank)
        {
            try
            {
                return (body(rank, new Member(ranks, rank, count)), null);
            }
            catch (Exception e)
            {
                return (default, e);
            }
        }
    }

    private sealed class Member(Ranks ranks, int rank, int count) : ICommunicator
    {
        public int Rank => rank;

        public int Count => count;

        public void AllReduce(Span<double> values)
        {
            ranks._parts[rank] = values.ToArray();
            ranks._barrier.SignalAndWait();
            Assert.All(ranks._parts, part => Assert.Equal(ranks._parts[0]!.Length, part!.Length));
            for (var i = 0; i < values.Length; i++)
            {
                double sum = 0;
                foreach (var part in ranks._parts) sum += part![i];
                values[i] = sum;
            }
            if (rank == 0) ranks._exchanges++;
            ranks._barrier.SignalAndWait();
        }
    }
}
