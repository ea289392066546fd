using System.Text.RegularExpressions;

namespace Gmm.Fast.Tests;

/// <summary>
/// The engine's folders use each other in one direction only: Internals, Simd, Linalg, Data, Covariance, Em, Initialization, root. Read from the
/// source, because the compiler sees one assembly.
/// </summary>
public partial class LayeringTests
{
    private static readonly string[] s_order = ["Internals", "Simd", "Linalg", "Data", "Covariance", "Em", "Initialization"];

    // Records and enumerations of the root that anyone may name.
    private static readonly string[] s_leaves =
        ["CollapsePolicy", "CovarianceType", "FitOptions", "FitStatus", "IterationInfo", "Recovery", "StopRule", "StopKind", "StartMethod"];

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Engine, "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Engine, file).Replace('\\', '/'))
        .Where(file => !file.StartsWith("obj/", StringComparison.Ordinal) && !file.StartsWith("bin/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void FilesUseOnlyFoldersToTheirLeft(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        var text = File.ReadAllText(Path.Combine(Engine, file));
        Assert.Contains(folder.Length == 0 ? "namespace Gmm.Fast;" : $"namespace Gmm.Fast.{folder};", text, StringComparison.Ordinal);
        if (folder.Length == 0) return;

        var rank = Array.IndexOf(s_order, folder);
        Assert.True(rank >= 0, $"{file} lies in a folder that has no place in the order");
        foreach (var used in EngineNamespace().Matches(text).Select(match => match.Groups[1].Value).Where(used => used != folder))
            Assert.True(Array.IndexOf(s_order, used) < rank, $"{file} uses {used}, which is not to the left of {folder}");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void FoldersNameNoTypeOfTheRootButItsLeaves(string file)
    {
        if (Path.GetDirectoryName(file)!.Length == 0) return;
        var code = Comment().Replace(File.ReadAllText(Path.Combine(Engine, file)), "");
        foreach (var type in RootTypes.Except(s_leaves))
            Assert.False(Regex.IsMatch(code, $@"\b{type}\b"), $"{file} names {type}, a type of the root that is no leaf");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void OnlySimdNamesAWidth(string file)
    {
        if (file.StartsWith("Simd/", StringComparison.Ordinal)) return;
        Assert.DoesNotMatch(@"Vector(64|128|256|512)|Avx|AdvSimd|\b(128|256|512)\b", File.ReadAllText(Path.Combine(Engine, file)));
    }

    [Fact]
    public void TheRootHasTypesToFind()
    {
        Assert.Contains("GaussianMixture", RootTypes);
        Assert.Contains("MixtureFit", RootTypes);
        Assert.Superset(s_leaves.ToHashSet(), RootTypes.ToHashSet());
    }

    private static string Engine => Path.Combine(Repository.Root, "src", "Gmm.Fast");

    private static IEnumerable<string> RootTypes =>
        typeof(GaussianMixture).Assembly.GetTypes().Where(type => type.Namespace == "Gmm.Fast" && !type.IsNested).Select(type => type.Name);

    [GeneratedRegex(@"\bGmm\.Fast\.([A-Z][A-Za-z]*)")]
    private static partial Regex EngineNamespace();

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
