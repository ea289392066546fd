using Gmm.Fast.Tests;

namespace Gmm.Packages.Tests;

/// <summary>Checks the packages of the tool, one for each platform, and installs it. Slow, with GMM_SLOW=1.</summary>
public sealed class ToolTests(PackedFixture packed)
{
    private const string Id = "Gmm.Fast.Tool";
    private const long MostBytes = 25_000_000;

    private static readonly Dictionary<string, string> s_natives = new()
    {
        ["linux-x64"] = ".so",
        ["linux-arm64"] = ".so",
        ["linux-musl-x64"] = ".so",
        ["linux-musl-arm64"] = ".so",
        ["osx-x64"] = ".dylib",
        ["osx-arm64"] = ".dylib",
        ["win-x64"] = ".dll",
        ["win-arm64"] = ".dll",
    };

    [Fact]
    public void APackageHasTheNativePartsOfOnePlatformAndIsSmall()
    {
        SkipUnlessSlow();
        string[] names = ["libHarfBuzzSharp", "libSkiaSharp"];
        Assert.All(s_natives, platform =>
        {
            using var package = Of(platform.Key);
            Assert.InRange(new FileInfo(package.Path).Length, 1, MostBytes);
            Assert.Equal(
                names.Select(name => $"{Folder(platform.Key)}{name}{platform.Value}"),
                package.Files.Where(file => names.Contains(Path.GetFileNameWithoutExtension(file))));
        });
    }

    [Fact]
    public void EveryFileIsOursOrOfAPackageInTheNotices()
    {
        SkipUnlessSlow();
        var listed = new HashSet<string>();
        Assert.All(s_natives.Keys, platform =>
        {
            using var package = Of(platform);
            var json = package.Read($"{Folder(platform)}gmm.deps.json");
            var known = Notices.Files(json);
            Assert.All(package.Files.Where(file => file.StartsWith("tools/", StringComparison.Ordinal)), file => Assert.True(known.Contains(Path.GetFileName(file)) || IsOurs(file), file));
            listed.UnionWith(Notices.Bundled(json).Select(bundled => bundled.Id));

            string[] texts = ["THIRD-PARTY-NOTICES.md", "licenses/DejaVu.txt", "licenses/ScottPlot.txt", "licenses/SkiaSharp.txt", "licenses/System.Numerics.Tensors.txt"];
            Assert.Empty(texts.Except(package.Files));
        });
        Assert.Equal(listed.Order(StringComparer.Ordinal), Notices.Licenses.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ItInstallsAndFits()
    {
        SkipUnlessSlow();
        var folder = packed.NewFolder();
        packed.WriteConfiguration(folder);
        DotNet.Run(folder, "tool", "install", Id, "--version", packed.Version, "--tool-path", Path.Combine(folder, "bin"));
        var gmm = Path.Combine(folder, "bin", "gmm");
        var (_, version, _) = DotNet.Start(gmm, folder, ["--version"]);
        Assert.StartsWith(packed.Version, version, StringComparison.Ordinal);
        var (exitCode, table, error) = DotNet.Start(gmm, folder, ["fit", Path.Combine(Repository.Root, "data", "old-faithful.csv"), "-k", "2", "--report", "page.html"]);
        Assert.True(exitCode == 0, error);
        Assert.Contains("log-likelihood   -1130.2640", table, StringComparison.Ordinal);
        Assert.True(new FileInfo(Path.Combine(folder, "page.html")).Length > 1_000_000);
    }

    private static void SkipUnlessSlow() => Assert.SkipUnless(PackedFixture.IsSlow, "packs every platform: with GMM_SLOW=1");

    private static bool IsOurs(string path) => Path.GetFileName(path) is var file
        && (file.StartsWith("gmm.", StringComparison.Ordinal) || file.StartsWith("Gmm.", StringComparison.Ordinal) || file == "DotnetToolSettings.xml");

    private static string Folder(string platform) => $"tools/net10.0/{platform}/";

    private Package Of(string platform) => Package.In(packed.Everything, $"{Id}.{platform}.{packed.Version}.nupkg").Single();
}
