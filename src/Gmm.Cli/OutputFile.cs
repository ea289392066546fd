using Gmm.Data;

namespace Gmm.Cli;

/// <summary>Looks at an output path before the work starts: a fit of hours must not end at a folder that is not there.</summary>
internal static class OutputFile
{
    private const int MaxLinks = 40;

    /// <summary>Tells whether paths of <see cref="Final(string)"/> are the same.</summary>
    public static StringComparer Comparer => OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>Refuses a path that would overwrite an input, or that cannot be written.</summary>
    /// <param name="option">What the path was given for.</param>
    /// <param name="path">The output; null for none.</param>
    /// <param name="others">Paths that it must not be, null for none and "-" for standard input.</param>
    public static void Check(string option, string? path, params ReadOnlySpan<string?> others)
    {
        if (path is null) return;
        var target = Final(path);
        foreach (var other in others)
        {
            if (other is not (null or "-") && Comparer.Equals(target, Final(other)))
                throw CommandFailure.Usage($"{option} is '{path}', the same file as '{other}'; another file is required");
        }
        if (Directory.Exists(path)) throw CommandFailure.Input($"{path}: is a folder; a file is required");
        var folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder)) throw CommandFailure.Input($"{path}: the folder does not exist");
        if (!AtomicFile.IsDevice(path)) TryCreate(folder, path);
    }

    /// <summary>Gives a path with every link on the way followed, so that two spellings of one file become equal.</summary>
    public static string Final(string path) => Final(Path.GetFullPath(path), MaxLinks);

    /// <summary>Does what <see cref="Check"/> does, and refuses an extension that no table is written with.</summary>
    public static void CheckTable(string option, string? path, params ReadOnlySpan<string?> others)
    {
        if (path is not null && !TableFile.CanWrite(path))
            throw CommandFailure.Usage($"{option} is '{path}'; a path that ends in {TableFile.WritableExtensions} is required");
        Check(option, path, others);
    }

    /// <summary>Tells whether --dtype asks for floats, and refuses it of a file that has no dtype.</summary>
    public static bool IsSingle(string? type, string? path)
    {
        if (type is not null && (path is null || !TableFile.IsBinary(path)))
            throw CommandFailure.Usage($"--dtype is '{type}'; numbers of text have all their digits, and -o with a path that ends in {TableFile.BinaryExtensions} is required");
        return type == "f4";
    }

    private static void TryCreate(string folder, string path)
    {
        try
        {
            var probe = Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp");
            using var stream = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (UnauthorizedAccessException e)
        {
            throw CommandFailure.Input($"{path}: cannot be written: permission denied", e);
        }
        catch (IOException e)
        {
            throw CommandFailure.Input($"{path}: cannot be written: {e.Message}", e);
        }
    }

    private static string Final(string path, int links)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null || links == 0) return path;
        var folder = Final(parent, links);
        var here = Path.Combine(folder, Path.GetFileName(path));
        return new FileInfo(here).LinkTarget is { } target ? Final(Path.GetFullPath(target, folder), links - 1) : here;
    }
}
