using System.CommandLine;

namespace Gmm.Cli;

/// <summary>Defines <c>--cache</c>: where a table lies that is read in every pass and is not in .npy files.</summary>
internal static class CacheFolder
{
    public static Option<string?> Option() => Arguments.FilePath(
        "--cache", "DIR", "Folder for the numbers of a table of another format than .npy that does not fit the memory: 8 bytes each, removed at the end "
            + "(default: the system's temporary folder).");
}
