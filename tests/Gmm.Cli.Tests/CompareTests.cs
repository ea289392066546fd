using System.Text.Json;

namespace Gmm.Cli.Tests;

/// <summary>gmm compare.</summary>
public sealed class CompareTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void AModelAgreesWithItselfInEverything()
    {
        var model = _scratch.Model();
        var json = Json("compare", model, model, Tool.Faithful, "--json");
        Assert.Equal(0, json.GetProperty("jensenShannon").GetProperty("estimate").GetDouble());
        Assert.Equal(0, json.GetProperty("divergenceAB").GetProperty("upperBound").GetDouble(), 1e-9);
        var data = json.GetProperty("data");
        Assert.Equal((272, 272, 1.0), (data.GetProperty("rows").GetInt32(), data.GetProperty("agreeing").GetInt32(), data.GetProperty("adjustedRandIndex").GetDouble()));
        Assert.Empty(json.GetProperty("onlyA").EnumerateArray());
    }

    [Fact]
    public void ComponentsAreMatchedWhateverTheirOrderAndColumnsWhateverTheirs()
    {
        var model = _scratch.Write("a.json", """
            {"covarianceType":"diag","weights":[0.2,0.3,0.5],"means":[[0,1],[5,6],[10,20]],"covariances":[[1,2],[3,4],[5,6]],"columns":["u","v"]}
            """);
        var turned = _scratch.Write("b.json", """
            {"covarianceType":"diag","weights":[0.5,0.2,0.3],"means":[[20,10],[1,0],[6,5]],"covariances":[[6,5],[2,1],[4,3]],"columns":["v","u"]}
            """);
        var json = Json("compare", model, turned, "--json");
        Assert.Equal([(0, 1), (1, 2), (2, 0)], json.GetProperty("matches").EnumerateArray().Select(m => (m.GetProperty("a").GetInt32(), m.GetProperty("b").GetInt32())));
        Assert.All(json.GetProperty("matches").EnumerateArray(), m => Assert.Equal(0, m.GetProperty("symmetricDivergence").GetDouble(), 1e-12));
        Assert.Equal(0, json.GetProperty("jensenShannon").GetProperty("estimate").GetDouble(), 1e-12);
        Assert.False(json.TryGetProperty("data", out _));
    }

    [Fact]
    public void TablesShowPairsLeftoversDistancesAndLabels()
    {
        var (two, three) = (_scratch.Model(), _scratch.Path("three.json"));
        Tool.Run("fit", Tool.Faithful, "-k", "3", "--covariance", "tied", "-o", three, "--quiet");
        var shown = Tool.Run("compare", two, three, Tool.Faithful, "--samples", "20000", "--seed", "5").Clean();
        Assert.Equal(shown.Output, Tool.Run("compare", two, three, Tool.Faithful, "--samples", "20000", "--seed", "5").Clean().Output);
        Assert.Equal($"A  {two}  2 components, full covariance", shown.Lines[0].Replace("   ", "  ", StringComparison.Ordinal));
        Assert.Contains(shown.Lines, line => line.TrimStart().StartsWith("-  ", StringComparison.Ordinal));
        Assert.Contains("from 20000 points drawn from each model with seed 5", shown.Output);
        foreach (var word in (string[])["KL(A to B)", "KL(B to A)", "Jensen-Shannon", "same component", "adjusted Rand index", "272 rows"])
            Assert.Contains(word, shown.Output);
        var json = Json("compare", two, three, Tool.Faithful, "--json");
        var (there, back) = (json.GetProperty("divergenceAB"), json.GetProperty("divergenceBA"));
        foreach (var one in (JsonElement[])[there, back])
            Assert.InRange(one.GetProperty("estimate").GetDouble(), 0, one.GetProperty("upperBound").GetDouble());
        Assert.Single(json.GetProperty("onlyB").EnumerateArray());
    }

    [Fact]
    public void ModelsOfOtherColumnsAreRefused()
    {
        var (model, one, named) = (_scratch.Model(), _scratch.Path("one.json"), _scratch.Path("named.json"));
        Tool.Run("fit", Tool.Faithful, "-k", "1", "--columns", "waiting", "-o", one, "--quiet").Clean();
        Tool.Run("fit", Tool.Iris, "-k", "1", "--columns", "sepal_length,sepal_width", "-o", named, "--quiet").Clean();
        Tool.Run("compare", model, one).Fails(3, $"{one} has 1 column and {model} 2 columns; models of the same columns are required");
        Tool.Run("compare", model, named).Fails(3,
            $"{named} has the columns sepal_length, sepal_width and {model} eruptions, waiting; models of the same columns are required");
    }

    [Fact]
    public void DensitiesThatShareNoRegionAreShownAsInfinitelyFarApart()
    {
        var near = _scratch.Write("a.json", """{"covarianceType":"full","weights":[1],"means":[[0]],"covariances":[[[1]]]}""");
        var far = _scratch.Write("b.json", """{"covarianceType":"full","weights":[1],"means":[[1e200]],"covariances":[[[1]]]}""");
        Assert.Contains(Tool.Run("compare", near, far, "--samples", "10").Clean().Lines, line => line.StartsWith("KL(A to B)", StringComparison.Ordinal) && line.Contains('∞'));
        var json = Json("compare", near, far, "--samples", "10", "--json");
        Assert.Equal(JsonValueKind.Null, json.GetProperty("divergenceAB").GetProperty("estimate").ValueKind);
        Assert.Equal(Math.Log(2), json.GetProperty("jensenShannon").GetProperty("estimate").GetDouble(), 1e-12);
    }

    private static JsonElement Json(params string[] arguments) => JsonDocument.Parse(Tool.Run(arguments).Clean().Output).RootElement;
}
