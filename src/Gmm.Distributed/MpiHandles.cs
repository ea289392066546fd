using System.Runtime.InteropServices;

namespace Gmm.Distributed;

/// <summary>
/// Holds the handles that an MPI library predefines. The functions of all libraries take the same arguments, but handles are addresses of exported
/// objects in Open MPI, and integers of fixed value in MPICH and the libraries that share its interface (the MPICH ABI Compatibility Initiative).
/// An integer travels in the lower half of the register of an address, so both are passed as <see langword="nint"/>.
/// </summary>
/// <param name="World">MPI_COMM_WORLD.</param>
/// <param name="Double">MPI_DOUBLE.</param>
/// <param name="Sum">MPI_SUM.</param>
/// <param name="ErrorsReturn">MPI_ERRORS_RETURN.</param>
/// <param name="InPlace">MPI_IN_PLACE.</param>
internal sealed record MpiHandles(nint World, nint Double, nint Sum, nint ErrorsReturn, nint InPlace)
{
    private const string OpenMpiWorld = "ompi_mpi_comm_world";

    // mpi.h of MPICH 4; Intel MPI, MVAPICH, Cray MPICH and Microsoft MPI have the same values.
    private static readonly MpiHandles s_mpich = new(0x44000000, 0x4c00080b, 0x58000003, 0x54000001, -1);

    /// <summary>Gives the handles of a loaded library.</summary>
    public static MpiHandles Of(nint library) =>
        !NativeLibrary.TryGetExport(library, OpenMpiWorld, out var world) ? s_mpich : new MpiHandles(
            world,
            NativeLibrary.GetExport(library, "ompi_mpi_double"),
            NativeLibrary.GetExport(library, "ompi_mpi_op_sum"),
            NativeLibrary.GetExport(library, "ompi_mpi_errors_return"),
            1);
}
