using Gmm.Data.Images.Clustering;

namespace Gmm.Data.Tests.Images.Clustering;

public class ContingencyTests
{
    [Fact]
    public void CountsCategoriesAgainstComponents()
    {
        var table = Contingency.Count(["b", "a", null, "b", "b", "a"], [0, 2, 1, 0, 2, 2], 4);
        Assert.Equal(["a", "b"], table.Categories);
        Assert.Equal(4, table.Components);
        Assert.Equal([0, 0, 2, 0], Enumerable.Range(0, 4).Select(component => table[0, component]));
        Assert.Equal([2, 0, 1, 0], Enumerable.Range(0, 4).Select(component => table[1, component]));
        Assert.Equal([2, 3], table.CategorySums());
        Assert.Equal([2, 0, 3, 0], table.ComponentSums());
        Assert.Equal((5, 1), (table.Total, table.Unlabeled));
    }

    [Fact]
    public void ArgumentsMustFit()
    {
        Assert.Equal("labels[1] is 2; 0 to 1 is required. (Parameter 'labels')",
            Assert.Throws<ArgumentException>(() => Contingency.Count(["a", "b"], [0, 2], 2)).Message);
        Assert.Equal("labels[0] is -1; 0 to 1 is required. (Parameter 'labels')",
            Assert.Throws<ArgumentException>(() => Contingency.Count([null], [-1], 2)).Message);
        Assert.Equal("labels has 1 values; 2 are required, as many as categories has. (Parameter 'labels')",
            Assert.Throws<ArgumentException>(() => Contingency.Count(["a", "b"], [0], 2)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Contingency.Count([], [], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Contingency.Count(["a"], [0], 1)[0, 1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Contingency.Count(["a"], [0], 1)[1, 0]);
    }

    /// <summary>By hand; "aabb" against 0101: no common pair, 2 and 2 pairs of 6: (0 - 4/6) / (2 - 4/6) = -1/2.</summary>
    [Theory]
    [InlineData("aabb", "0011", 1.0)]
    [InlineData("aabb", "1100", 1.0)]
    [InlineData("aabb", "0101", -0.5)]
    [InlineData("aabb", "0012", 4.0 / 7)] // (1 - 1/3) / (3/2 - 1/3)
    [InlineData("aaaa", "0000", 1.0)] // 0/0: equal
    [InlineData("abcd", "0123", 1.0)] // 0/0: equal
    [InlineData("aaaa", "0123", 0.0)]
    [InlineData("abcd", "0000", 0.0)]
    public void IndexByHand(string categories, string components, double expected) =>
        Assert.Equal(expected, Index(categories, components)!.Value, 1e-15);

    /// <summary>
    /// The counts (10, 0, 0), (0, 6, 4), (1, 2, 7): pairs 45 + 15 + 6 + 1 + 21 = 88, categories 45 + 45 + 45 = 135, components 55 + 28 + 55 = 138,
    /// all 435. (88 - 135 x 138 / 435) / (136.5 - 135 x 138 / 435) = 19650 / 40747.5.
    /// </summary>
    [Fact]
    public void ALargerTableByHand()
    {
        var index = Index(new string('a', 10) + new string('b', 10) + new string('c', 10), "0000000000" + "1111112222" + "0112222222");
        Assert.Equal(19650 / 40747.5, index!.Value, 1e-15);
    }

    [Fact]
    public void WithoutAPairThereIsNoIndex()
    {
        Assert.Null(Index("", ""));
        Assert.Null(Index("a", "0"));
        Assert.Null(AdjustedRandIndex.Of(Contingency.Count(["a", null], [0, 0], 1)));
    }

    [Fact]
    public void NamesAndNumbersDoNotMatterAndChanceGivesZero()
    {
        var random = new Random(9);
        var categories = new string([.. Enumerable.Range(0, 20_000).Select(_ => (char)('a' + random.Next(4)))]);
        var components = new string([.. Enumerable.Range(0, 20_000).Select(_ => (char)('0' + random.Next(3)))]);
        var index = Index(categories, components)!.Value;
        Assert.InRange(index, -0.001, 0.001);
        Assert.Equal(index, Index(categories.Replace('a', 'z'), components.Replace('0', '7')));
    }

    private static double? Index(string categories, string components) => AdjustedRandIndex.Of(
        Contingency.Count([.. categories.Select(category => category.ToString())], [.. components.Select(component => component - '0')], 10));
}
