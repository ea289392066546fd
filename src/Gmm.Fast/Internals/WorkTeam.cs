using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Gmm.Fast.Internals;

/// <summary>
/// Pieces of work, one after the other, each done by the calling thread and, as far as the thread pool has threads to spare, by others. The work
/// hands itself out in parts, so the caller alone gets it done where nobody comes; it waits only for those who came. Who came stays a moment for the
/// next piece, until the team is disposed of: to wake a thread takes as long as a pass over a few thousand points. A run allocates nothing but
/// helpers that none before it needed, where <see cref="Parallel"/> allocates each time.
/// </summary>
internal sealed class WorkTeam : IDisposable
{
    // The bit of _state beside the number of helpers at work.
    private const int Open = 1 << 30;

    // The serial part of an iteration of a problem small enough to gain by it is shorter.
    private static readonly TimeSpan s_patience = TimeSpan.FromMicroseconds(100);

    private readonly long _patience;
    private Helper[] _helpers = [];
    private Action<int>? _work;
    private int _workers;
    private int _state;
    private volatile int _run;
    private volatile bool _isOver;
    private ExceptionDispatchInfo? _failure;

    /// <summary>A team whose helpers wait only where each worker has a processor: elsewhere who waits may hold up who works.</summary>
    /// <param name="size">Workers at most, the caller included.</param>
    public WorkTeam(int size)
        : this(size, size <= Environment.ProcessorCount ? s_patience : TimeSpan.Zero)
    {
    }

    /// <param name="size">Workers at most, the caller included.</param>
    /// <param name="patience">How long a helper waits for the next run, at its processor.</param>
    public WorkTeam(int size, TimeSpan patience)
    {
        Size = size;
        _patience = (long)(patience.TotalSeconds * Stopwatch.Frequency);
    }

    /// <summary>Workers at most, the caller included.</summary>
    public int Size { get; }

    /// <summary>
    /// Runs <paramref name="work"/> to its end with up to <paramref name="workers"/> workers; the first exception of any of them is thrown again. It is
    /// called with the worker's number, from 0, returns when no part is left, and may be called again after that.
    /// </summary>
    public void Run(int workers, Action<int> work)
    {
        Debug.Assert(workers <= Size && _state == 0);
        if (workers == 1)
        {
            work(0);
            return;
        }
        for (var i = _helpers.Length; i < workers - 1; i++) _helpers = [.. _helpers, new Helper(this, i + 1)];
        (_work, _workers, _failure) = (work, workers, null);
        Interlocked.Or(ref _state, Open);
        Interlocked.Increment(ref _run);
        for (var i = 0; i < workers - 1; i++) _helpers[i].Call();
        Do(0);
        Interlocked.And(ref _state, ~Open);

        // What the others still do is one part each, and parts are small.
        var spin = new SpinWait();
        while (Volatile.Read(ref _state) > 0) spin.SpinOnce(sleep1Threshold: -1);
        _failure?.Throw();
    }

    /// <summary>Sends away who waits for the next run.</summary>
    public void Dispose() => _isOver = true;

    // False where there is no run to join.
    private bool TryJoin()
    {
        for (var state = Volatile.Read(ref _state); (state & Open) != 0; state = Volatile.Read(ref _state))
        {
            if (Interlocked.CompareExchange(ref _state, state + 1, state) == state) return true;
        }
        return false;
    }

    private void Do(int worker)
    {
        try
        {
            _work!(worker);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
        }
    }

    private sealed class Helper(WorkTeam team, int worker) : IThreadPoolWorkItem
    {
        private const int Away = 0;
        private const int Called = 1;
        private const int Here = 2;

        private int _place;

        // A helper that is here, or never got its turn in an earlier run and is still on its way, comes by itself.
        public void Call()
        {
            if (Interlocked.CompareExchange(ref _place, Called, Away) == Away) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        public void Execute()
        {
            Volatile.Write(ref _place, Here);
            do
            {
                int run;
                do
                {
                    run = team._run;
                    Help();
                }
                while (AnotherBegins(run));

                // The caller counts the run, then looks who is here; here it is the other way round, so that one of the two sees the other.
                Interlocked.Exchange(ref _place, Away);
                if (run == team._run) return;
            }
            while (Interlocked.CompareExchange(ref _place, Here, Away) == Away);
        }

        private void Help()
        {
            if (!team.TryJoin()) return;

            // Now the run lasts until this helper has left it.
            if (worker < team._workers) team.Do(worker);
            Interlocked.Decrement(ref team._state);
        }

        private bool AnotherBegins(int run)
        {
            const int Spins = 8;
            var begun = Stopwatch.GetTimestamp();
            while (run == team._run)
            {
                if (team._isOver || Stopwatch.GetTimestamp() - begun >= team._patience) return false;
                Thread.SpinWait(Spins);
            }
            return true;
        }
    }
}
