using System.Runtime.InteropServices;
using Gmm.Fast.Tests;

namespace Gmm.Packages.Tests;

/// <summary>Compiles the tool ahead of time and compares what it writes with what the tool writes that is compiled just in time. Slow, with GMM_SLOW=1.</summary>
public sealed class NativeToolTests(PackedFixture packed)
{
    private static readonly string[][] s_commands =
    [
        ["fit", "iris.csv", "-k", "3", "--restarts", "3", "-o", "iris.json", "--plot", "iris.svg"],
        ["predict", "iris.json", "iris.csv", "--anomaly", "1%", "-o", "labels.csv"],
        ["score", "iris.json", "iris.csv"],
        ["sample", "iris.json", "-n", "500", "--seed", "7", "-o", "drawn.csv"],
        ["convert", "drawn.csv", "-o", "drawn.parquet"],
        ["convert", "drawn.parquet", "-o", "drawn.arrow"],
        ["convert", "drawn.arrow", "-o", "drawn.npy"],
        ["convert", "drawn.npy", "-o", "again.csv"],
        ["fit", "drawn.parquet", "-k", "2"],
        ["fit", "air-quality.csv", "-k", "2", "--missing", "marginalize", "-o", "air.json"],
        ["impute", "air.json", "air-quality.csv", "-o", "filled.csv"],
        ["select", "iris.csv", "-k", "1-3", "--plot", "components.png"],
        ["compare", "iris.json", "iris.json", "iris.csv"],
        ["images", "pictures", "-k", "2", "-o", "clusters"],
        ["fit", "missing.csv", "-k", "2"],
    ];

    [Fact]
    public void ItWritesTheSameFiles()
    {
        Assert.SkipUnless(PackedFixture.IsSlow, "compiles the tool: with GMM_SLOW=1");
        ConsumerTests.SkipWithoutLinker();
        var folder = packed.NewFolder();
        var (exitCode, output, error) = DotNet.Start(Path.Combine(Repository.Root, "publish-native.sh"), folder, [folder], ("LEVELS", "v3"));
        Assert.True(exitCode == 0, output + error);
        var native = Path.Combine(Directory.GetDirectories(folder, $"gmm-*-{RuntimeInformation.RuntimeIdentifier}-v3").Single(), "gmm");
        Assert.Equal(["DejaVu.txt", "DotNet.txt", "ScottPlot.txt", "SkiaSharp.txt", "System.Numerics.Tensors.txt"],
            Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(native)!, "licenses")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var ahead = Run(native);
        var inTime = Run("dotnet", Path.Combine(AppContext.BaseDirectory, "gmm.dll"));
        Assert.Equal(inTime.Lines, ahead.Lines);
        Assert.Equal(inTime.Files.Keys.Order(StringComparer.Ordinal), ahead.Files.Keys.Order(StringComparer.Ordinal));
        Assert.All(inTime.Files, file => Assert.True(file.Value.AsSpan().SequenceEqual(ahead.Files[file.Key]), file.Key));
        Assert.Contains("vectors of 256 bits, compiled ahead of time", DotNet.Start(native, folder, ["--version"]).Output, StringComparison.Ordinal);
    }

    // Exit codes and all that is printed, and every file that is written but pages, which say how long things took.
    private (string[] Lines, Dictionary<string, byte[]> Files) Run(string program, params string[] before)
    {
        var folder = packed.NewFolder();
        var data = Path.Combine(Repository.Root, "data");
        foreach (var name in (string[])["iris.csv", "air-quality.csv"]) File.Copy(Path.Combine(data, name), Path.Combine(folder, name));
        Directory.CreateSymbolicLink(Path.Combine(folder, "pictures"), Path.Combine(data, "pictures"));
        string[] lines = [.. s_commands.Select(command => $"{string.Join(' ', command)}: {DotNet.Start(program, folder, [.. before, .. command])}")];
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".html", StringComparison.Ordinal));
        return (lines, files.ToDictionary(path => Path.GetRelativePath(folder, path), File.ReadAllBytes));
    }
}
