using Gmm.Fast.Internals;

namespace Gmm.Fast.Tests.Internals;

/// <summary>Checks that a team does every part once, with any number of helpers, and throws failures again.</summary>
[Collection(nameof(Alone))]
public class WorkTeamTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    // Workers, and microseconds that a helper waits for the next run.
    public static TheoryData<int, int> Teams() => new(Enumerable.Range(1, 8).SelectMany(size => new[] { (size, 0), (size, 20), (size, 1000) }));

    [Theory]
    [MemberData(nameof(Teams))]
    public void EveryPartIsDoneOnce(int size, int patience)
    {
        var parts = new Parts(300);
        using var team = Team(size, patience);
        for (var run = 1; run <= 300; run++)
        {
            parts.Begin();
            team.Run(size, parts.Work);
            Assert.All(parts.Done, done => Assert.Equal(run, done));
        }
    }

    [Theory]
    [MemberData(nameof(Teams))]
    public void NoMoreWorkersThanAskedAreAtWorkAndEachHasANumberOfItsOwn(int size, int patience)
    {
        var working = new int[size];
        var (asked, atWork, most) = (0, 0, 0);
        var parts = new Parts(40)
        {
            OnPart = (worker, _) =>
            {
                Assert.InRange(worker, 0, asked - 1);
                Assert.Equal(1, Interlocked.Increment(ref working[worker]));
                var now = Interlocked.Increment(ref atWork);
                for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most)) Interlocked.CompareExchange(ref most, now, seen);
                Thread.SpinWait(200);
                Interlocked.Decrement(ref atWork);
                Interlocked.Decrement(ref working[worker]);
            },
        };
        using var team = Team(size, patience);
        for (var run = 0; run < 200; run++)
        {
            // Runs of all sizes in turn: helpers of a large one that wait for the next stay out of a small one.
            asked = size - run % size;
            parts.Begin();
            team.Run(asked, parts.Work);
            Assert.Equal(0, Volatile.Read(ref atWork));
        }
        Assert.InRange(most, 1, size);
    }

    [Fact]
    public void HelpersComeAndAreWaitedFor()
    {
        // The caller does not go on until another is there, and is done long before it.
        using var helped = new ManualResetEventSlim();
        var (begun, ended) = (0, 0);
        using var team = new WorkTeam(3);
        for (var run = 0; run < 5; run++)
        {
            helped.Reset();
            team.Run(3, Work);
            Assert.Equal(Volatile.Read(ref begun), Volatile.Read(ref ended));
        }

        void Work(int worker)
        {
            if (worker == 0)
            {
                Assert.True(helped.Wait(s_patience), "nobody came");
                return;
            }
            Interlocked.Increment(ref begun);
            helped.Set();
            Thread.Sleep(20);
            Interlocked.Increment(ref ended);
        }
    }

    [Fact]
    public void AHelperThatWaitsForTheNextRunNeedsNoThreadPool()
    {
        using var helped = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        using var blocked = new CountdownEvent(2000);
        using var team = new WorkTeam(2, TimeSpan.FromHours(1));
        team.Run(2, Work);
        for (var i = 0; i < 2000; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ =>
            {
                release.Wait();
                blocked.Signal();
            }, null);
        }
        var runs = 0;
        var came = true;
        for (; runs < 50 && came; runs++)
        {
            helped.Reset();
            team.Run(2, Work);
        }
        release.Set();
        Assert.True(blocked.Wait(s_patience));
        Assert.True(came, $"nobody came to run {runs}");

        void Work(int worker)
        {
            if (worker == 0) came = helped.Wait(s_patience);
            else helped.Set();
        }
    }

    [Fact]
    public void AHelperThatWaitsForTheNextRunLeavesAtOnceWhenThereIsNone()
    {
        using var helped = new ManualResetEventSlim();
        using var free = new ManualResetEventSlim();
        var helper = 0;
        using (var team = new WorkTeam(2, TimeSpan.FromHours(1)))
        {
            team.Run(2, Work);
        }

        // More than the pool has threads for: every thread without work takes one.
        using var release = new ManualResetEventSlim();
        using var blocked = new CountdownEvent(2000);
        for (var i = 0; i < 2000; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ =>
            {
                if (Environment.CurrentManagedThreadId == helper) free.Set();
                release.Wait();
                blocked.Signal();
            }, null);
        }
        var left = free.Wait(s_patience);
        release.Set();
        Assert.True(blocked.Wait(s_patience));
        Assert.True(left, "the helper is still there");

        void Work(int worker)
        {
            if (worker == 0)
            {
                Assert.True(helped.Wait(s_patience), "nobody came");
                return;
            }
            helper = Environment.CurrentManagedThreadId;
            helped.Set();
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(4, true)]
    [InlineData(4, false)]
    public void AFailureComesOutOnceAndTheTeamGoesOn(int size, bool ofTheCaller)
    {
        var fails = true;
        using var failed = new ManualResetEventSlim();
        var parts = new Parts(50)
        {
            OnPart = (worker, part) =>
            {
                if (!fails) return;
                if (worker == 0 == ofTheCaller)
                {
                    failed.Set();
                    throw new IOException($"part {part}");
                }

                // Leave the failure to the other kind of worker.
                Assert.True(failed.Wait(s_patience), "nobody came");
            },
        };
        using var team = new WorkTeam(size);
        for (var round = 0; round < 10; round++)
        {
            fails = true;
            failed.Reset();
            parts.Begin();
            Assert.StartsWith("part ", Assert.Throws<IOException>(() => team.Run(size, parts.Work)).Message);

            fails = false;
            Array.Clear(parts.Done);
            parts.Begin();
            team.Run(size, parts.Work);
            Assert.All(parts.Done, done => Assert.Equal(1, done));
        }
    }

    [Fact]
    public void AThreadPoolWithoutThreadsToSpareDoesNotHoldTheCallerUp()
    {
        using var release = new ManualResetEventSlim();
        using var blocked = new CountdownEvent(2000);
        for (var i = 0; i < 2000; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ =>
            {
                release.Wait();
                blocked.Signal();
            }, null);
        }

        var workers = new HashSet<int>();
        var parts = new Parts(50) { OnPart = (worker, _) => { lock (workers) workers.Add(worker); } };
        using var team = Team(4, 100);
        var caller = new Thread(() =>
        {
            for (var run = 0; run < 100; run++)
            {
                parts.Begin();
                team.Run(4, parts.Work);
            }
        });
        caller.Start();
        var finished = caller.Join(s_patience);
        release.Set();
        Assert.True(blocked.Wait(s_patience));
        Assert.True(finished, "the caller waits for helpers that cannot come");
        Assert.Equal([0], workers);
        Assert.All(parts.Done, done => Assert.Equal(100, done));

        // The calls of those runs reach the pool only now, and do no harm.
        Array.Clear(parts.Done);
        parts.Begin();
        team.Run(4, parts.Work);
        Assert.All(parts.Done, done => Assert.Equal(1, done));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void ARunAllocatesNothing(int size)
    {
        var parts = new Parts(20);
        using var team = Team(size, 100);
        Action<int> work = parts.Work;

        // The queue of the pool grows in the first runs.
        var allocated = long.MaxValue;
        for (var round = 0; round < 30 && allocated > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var run = 0; run < 100; run++)
            {
                parts.Begin();
                team.Run(size, work);
            }
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.Equal(0, allocated);
    }

    private static WorkTeam Team(int size, int microseconds) => new(size, TimeSpan.FromMicroseconds(microseconds));

    // Work that hands itself out, and counts.
    private sealed class Parts(int count)
    {
        private int _next;

        public int[] Done { get; } = new int[count];

        public Action<int, int>? OnPart { get; init; }

        public void Begin() => _next = 0;

        public void Work(int worker)
        {
            for (var part = Interlocked.Increment(ref _next) - 1; part < count; part = Interlocked.Increment(ref _next) - 1)
            {
                OnPart?.Invoke(worker, part);
                Interlocked.Increment(ref Done[part]);
            }
        }
    }
}
