using System.Text.Json;
using System.Xml.Linq;
using Gmm.Fast.Tests;

namespace Gmm.Packages.Tests;

/// <summary>Reads THIRD-PARTY-NOTICES.md, and what a program brings along from its .deps.json.</summary>
internal static class Notices
{
    /// <summary>The licenses of the packages that the notices list, by id.</summary>
    public static IReadOnlyDictionary<string, string> Licenses { get; } = File.ReadLines(Path.Combine(Repository.Root, "THIRD-PARTY-NOTICES.md"))
        .SkipWhile(line => line != "## Packages").TakeWhile(line => line != "## Inside them")
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2)
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToDictionary(cells => cells[1], cells => cells[2]);

    /// <summary>The packages of which a program has files: ids with versions.</summary>
    /// <param name="json">The text of the .deps.json.</param>
    public static (string Id, string Version)[] Bundled(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var isPackage = document.RootElement.GetProperty("libraries").EnumerateObject()
            .Where(library => library.Value.GetProperty("type").GetString() == "package").Select(library => library.Name).ToHashSet();
        return [.. document.RootElement.GetProperty("targets").EnumerateObject().SelectMany(target => target.Value.EnumerateObject())
            .Where(library => isPackage.Contains(library.Name) && HasFiles(library.Value)).Select(library => library.Name.Split('/')).Select(name => (name[0], name[1])).Distinct()];
    }

    /// <summary>The file names of the packages of which a program has files.</summary>
    /// <param name="json">The text of the .deps.json.</param>
    public static string[] Files(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetProperty("targets").EnumerateObject().SelectMany(target => target.Value.EnumerateObject())
            .SelectMany(library => FilesOf(library.Value)).Select(path => Path.GetFileName(path)).Distinct()];
    }

    /// <summary>The license that a package states as an expression; null where it has a file or an address.</summary>
    public static string? Stated(string id, string version)
    {
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var name = id.ToLowerInvariant();
        return XDocument.Load(Path.Combine(cache, name, version.ToLowerInvariant(), $"{name}.nuspec")).Descendants()
            .SingleOrDefault(element => element.Name.LocalName == "license" && element.Attribute("type")?.Value == "expression")?.Value;
    }

    private static bool HasFiles(JsonElement library) => FilesOf(library).Any();

    private static IEnumerable<string> FilesOf(JsonElement library) => ((string[])["runtime", "native", "runtimeTargets"])
        .Where(kind => library.TryGetProperty(kind, out _)).SelectMany(kind => library.GetProperty(kind).EnumerateObject()).Select(file => file.Name);
}
