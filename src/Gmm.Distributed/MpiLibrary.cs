using System.Runtime.InteropServices;
using System.Text;

namespace Gmm.Distributed;

/// <summary>Finds an MPI library, and calls the functions of it that a communicator needs. Every error code becomes an <see cref="MpiException"/>.</summary>
internal sealed unsafe partial class MpiLibrary
{
    /// <summary>The environment variable that names the library to load: a path, or a name that the system's loader finds.</summary>
    public const string Variable = "GMM_MPI_LIBRARY";

    // MPI_THREAD_SERIALIZED: any thread may call, one at a time.
    private const int Serialized = 2;

    // More than MPI_MAX_ERROR_STRING and MPI_MAX_LIBRARY_VERSION_STRING of any library.
    private const int TextLength = 8192;

    private static readonly string[] s_openMpi =
        OperatingSystem.IsWindows() ? [] : OperatingSystem.IsMacOS() ? ["libmpi.40.dylib"] : ["libmpi.so.40"];

    private static readonly string[] s_mpich =
        OperatingSystem.IsWindows() ? ["msmpi.dll"] : OperatingSystem.IsMacOS() ? ["libmpi.12.dylib"] : ["libmpi.so.12", "libmpich.so.12"];

    private readonly MpiHandles _handles;
    private readonly delegate* unmanaged<nint, nint, int, int*, int> _initThread;
    private readonly delegate* unmanaged<int*, int> _initialized;
    private readonly delegate* unmanaged<int*, int> _finalized;
    private readonly delegate* unmanaged<int> _finalize;
    private readonly delegate* unmanaged<nint, nint*, int> _commDup;
    private readonly delegate* unmanaged<nint*, int> _commFree;
    private readonly delegate* unmanaged<nint, int*, int> _commRank;
    private readonly delegate* unmanaged<nint, int*, int> _commSize;
    private readonly delegate* unmanaged<nint, nint, int> _commSetErrhandler;
    private readonly delegate* unmanaged<nint, void*, int, nint, nint, nint, int> _allreduce;
    private readonly delegate* unmanaged<nint, int, int> _abort;
    private readonly delegate* unmanaged<int, byte*, int*, int> _errorString;
    private readonly delegate* unmanaged<byte*, int*, int> _getLibraryVersion;

