namespace Gmm.Cli;

/// <summary>Holds the files of DATA: one file, or several that are one table.</summary>
/// <param name="Paths">At least one, "-" for standard input.</param>
internal sealed record DataPaths(IReadOnlyList<string> Paths)
{
    private const string StandardInput = "-";

    /// <summary>The only file, or the first.</summary>
    public string First => Paths[0];

    /// <summary>Whether it is standard input.</summary>
    public bool AreStandardInput => Paths is [StandardInput];

    /// <summary>What messages call the data.</summary>
    public string Name => Paths.Count == 1 ? DataInput.Name(First) : Invariant($"{First} and {DataInput.Count(Paths.Count - 1, "more file")}");

    /// <summary>
    /// Gives the files that were typed. Where one is not there, and its name has *, ? or [, it stands for all files that it fits. Several files are
    /// in the order of their names, whatever order the shell has, since the order is part of the result.
    /// </summary>
    public static DataPaths Of(IReadOnlyList<string> typed)
    {
        string[] paths = [.. typed.SelectMany(Expand)];
        if (paths.Length == 1) return new DataPaths(paths);
        if (paths.Contains(StandardInput)) throw CommandFailure.Usage("DATA is - and other files; standard input cannot be a part of several");
        Array.Sort(paths, StringComparer.Ordinal);
        var spellings = new Dictionary<string, string>(OutputFile.Comparer);
        foreach (var path in paths)
        {
            if (spellings.TryAdd(OutputFile.Final(path), path)) continue;
            var other = spellings[OutputFile.Final(path)];
            throw CommandFailure.Usage(path == other
                ? $"DATA has '{path}' twice; each file is required once"
                : $"DATA has '{other}' and '{path}', which are the same file; each file is required once");
        }
        return new DataPaths(paths);
    }

    private static string[] Expand(string typed)
    {
        if (typed.AsSpan().IndexOfAny('*', '?', '[') < 0 || Path.Exists(typed)) return [typed];
        var (folder, pattern) = (Path.GetDirectoryName(typed) ?? "", Path.GetFileName(typed));
        if (folder.AsSpan().IndexOfAny('*', '?', '[') >= 0) throw CommandFailure.Usage($"DATA is '{typed}'; *, ? and [ may stand in the name of a file, not of a folder");
        var (begin, glob) = (folder.Length == 0 ? "." : folder, new NamePattern(pattern));
        string[] found = Directory.Exists(begin)
            ? [.. Directory.EnumerateFiles(begin).Select(path => Path.GetFileName(path)).Where(glob.Fits).Select(name => Path.Combine(folder, name))]
            : [];
        return found.Length > 0 ? found : throw CommandFailure.Input($"{typed}: no file has such a name");
    }
}
