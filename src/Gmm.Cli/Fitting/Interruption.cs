using System.Runtime.InteropServices;
using Gmm.Data;

namespace Gmm.Cli.Fitting;

/// <summary>
/// Cancels on a signal: the first Ctrl-C or SIGTERM cancels <see cref="Token"/>, so that the fit ends with its model. A second one, and any after the
/// fit, ends the process, as the system does it, and leaves no unfinished file. It lives from the fit to the end of the command.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static int s_inForce;

    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration[] _signals;
    private volatile bool _endsProcess;

    public Interruption(CancellationToken outer)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        Interlocked.Increment(ref s_inForce);
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel)];
    }

    /// <summary>Whether one lives in this process.</summary>
    public static bool IsInForce => Volatile.Read(ref s_inForce) > 0;

    public CancellationToken Token => _source.Token;

    /// <summary>Says that there is nothing left to cancel: diagnosing and writing end with the process.</summary>
    public void EndProcessFromNowOn() => _endsProcess = true;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        Interlocked.Decrement(ref s_inForce);
        _source.Dispose();
    }

    private void Cancel(PosixSignalContext signal)
    {
        if (_endsProcess || _source.IsCancellationRequested)
        {
            AtomicFile.DiscardUnfinished();
            return;
        }
        signal.Cancel = true;
        _source.Cancel();
    }
}
