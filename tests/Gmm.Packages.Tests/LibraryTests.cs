using System.Buffers.Binary;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;
using Gmm.Fast.Tests;

namespace Gmm.Packages.Tests;

/// <summary>Checks what is in the packages of the libraries, and what they say of themselves.</summary>
public sealed partial class LibraryTests(PackedFixture packed)
{
    private const string Framework = "lib/net10.0/";

    public static TheoryData<string> Projects => [.. Project.Libraries];

    [Fact]
    public void TheEngineNeedsTheTwoNumericPackagesAlone() =>
        Assert.Equal(["CommunityToolkit.HighPerformance", "System.Numerics.Tensors"], packed.Libraries["Gmm.Fast"].Dependencies.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void APackageDependsOnWhatItsProjectRefersTo(string project)
    {
        var package = Of(project);
        var (own, others) = (package.Dependencies.Where(IsOurs).ToArray(), package.Dependencies.Keys.Where(id => !id.StartsWith("Gmm.", StringComparison.Ordinal)));
        Assert.Equal(Project.References(project).Order(StringComparer.Ordinal), others.Order(StringComparer.Ordinal));
        Assert.All(own, dependency => Assert.Equal(packed.Libraries[dependency.Key].Version, dependency.Value));
        if (project != "Gmm.Fast") Assert.Contains("Gmm.Fast", package.Dependencies.Keys);

        static bool IsOurs(KeyValuePair<string, string> dependency) => dependency.Key.StartsWith("Gmm.", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void APackageSaysWhatItIs(string project)
    {
        var package = Of(project);
        Assert.All(["description", "authors", "copyright", "tags"], element => Assert.NotEqual("", package.Text(element) ?? ""));
        Assert.Equal(("MIT", "expression"), (package.Text("license"), package.Element("license")!.Attribute("type")!.Value));
        Assert.Equal(("README.md", "icon.png"), (package.Text("readme"), package.Text("icon")));

        // The size that the site shows.
        var icon = package.Read("icon.png").AsSpan();
        Assert.Equal("PNG"u8, icon[1..4]);
        Assert.Equal((128, 128), (BinaryPrimitives.ReadInt32BigEndian(icon[16..]), BinaryPrimitives.ReadInt32BigEndian(icon[20..])));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void ThePageOfAPackageIsItsReadmeWithoutLinksToFilesBesideIt(string project)
    {
        var page = Encoding.UTF8.GetString(Of(project).Read("README.md"));
        var readme = File.ReadAllText(Path.Combine(Project.Folder(project), "README.md"));
        Assert.DoesNotMatch(RelativeLink(), page);
        Assert.Equal(readme.Split('\n')[0], page.Split('\n')[0]);
        Assert.Equal(readme.Count(c => c == '\n'), page.Count(c => c == '\n'));
    }

    [Fact]
    public void LinksLeadToTheAddressOfTheSourceWhereItIsKnown()
    {
        const string Address = "https://example.org/gmm";
        using var package = packed.EngineWithAddress();
        var repository = package.Element("repository")!;
        var page = Encoding.UTF8.GetString(package.Read("README.md"));
        Assert.Equal((Address, $"{Address}.git"), (package.Text("projectUrl"), repository.Attribute("url")!.Value));
        Assert.Contains($"]({Address}/blob/{repository.Attribute("commit")!.Value}/docs/guide.md)", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(RelativeLink(), page);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void NothingNamesThisMachine(string project)
    {
        var nuspec = Of(project).Nuspec.ToString();
        Assert.DoesNotContain("file:", nuspec, StringComparison.Ordinal);
        Assert.DoesNotContain(Repository.Root, nuspec, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void APackageHasItsAssemblyAndWhatGoesWithItAlone(string project)
    {
        string[] more = project switch
        {
            "Gmm.Fast" => ["buildTransitive/Gmm.Fast.targets"],
            "Gmm.Report" => ["LICENSE-DejaVu.txt"],
            _ => [],
        };
        string[] all = ["README.md", "icon.png", $"{Framework}{project}.dll", $"{Framework}{project}.xml", .. more];
        Assert.Equal(all.Order(StringComparer.Ordinal), Of(project).Files);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void SymbolsLieInAPackageBesideIt(string project)
    {
        var path = Path.ChangeExtension(Of(project).Path, ".snupkg");
        using var symbols = Assert.Single(Package.In(Path.GetDirectoryName(path)!, Path.GetFileName(path)));
        Assert.Equal([$"{Framework}{project}.pdb"], symbols.Files);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void TheSameSourceGivesTheSameAssembly(string project)
    {
        using var assembly = new PEReader(new MemoryStream(Of(project).Read($"{Framework}{project}.dll")));
        Assert.Contains(assembly.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.Reproducible);
    }

    [Fact]
    public void AllHaveOneVersion() => Assert.Matches(SemanticVersion(), Assert.Single(packed.Libraries.Values.Select(package => package.Version).Distinct()));

    private Package Of(string project) => packed.Libraries[Project.PackageId(project)];

    [GeneratedRegex(@"\]\((?!https://)")]
    private static partial Regex RelativeLink();

    [GeneratedRegex(@"^\d+\.\d+\.\d+(-[0-9a-z.]+)?$")]
    private static partial Regex SemanticVersion();
}
