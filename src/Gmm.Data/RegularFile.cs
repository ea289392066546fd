namespace Gmm.Data;

/// <summary>Tells files that can be looked at from those that can be read but once.</summary>
internal static class RegularFile
{
    /// <summary>
    /// Tells whether a path is a file with content that stays: one that may be opened to look, and opened again. Opening a pipe, even to look, waits for who
    /// writes it, and closing it takes the writer away; so a file without a length is not opened.
    /// </summary>
    /// <param name="path">Any path.</param>
    internal static bool HasContent(string path)
    {
        if (!File.Exists(path) || AtomicFile.IsDevice(path))
        {
            return false;
        }

        var file = new FileInfo(path);
        return (file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo) is { Exists: true, Length: > 0 };
    }
}
