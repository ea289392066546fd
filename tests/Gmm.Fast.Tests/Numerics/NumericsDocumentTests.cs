using System.Text.RegularExpressions;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>Checks that the documents name tests that exist in some project.</summary>
public partial class NumericsDocumentTests
{
    [Theory]
    [InlineData("numerics.md")]
    [InlineData("input.md")]
    public void EveryTestThatIsNamedExists(string document)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", document));
        var named = TestName().Matches(text).Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).Distinct().ToArray();
        Assert.NotEmpty(named);
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);
        Assert.All(named, test => Assert.Contains(files[test.Class], source => Regex.IsMatch(source, $@"\b(void|Task) {test.Method}\(")));
    }

    [GeneratedRegex(@"\b([A-Z]\w+Tests)\.([A-Z]\w+)")]
    private static partial Regex TestName();
}
