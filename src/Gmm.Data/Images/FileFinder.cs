namespace Gmm.Data.Images;

/// <summary>
/// Finds all files below a folder, except hidden ones. Links are followed, each folder is entered once: the folder itself and what lies in it really
/// come first, then what links lead to, in the order of their paths, so the same tree always gives the same names.
/// </summary>
internal sealed class FileFinder
{
    private readonly HashSet<string> _entered = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _links = new(StringComparer.Ordinal);
    private readonly CancellationToken _token;
    private readonly string _root;

    private FileFinder(string root, CancellationToken token)
    {
        _root = root;
        _token = token;
    }

    /// <summary>Paths below the folder, with '/', in no particular order.</summary>
    internal List<string> Files { get; } = [];

    /// <summary>Sub-folders that were not entered.</summary>
    internal List<SkippedPicture> Skipped { get; } = [];

    /// <exception cref="IOException">The folder itself cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder itself cannot be read.</exception>
    internal static FileFinder Find(string root, CancellationToken token)
    {
        var finder = new FileFinder(root, token);
        finder.Walk("", RealPath.Of(root));
        while (finder._links.Min is { } link)
        {
            finder._links.Remove(link);
            finder.FollowOrSkip(link);
        }

        return finder;
    }

    private void Walk(string start, string realStart)
    {
        var folders = new Stack<(string Relative, string Real)>();
        folders.Push((start, realStart));
        while (folders.TryPop(out var folder))
        {
            _token.ThrowIfCancellationRequested();
            _entered.Add(folder.Real);
            try
            {
                List(folder, folders);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && folder.Relative.Length > 0)
            {
                Skip(folder.Relative, PictureCodec.Reason(e));
            }
        }
    }

    private void List((string Relative, string Real) folder, Stack<(string Relative, string Real)> folders)
    {
        // Complete before anything is noted, so that a folder that fails half-way is skipped, not read in part.
        foreach (var entry in new DirectoryInfo(Path.Combine(_root, folder.Relative)).GetFileSystemInfos())
        {
            var relative = folder.Relative.Length == 0 ? entry.Name : $"{folder.Relative}/{entry.Name}";
            if (entry.Attributes.HasFlag(FileAttributes.Hidden))
            {
                continue;
            }

            if (entry is FileInfo)
            {
                Files.Add(relative);
            }
            else if (entry.LinkTarget is not null)
            {
                _links.Add(relative);
            }
            else
            {
                folders.Push((relative, Path.Combine(folder.Real, entry.Name)));
            }
        }
    }

    private void FollowOrSkip(string link)
    {
        try
        {
            var real = RealPath.Of(Path.Combine(_root, link));
            var from = RealPath.Of(Path.Combine(_root, Path.GetDirectoryName(link)!));
            if (Contains(real, from))
            {
                Skip(link, "a link back to a folder that it lies in");
            }
            else if (_entered.Contains(real))
            {
                Skip(link, "a link to a folder that is read already");
            }
            else
            {
                Walk(link, real);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Skip(link, PictureCodec.Reason(e));
        }
    }

    private static bool Contains(string outer, string inner) =>
        inner == outer
        || inner.StartsWith(Path.EndsInDirectorySeparator(outer) ? outer : outer + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private void Skip(string folder, string reason) => Skipped.Add(new SkippedPicture($"{folder}/", reason));
}
