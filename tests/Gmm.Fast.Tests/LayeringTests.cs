namespace Gmm.Fast.Tests;

/// <summary>
/// The engine's folders use each other in one direction only: Internals, Simd, Linalg, Data, Covariance, Em, Initialization, root. Read from the
/// source, because the compiler sees one assembly.
/// </summary>
public class LayeringTests
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Engine, "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Engine, file).Replace('\\', '/'))
        .Where(file => !file.StartsWith("obj/", StringComparison.Ordinal) && !file.StartsWith("bin/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void OnlySimdNamesAWidth(string file)
    {
        if (file.StartsWith("Simd/", StringComparison.Ordinal)) return;
        Assert.DoesNotMatch(@"Vector(64|128|256|512)|Avx|AdvSimd|\b(128|256|512)\b", File.ReadAllText(Path.Combine(Engine, file)));
    }

    private static string Engine => Path.Combine(Repository.Root, "src", "Gmm.Fast");
}
