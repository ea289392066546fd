using System.Runtime.InteropServices;

namespace Gmm.Fast.Internals;

/// <summary>
/// Asks the system to back memory with large pages. Each page costs a fault when it is first touched, and large pages are few. Where the system has
/// none, or gives none, memory is as it was.
/// </summary>
internal static unsafe partial class LargePages
{
    // Below this, faults are few.
    private const nuint LeastBytes = 4 << 20;

    // MADV_HUGEPAGE of Linux.
    private const int HugePage = 14;

    private static bool s_isMissing = !OperatingSystem.IsLinux();

    /// <summary>Asks for large pages for new memory, before it is touched.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="bytes">Its size.</param>
    public static void Ask(void* memory, nuint bytes)
    {
        if (bytes < LeastBytes || s_isMissing) return;
        var page = (nuint)Environment.SystemPageSize;
        var first = ((nuint)memory + page - 1) / page * page;
        try
        {
            _ = Advise((void*)first, ((nuint)memory + bytes - first) / page * page, HugePage);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            s_isMissing = true;
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
