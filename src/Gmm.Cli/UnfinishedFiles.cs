using System.Runtime.InteropServices;
using Gmm.Data;

namespace Gmm.Cli;

/// <summary>
/// Removes unfinished files when Ctrl-C or SIGTERM ends the process, in whatever command. Where a fit is under way, its <see cref="Interruption"/> decides
/// what a signal does.
/// </summary>
internal sealed class UnfinishedFiles : IDisposable
{
    private readonly PosixSignalRegistration[] _signals =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, Discard), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Discard)];

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
    }

    private static void Discard(PosixSignalContext signal)
    {
        if (!Interruption.IsInForce) AtomicFile.DiscardUnfinished();
    }
}
