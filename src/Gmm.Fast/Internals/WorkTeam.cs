using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Gmm.Fast.Internals;

/// <summary>
/// Runs work, one run after the other, on the calling thread and on threads of the pool where it has some free. The work hands itself out in
/// parts, so the caller alone completes a run without helpers, and waits only for helpers that joined it. A helper spins a moment for the next run
/// before it returns to the pool, since waking a thread is slow. A run allocates only helpers that no earlier run needed;
/// <see cref="Parallel"/> allocates each time.
/// </summary>
internal sealed unsafe class WorkTeam : IDisposable
{
    // The bit of _state that says that helpers may join; the other bits count the helpers at work.
    private const int Open = 1 << 30;

    // More threads than processors gain nothing, and each has memory of its own.
    private const int Most = 250;

    // Longer than the serial part of an iteration of a small problem.
    private static readonly TimeSpan s_patience = TimeSpan.FromMicroseconds(100);

    private readonly long _patience;
    private Helper[] _helpers = [];
    private AlignedBuffer<byte>?[] _memory = [];
    private Action<int>? _work;
    private int _workers;
    private int _state;
    private volatile int _run;
    private volatile bool _isOver;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Makes a team whose helpers spin only where each worker has a processor: elsewhere they may delay workers.</summary>
    /// <param name="size">Workers at most, the caller included.</param>
    public WorkTeam(int size)
        : this(size, size <= Environment.ProcessorCount ? s_patience : TimeSpan.Zero)
    {
    }

    /// <summary>Makes a team.</summary>
    /// <param name="size">Workers at most, the caller included.</param>
    /// <param name="patience">The time that a helper spins for the next run.</param>
    public WorkTeam(int size, TimeSpan patience)
    {
        Size = size;
        _patience = (long)(patience.TotalSeconds * Stopwatch.Frequency);
    }

    /// <summary>Workers at most, the caller included.</summary>
    public int Size { get; }

    /// <summary>Gives the workers of a number of threads that a caller allows: at least 1, or -1 for one per processor.</summary>
    public static int SizeOf(int maxDegreeOfParallelism) => maxDegreeOfParallelism == -1
        ? Environment.ProcessorCount : Math.Min(maxDegreeOfParallelism, Math.Max(Most, Environment.ProcessorCount));

    /// <summary>
    /// Runs <paramref name="work"/> to its end with up to <paramref name="workers"/> workers, and throws the first exception of any of them again.
    /// The work receives the worker's number, from 0. It returns when no part is left, and may be called once more after that.
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

        // Each helper still does one part, and parts are small.
        var spin = new SpinWait();
        while (Volatile.Read(ref _state) > 0) spin.SpinOnce(sleep1Threshold: -1);
        _failure?.Throw();
    }

    /// <summary>
    /// Makes room of at least <paramref name="bytes"/> for each of the first <paramref name="workers"/>, until the next run. No run uses what one before it
    /// left there, so all share it: a block of very wide data is a good part of the memory of a fit.
    /// </summary>
    public void Reserve(int workers, long bytes)
    {
        if (_memory.Length < workers) Array.Resize(ref _memory, workers);
        for (var i = 0; i < workers; i++)
        {
            if (_memory[i]?.Length >= bytes) continue;
            _memory[i]?.Dispose();
            _memory[i] = null;
            _memory[i] = new AlignedBuffer<byte>(bytes);
        }
    }

    /// <summary>Gives the memory of a worker that <see cref="Reserve"/> made.</summary>
    public void* Memory(int worker) => _memory[worker]!.Pointer;

    /// <summary>Frees memory of more than a few megabytes, before work that has its own.</summary>
    public void Release()
    {
        const long Large = 16 << 20;
        foreach (ref var buffer in _memory.AsSpan())
        {
            if (!(buffer?.Length > Large)) continue;
            buffer.Dispose();
            buffer = null;
        }
    }

    /// <summary>Ends the spinning of helpers and frees the memory of workers.</summary>
    public void Dispose()
    {
        _isOver = true;
        foreach (var buffer in _memory) buffer?.Dispose();
    }

    // Returns false where there is no run to join.
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

        // Queues the helper. One that spins, or is still queued by an earlier run, joins without it.
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

                // The caller counts the run, then reads _place; the helper writes _place, then reads the run. So one of the two sees the other.
                Interlocked.Exchange(ref _place, Away);
                if (run == team._run) return;
            }
            while (Interlocked.CompareExchange(ref _place, Here, Away) == Away);
        }

        private void Help()
        {
            if (!team.TryJoin()) return;

            // From here the run waits for this helper.
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
