using System.Runtime.ExceptionServices;

namespace Gmm.Fast.Internals;

/// <summary>
/// One piece of work done by the calling thread and, as far as the thread pool has threads to spare, by up to n - 1 others. The work hands itself
/// out in parts, so the caller alone gets it done where nobody comes; it waits only for those who came. A run allocates nothing, which
/// <see cref="Parallel"/> does.
/// </summary>
internal sealed class WorkTeam
{
    private readonly Action<int> _work;
    private readonly Helper[] _helpers;
    private readonly Lock _gate = new();
    private volatile int _busy;
    private bool _open;
    private ExceptionDispatchInfo? _failure;

    /// <param name="size">Workers, the caller included.</param>
    /// <param name="work">Called once per worker and run with the worker's number, from 0; returns when no part is left.</param>
    public WorkTeam(int size, Action<int> work)
    {
        _work = work;
        _helpers = new Helper[size - 1];
        for (var i = 0; i < _helpers.Length; i++) _helpers[i] = new Helper(this, i + 1);
    }

    /// <summary>Runs the work to its end; the first exception of any worker is thrown again.</summary>
    public void Run()
    {
        if (_helpers.Length == 0)
        {
            _work(0);
            return;
        }
        _failure = null;
        lock (_gate) _open = true;
        foreach (var helper in _helpers) helper.Call();
        Do(0);
        lock (_gate) _open = false;

        // What the others still do is one part each, and parts are small.
        var spin = new SpinWait();
        while (_busy > 0) spin.SpinOnce(sleep1Threshold: -1);
        _failure?.Throw();
    }

    private void Do(int worker)
    {
        try
        {
            _work(worker);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
        }
    }

    private sealed class Helper(WorkTeam team, int worker) : IThreadPoolWorkItem
    {
        private bool _called;
        private bool _working;

        // A helper that never got its turn in an earlier run is still on its way.
        public void Call()
        {
            lock (team._gate)
            {
                if (_called) return;
                _called = true;
            }
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        public void Execute()
        {
            lock (team._gate)
            {
                _called = false;
                if (!team._open || _working) return;
                _working = true;
                team._busy++;
            }
            team.Do(worker);
            lock (team._gate)
            {
                _working = false;
                team._busy--;
            }
        }
    }
}
