using System.Globalization;

namespace Gmm.Distributed;

/// <summary>
/// Reads what launchers of MPI jobs tell their processes. A process that loads the library of another MPI than its launcher's is, without any
/// error, a job of one; so the library is chosen by the launcher, and the number of processes is compared with it.
/// </summary>
/// <param name="read">Gives the value of an environment variable, or null.</param>
internal sealed class MpiLauncher(Func<string, string?> read)
{
    private const string OpenMpiSize = "OMPI_COMM_WORLD_SIZE";

    // mpiexec of MPICH and its relatives, then srun of Slurm.
    private static readonly string[] s_sizes = [OpenMpiSize, "PMI_SIZE", "SLURM_STEP_NUM_TASKS"];

    /// <summary>The number of processes that the launcher started; 1 where there is none.</summary>
    public int Size
    {
        get
        {
            foreach (var name in s_sizes)
            {
                if (int.TryParse(read(name), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0) return size;
            }
            return 1;
        }
    }

    /// <summary>Whether processes of MPICH are expected: its launcher speaks, and Open MPI's does not.</summary>
    public bool PrefersMpich => read(OpenMpiSize) is null && read("PMI_RANK") is not null;
}
