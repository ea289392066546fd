namespace Gmm.Distributed.Tests;

/// <summary>Checks what launchers tell, and the choice of a library.</summary>
public class MpiLauncherTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(4, false, "OMPI_COMM_WORLD_SIZE=4", "PMI_RANK=0", "SLURM_STEP_NUM_TASKS=2")]
    [InlineData(3, true, "PMI_SIZE=3", "PMI_RANK=2")]
    [InlineData(8, false, "SLURM_STEP_NUM_TASKS=8")]
    [InlineData(1, false, "PMI_SIZE=many")]
    [InlineData(1, false, "PMI_SIZE=0")]
    public void ALauncherTellsHowManyProcessesItStarted(int size, bool isMpich, params string[] variables)
    {
        var launcher = new MpiLauncher(name => variables.FirstOrDefault(variable => variable.Split('=')[0] == name)?.Split('=')[1]);
        Assert.Equal((size, isMpich), (launcher.Size, launcher.PrefersMpich));
    }

    [Fact]
    public void AFileThatIsNoMpiLibraryIsRefused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the C library has another name");
        var e = Assert.Throws<MpiException>(() => MpiLibrary.Load(new MpiLauncher(_ => null), "libc.so.6"));
        Assert.StartsWith("libc.so.6 is no library of MPI 3 or later: ", e.Message);
    }
}
