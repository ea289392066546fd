using System.Runtime.CompilerServices;

namespace Gmm.Fast.Tests;

/// <summary>Finds the checkout from which the tests were compiled, for tests that read the source.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
