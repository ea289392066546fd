namespace Gmm.Packages.Tests;

/// <summary>Checks that the notices list every package of which the tool has files, with the license that the package states.</summary>
public sealed class NoticesTests
{
    // Of the tool as it is built for this machine; the slow tests look into the packages for every platform.
    private static readonly (string Id, string Version)[] s_bundled = Notices.Bundled(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "gmm.deps.json")));

    [Fact]
    public void EveryPackageOfTheToolIsListed()
    {
        Assert.InRange(s_bundled.Length, 20, 200);
        Assert.Empty(s_bundled.Select(package => package.Id).Except(Notices.Licenses.Keys));
    }

    [Fact]
    public void TheListedLicenseIsThatOfThePackage() => Assert.All(s_bundled, package =>
    {
        if (Notices.Stated(package.Id, package.Version) is { } stated) Assert.StartsWith(stated, Notices.Licenses[package.Id], StringComparison.Ordinal);
    });
}
