namespace Gmm.Data.Images;

/// <summary>
/// Finds the one path of a folder that goes through no symbolic link, so that two paths to the same folder can be recognized. The runtime resolves
/// only the last part of a path, and takes ".." before links, not after.
/// </summary>
internal static class RealPath
{
    /// <summary>As many as Linux follows.</summary>
    private const int MaxLinks = 40;

    /// <exception cref="IOException">The links lead in a circle.</exception>
    internal static string Of(string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        var links = 0;
        var parts = new Stack<string>();
        Push(parts, full[real.Length..]);
        while (parts.TryPop(out var part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, part);
            var target = new DirectoryInfo(next).LinkTarget;
            if (target is null)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException("the symbolic links lead in a circle");
            }

            if (Path.IsPathRooted(target))
            {
                real = Path.GetPathRoot(target)!;
                target = target[real.Length..];
            }

            Push(parts, target);
        }

        return real;
    }

    private static void Push(Stack<string> parts, string path)
    {
        var split = path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        foreach (var part in split.Reverse().Where(part => part != "."))
        {
            parts.Push(part);
        }
    }
}
