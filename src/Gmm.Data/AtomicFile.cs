using System.Collections.Concurrent;

namespace Gmm.Data;

/// <summary>Writes files that are complete or absent.</summary>
public static class AtomicFile
{
    private const string Cannot = "cannot be written";

    private static readonly ConcurrentDictionary<string, bool> s_unfinished = new();

    /// <summary>
    /// Writes to a temporary file beside the target, flushes it to the disk and renames it over the target. When anything fails, the temporary file
    /// is removed and an old target stays as it was. A symbolic link stays a link, an old target's permissions stay, and a device (/dev/stdout)
    /// is written to directly.
    /// </summary>
    /// <param name="path">The target.</param>
    /// <param name="write">Writes the content; its exceptions come through, but for what the stream refuses.</param>
    /// <exception cref="TableFormatException">The file cannot be created, written or replaced.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var place = ErrorText.OneLine(path);
        if (Directory.Exists(path))
        {
            throw new TableFormatException($"{place}: is a folder; a file is required");
        }

        FileFailure.Guard(place, Cannot, () =>
        {
            if (IsDevice(path))
            {
                using var device = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                write(device);
            }
            else
            {
                Replace(FinalTarget(Path.GetFullPath(path)), write);
            }
        });
    }

    /// <summary>
    /// Tells whether a path is a device or, as a symbolic link, leads to one; it is then written to directly. Renaming a file over /dev/null would be
    /// possible for an administrator, and fatal.
    /// </summary>
    /// <param name="path">The path.</param>
    public static bool IsDevice(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var target = Path.GetFullPath(path);
        return !OperatingSystem.IsWindows() && File.Exists(target) && (IsAmongDevices(target) || IsAmongDevices(FinalTarget(target)));
    }

    /// <summary>Removes the temporary files of all writes that are under way: for a process that is about to end.</summary>
    public static void DiscardUnfinished()
    {
        foreach (var temporary in s_unfinished.Keys) TryDelete(temporary);
    }

    private static bool IsAmongDevices(string fullPath) =>
        (fullPath.StartsWith("/dev/", StringComparison.Ordinal) || fullPath.StartsWith("/proc/", StringComparison.Ordinal))
        && !fullPath.StartsWith("/dev/shm/", StringComparison.Ordinal);

    private static void Replace(string target, Action<Stream> write)
    {
        var temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetRandomFileName()}.tmp");
        s_unfinished.TryAdd(temporary, true);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            MoveOver(temporary, target);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
        finally
        {
            s_unfinished.TryRemove(temporary, out _);
        }
    }

    private static string FinalTarget(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    private static void MoveOver(string temporary, string target)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(target))
        {
            File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
        }

        File.Move(temporary, target, overwrite: true);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to report.
        }
    }
}
