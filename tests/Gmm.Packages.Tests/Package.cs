using System.IO.Compression;
using System.Xml.Linq;

namespace Gmm.Packages.Tests;

/// <summary>Reads a .nupkg or .snupkg file.</summary>
public sealed class Package : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly XElement _metadata;

    private Package(string path)
    {
        Path = path;
        _archive = ZipFile.OpenRead(path);
        using var nuspec = _archive.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        Nuspec = XDocument.Load(nuspec);
        _metadata = Nuspec.Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    public string Path { get; }

    public XDocument Nuspec { get; }

    public string Id => Text("id")!;

    public string Version => Text("version")!;

    /// <summary>The files, without those that every package has.</summary>
    public string[] Files => [.. _archive.Entries.Select(entry => entry.FullName).Where(name => !IsOfEveryPackage(name)).Order(StringComparer.Ordinal)];

    /// <summary>What is installed with it: ids with their ranges of versions.</summary>
    public Dictionary<string, string> Dependencies => _metadata.Descendants().Where(element => element.Name.LocalName == "dependency")
        .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);

    public static Package[] In(string folder, string pattern = "*.nupkg") =>
        [.. Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal).Select(path => new Package(path))];

    /// <summary>The text of an element of the nuspec; null where there is none.</summary>
    public string? Text(string element) => Element(element)?.Value;

    public XElement? Element(string element) => _metadata.Elements().SingleOrDefault(child => child.Name.LocalName == element);

    public byte[] Read(string file)
    {
        using var stream = _archive.GetEntry(file)!.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    public void Dispose() => _archive.Dispose();

    private static bool IsOfEveryPackage(string name) =>
        name is "[Content_Types].xml" or "_rels/.rels" || name.StartsWith("package/", StringComparison.Ordinal) || name.EndsWith(".nuspec", StringComparison.Ordinal);
}
