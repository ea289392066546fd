using System.Reflection;
using Gmm.Fast.Tests;
using Gmm.Packages.Tests;

[assembly: AssemblyFixture(typeof(PackedFixture))]

namespace Gmm.Packages.Tests;

/// <summary>Packs once for all tests: the libraries as they are built, and, for the slow tests, everything from the source.</summary>
public sealed class PackedFixture : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gmm-packages-").FullName;
    private readonly Lazy<Dictionary<string, Package>> _libraries;
    private readonly Lazy<string> _everything;

    public PackedFixture()
    {
        _libraries = new(PackLibraries);
        _everything = new(PackEverything);
    }

    /// <summary>Whether slow tests run: those that build programs, with GMM_SLOW=1.</summary>
    public static bool IsSlow => Environment.GetEnvironmentVariable("GMM_SLOW") == "1";

    /// <summary>The packages of the libraries, by id.</summary>
    public IReadOnlyDictionary<string, Package> Libraries => _libraries.Value;

    /// <summary>The folder that has every package, of a version that no other run has.</summary>
    public string Everything => _everything.Value;

    /// <summary>The version of the packages of <see cref="Everything"/>.</summary>
    public string Version { get; } = $"0.1.0-test.{DateTime.UtcNow:yyyyMMddHHmmss}.{Environment.ProcessId}";

    /// <summary>Makes an empty folder that is gone after the tests.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N"))).FullName;

    /// <summary>The engine as a clone packs it whose source is at https://example.org/gmm.git.</summary>
    public Package EngineWithAddress() => Package.In(Path.Combine(Path.GetDirectoryName(Libraries["Gmm.Fast"].Path)!, "address")).Single();

    /// <summary>Writes the file that lets a folder restore from <see cref="Everything"/> and, for all else, from where this machine does.</summary>
    public void WriteConfiguration(string folder)
    {
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(_folder, "cache")}" /></config>
              <fallbackPackageFolders><add key="cache" value="{cache}" /></fallbackPackageFolders>
              <packageSources><add key="packed" value="{Everything}" /></packageSources>
            </configuration>
            """);
    }

    public void Dispose()
    {
        if (_libraries.IsValueCreated)
        {
            foreach (var package in Libraries.Values) package.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private Dictionary<string, Package> PackLibraries()
    {
        var folder = NewFolder();
        var configuration = typeof(PackedFixture).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        DotNet.Run(
            Path.Combine(Repository.Root, "tests", "Gmm.Packages.Tests"),
            "msbuild", "Libraries.targets", "-t:Pack", "-nologo", "-v:quiet", "-p:NoBuild=true", $"-p:Configuration={configuration}", $"-p:PackageOutputPath={folder}");
        return Package.In(folder).ToDictionary(package => package.Id);
    }

    private string PackEverything()
    {
        var packages = Path.Combine(_folder, "everything");
        DotNet.Run(
            Repository.Root,
            "pack", "Gmm.Fast.sln", "-c", "Release", "-nologo", "-v:quiet", "-o", packages, "--artifacts-path", Path.Combine(_folder, "build"),
            $"-p:MinVerVersionOverride={Version}", "-p:RunAnalyzers=false");
        return packages;
    }
}
