using System.Globalization;

namespace Gmm.Fast.Internals;

/// <summary>Finds the memory that a process can still get.</summary>
internal static class MachineMemory
{
    private const string Information = "/proc/meminfo";
    private const string Key = "MemAvailable:";

    /// <summary>
    /// Gives the bytes that are available: the least of what the limit of the heap, of the container or of the process leaves, which the runtime
    /// knows, and of what the system can give without swapping, where it tells.
    /// </summary>
    public static long Available()
    {
        var left = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - GC.GetTotalMemory(forceFullCollection: false);
        return Math.Max(0, FromSystem() is { } free ? Math.Min(left, free) : left);
    }

    /// <summary>Gives bytes in words: gigabytes, megabytes below one, or kilobytes below one.</summary>
    public static string InWords(double bytes) => bytes >= 1e9
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:#,0.0} GB")
        : bytes >= 1e6
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB");

    private static long? FromSystem()
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            foreach (var line in File.ReadLines(Information))
            {
                if (!line.StartsWith(Key, StringComparison.Ordinal)) continue;
                var kilobytes = line.AsSpan(Key.Length).Trim();
                return long.TryParse(kilobytes[..kilobytes.IndexOf(' ')], CultureInfo.InvariantCulture, out var value) ? value * 1024 : null;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then the limit that the runtime knows has to do.
        }
        return null;
    }
}
