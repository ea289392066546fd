using System.Runtime.InteropServices;

namespace Gmm.Fast.Internals;

/// <summary>
/// Asks the system to back memory with large pages. The first touch of 64 MB in pages of 4 KiB is 16,000 faults, which take longer than several
/// iterations over the points; in pages of 2 MiB it is 32. Systems that have none, or give none, lose nothing.
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
            // Refused where the system is built without them: memory is as it was.
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
