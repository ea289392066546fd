using System.Xml.Linq;
using Gmm.Fast.Tests;

namespace Gmm.Packages.Tests;

/// <summary>Finds the projects of src that are libraries in packages.</summary>
internal static class Project
{
    public static string[] Libraries { get; } = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .Where(IsLibrary).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>The id of the package of a project.</summary>
    public static string PackageId(string project) => project == "Gmm.Fast" ? project : $"Gmm.Fast.{project["Gmm.".Length..]}";

    public static string Folder(string project) => Path.Combine(Repository.Root, "src", project);

    /// <summary>The packages that a project passes on to who uses it.</summary>
    public static string[] References(string project) =>
        [.. XDocument.Load(Path.Combine(Folder(project), $"{project}.csproj")).Descendants("PackageReference")
            .Where(element => element.Attribute("PrivateAssets")?.Value != "all").Select(element => element.Attribute("Include")!.Value)];

    private static bool IsLibrary(string path)
    {
        var text = File.ReadAllText(path);
        return text.Contains("<IsPackable>true", StringComparison.Ordinal) && !text.Contains("<PackAsTool>true", StringComparison.Ordinal);
    }
}
