using System.Text.RegularExpressions;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>docs/numerics.md names tests that exist.</summary>
public partial class NumericsDocumentTests
{
    [Fact]
    public void EveryTestThatIsNamedExists()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "numerics.md"));
        var named = TestName().Matches(text).Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).Distinct().ToArray();
        Assert.True(named.Length >= 10);
        var types = typeof(NumericsDocumentTests).Assembly.GetTypes();
        Assert.All(named, test => Assert.Contains(types, type => type.Name == test.Class && type.GetMethod(test.Method) is not null));
    }

    [GeneratedRegex(@"\b([A-Z]\w+Tests)\.([A-Z]\w+)")]
    private static partial Regex TestName();
}