    private MpiLibrary(string name, nint library)
    {
        Name = name;
        try
        {
            _handles = MpiHandles.Of(library);
            _initThread = (delegate* unmanaged<nint, nint, int, int*, int>)NativeLibrary.GetExport(library, "MPI_Init_thread");
            _initialized = (delegate* unmanaged<int*, int>)NativeLibrary.GetExport(library, "MPI_Initialized");
            _finalized = (delegate* unmanaged<int*, int>)NativeLibrary.GetExport(library, "MPI_Finalized");
            _finalize = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "MPI_Finalize");
            _commDup = (delegate* unmanaged<nint, nint*, int>)NativeLibrary.GetExport(library, "MPI_Comm_dup");
            _commFree = (delegate* unmanaged<nint*, int>)NativeLibrary.GetExport(library, "MPI_Comm_free");
            _commRank = (delegate* unmanaged<nint, int*, int>)NativeLibrary.GetExport(library, "MPI_Comm_rank");
            _commSize = (delegate* unmanaged<nint, int*, int>)NativeLibrary.GetExport(library, "MPI_Comm_size");
            _commSetErrhandler = (delegate* unmanaged<nint, nint, int>)NativeLibrary.GetExport(library, "MPI_Comm_set_errhandler");
            _allreduce = (delegate* unmanaged<nint, void*, int, nint, nint, nint, int>)NativeLibrary.GetExport(library, "MPI_Allreduce");
            _abort = (delegate* unmanaged<nint, int, int>)NativeLibrary.GetExport(library, "MPI_Abort");
            _errorString = (delegate* unmanaged<int, byte*, int*, int>)NativeLibrary.GetExport(library, "MPI_Error_string");
            _getLibraryVersion = (delegate* unmanaged<byte*, int*, int>)NativeLibrary.GetExport(library, "MPI_Get_library_version");
        }
        catch (EntryPointNotFoundException e)
        {
            throw new MpiException($"{name} is no library of MPI 3 or later: {e.Message}", e);
        }
    }

    /// <summary>The name under which the library was found.</summary>
    public string Name { get; }

    /// <summary>The name and version that the library gives itself.</summary>
    public string Version => Text((text, length) => _getLibraryVersion(text, length)).Split('\n', ',')[0].Replace('\t', ' ').Trim();

    /// <summary>Whether MPI was initialized, by whomever.</summary>
    public bool IsInitialized => Is(_initialized, "MPI_Initialized");

    /// <summary>Whether MPI was finalized; then it cannot be initialized again.</summary>
    public bool IsFinalized => Is(_finalized, "MPI_Finalized");

    /// <summary>Loads the library that <see cref="Variable"/> names, or else the first one that is installed, that of the launcher first.</summary>
    public static MpiLibrary Load(MpiLauncher launcher, string? chosen)
    {
        // UCX, which carries the messages of MPICH and of Open MPI, takes SIGSEGV from .NET, which makes NullReferenceExceptions of it; a process that
        // throws one would end. UCX reads this when it is loaded.
        if (!OperatingSystem.IsWindows()) SetEnvironment("UCX_ERROR_SIGNALS", "", overwrite: 0);
        if (!string.IsNullOrEmpty(chosen))
        {
            if (NativeLibrary.TryLoad(chosen, out var library)) return new MpiLibrary(chosen, library);
            throw new MpiException($"{Variable} is '{chosen}', which cannot be loaded; the path of an MPI library is required");
        }
        string[] names = launcher.PrefersMpich ? [.. s_mpich, .. s_openMpi] : [.. s_openMpi, .. s_mpich];
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var library)) return new MpiLibrary(name, library);
        }
        throw new MpiException($"no MPI library was found ({string.Join(", ", names)}); {Advice()}, or name the library in {Variable}");
    }

    /// <summary>Initializes MPI.</summary>
    public void Initialize()
    {
        int provided;
        Check(_initThread(0, 0, Serialized, &provided), "MPI_Init_thread");
        if (provided < Serialized)
            throw new MpiException($"{Name} gives thread level {provided}; at least {Serialized}, MPI_THREAD_SERIALIZED, is required");
    }

    /// <summary>Makes a communicator of all processes, whose errors are returned.</summary>
    public nint DuplicateWorld()
    {
        nint world = 0;
        Check(_commDup(_handles.World, &world), "MPI_Comm_dup");
        Check(_commSetErrhandler(world, _handles.ErrorsReturn), "MPI_Comm_set_errhandler");
        return world;
    }

    /// <summary>Gives the number of this process in a communicator, and how many there are.</summary>
    public (int Rank, int Count) Place(nint communicator)
    {
        int rank, count;
        Check(_commRank(communicator, &rank), "MPI_Comm_rank");
        Check(_commSize(communicator, &count), "MPI_Comm_size");
        return (rank, count);
    }

    /// <summary>Replaces values by their sums over all processes.</summary>
    public void Sum(double* values, int count, nint communicator) =>
        Check(_allreduce(_handles.InPlace, values, count, _handles.Double, _handles.Sum, communicator), "MPI_Allreduce");

    /// <summary>Ends all processes.</summary>
    public void Abort(nint communicator, int exitCode) => Check(_abort(communicator, exitCode), "MPI_Abort");

    /// <summary>Frees a communicator.</summary>
    public void Free(nint communicator) => Check(_commFree(&communicator), "MPI_Comm_free");

    /// <summary>Finalizes MPI; returns when all processes do.</summary>
    public void FinalizeMpi() => Check(_finalize(), "MPI_Finalize");

    private static string Advice() =>
        OperatingSystem.IsWindows() ? "install the Microsoft MPI runtime"
        : OperatingSystem.IsMacOS() ? "install it with: brew install open-mpi"
        : "install Open MPI (Debian and Ubuntu: apt-get install openmpi-bin; Fedora and RHEL: dnf install openmpi, then module load mpi)";

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    private bool Is(delegate* unmanaged<int*, int> question, string function)
    {
        int flag;
        Check(question(&flag), function);
        return flag != 0;
    }

    private void Check(int code, string function)
    {
        if (code != 0) throw new MpiException($"{function} of {Name} failed: {Text((text, length) => _errorString(code, text, length))}");
    }

    private static string Text(Writer write)
    {
        var buffer = stackalloc byte[TextLength];
        int length;
        return write(buffer, &length) == 0 ? Encoding.UTF8.GetString(buffer, length) : "";
    }

    private delegate int Writer(byte* text, int* length);
}
