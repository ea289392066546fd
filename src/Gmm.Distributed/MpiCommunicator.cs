using System.Diagnostics;
using Gmm.Fast;

namespace Gmm.Distributed;

/// <summary>
/// Joins the processes of an MPI job that fit one model together: <c>FitOptions.Communicator = MpiCommunicator.World()</c> in each of them. They are
/// started by a launcher, <c>mpirun -n 4 PROGRAM</c>; without one, a process is alone. Sums have the same bits in all processes. The fit gives each
/// process places of its own in the numbers that it sums, so the order in which MPI adds changes no bit.
/// </summary>
/// <remarks>
/// One thread at a time may use it. An exception that nobody handles ends all processes of the job, with the rank on standard error. One that is
/// handled must lead to <see cref="Abort"/>, or to a <see cref="Dispose"/> in all processes: the others wait for this one.
/// </remarks>
public sealed class MpiCommunicator : ICommunicator, IDisposable
{
    private const int UnhandledExitCode = 134;

    // Libraries have counted bytes by int: 64 MiB at a time.
    private const int MostNumbers = 1 << 23;

    private readonly MpiLibrary _library;
    private readonly nint _handle;
    private readonly bool _ownsMpi;
    private bool _isDisposed;

    private MpiCommunicator(MpiLibrary library, bool ownsMpi)
    {
        (_library, _ownsMpi) = (library, ownsMpi);
        _handle = library.DuplicateWorld();
        (Rank, Count) = library.Place(_handle);
        AppDomain.CurrentDomain.UnhandledException += EndAll;
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <summary>The library's own name and version, such as "Open MPI v4.1.4".</summary>
    public string Library => _library.Version;

    /// <summary>
    /// Joins all processes of the job. It loads the library of Open MPI 4 or 5, of MPICH, or of a relative of MPICH, and initializes MPI unless somebody
    /// did. The environment variable GMM_MPI_LIBRARY names another library.
    /// </summary>
    /// <returns>The communicator. Where it initialized MPI, its <see cref="Dispose"/> finalizes it.</returns>
    /// <exception cref="MpiException">
    /// There is no library, it is not that of the launcher, or it fails; the message says what to install or to set.
    /// </exception>
    /// <exception cref="InvalidOperationException">MPI was finalized before; it can be used once in a process.</exception>
    public static MpiCommunicator World()
    {
        var launcher = new MpiLauncher(Environment.GetEnvironmentVariable);
        var library = MpiLibrary.Load(launcher, Environment.GetEnvironmentVariable(MpiLibrary.Variable));
        if (library.IsFinalized) throw new InvalidOperationException("MPI was finalized; one communicator, for the whole run of the process, is required");
        var ownsMpi = !library.IsInitialized;
        if (ownsMpi) library.Initialize();
        var world = new MpiCommunicator(library, ownsMpi);
        if (world.Count > 1 || launcher.Size == 1) return world;
        world.Dispose();
        throw new MpiException($"the launcher started {launcher.Size} processes, and {library.Name} ({world.Library}) knows of one; it belongs to another "
            + $"launcher: start the processes with its own mpirun, or name the launcher's library in {MpiLibrary.Variable}");
    }

    /// <inheritdoc/>
    /// <exception cref="MpiException">MPI failed.</exception>
    /// <exception cref="ObjectDisposedException">The communicator was disposed.</exception>
    public void AllReduce(Span<double> values) => AllReduce(values, MostNumbers);

    /// <summary>Sums at most so many values at a time.</summary>
    internal unsafe void AllReduce(Span<double> values, int most)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        fixed (double* first = values)
        {
            for (var done = 0; done < values.Length;)
            {
                var count = Math.Min(most, values.Length - done);
                _library.Sum(first + done, count, _handle);
                done += count;
            }
        }
    }

    /// <summary>Ends all processes of the job at once, this one too, whatever they do. Nothing after the call runs.</summary>
    /// <param name="exitCode">The exit code of the job, from 1 to 255.</param>
    /// <exception cref="ArgumentOutOfRangeException">The code is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The communicator was disposed.</exception>
    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    public void Abort(int exitCode)
    {
        if (exitCode is < 1 or > 255) throw new ArgumentOutOfRangeException(nameof(exitCode), FormattableString.Invariant($"exitCode is {exitCode}; 1 to 255 is required"));
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _library.Abort(_handle, exitCode);
        throw new UnreachableException("MPI_Abort returned");
    }

    /// <summary>Leaves the job. Waits until all processes do, and finalizes MPI where <see cref="World"/> initialized it.</summary>
    /// <exception cref="MpiException">MPI failed.</exception>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        AppDomain.CurrentDomain.UnhandledException -= EndAll;
        _library.Free(_handle);
        if (_ownsMpi) _library.FinalizeMpi();
    }

    // A process that is gone would be waited for.
    private void EndAll(object sender, UnhandledExceptionEventArgs e)
    {
        if (_isDisposed || !e.IsTerminating) return;
        Console.Error.WriteLine($"rank {Rank}: {e.ExceptionObject}");
        Abort(UnhandledExitCode);
    }
}
