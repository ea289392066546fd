using System.Globalization;
using Gmm.Data;

namespace Gmm.Cli.Tests;

/// <summary><c>--weights</c> of <c>gmm fit</c> and <c>gmm score</c>.</summary>
public sealed class WeightsTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly string _weighted;
    private readonly string _repeated;
    private readonly string _start;

    public WeightsTests()
    {
        _start = _scratch.Model("start.json");
        var lines = File.ReadLines(Tool.Faithful).ToArray();
        var cells = lines.Skip(1).Select(line => line.Split(','));
        string[] weighted = ["waiting,count,eruptions", .. cells.Select((row, i) => $"{row[1]},{Weight(i)},{row[0]}")];
        string[] repeated = [lines[0], .. lines.Skip(1).SelectMany((line, i) => Enumerable.Repeat(line, Weight(i)))];
        _weighted = _scratch.Write("weighted.csv", string.Join('\n', weighted));
        _repeated = _scratch.Write("repeated.csv", string.Join('\n', repeated));
    }

    public static TheoryData<string, string> BadWeights => new()
    {
        { "a,w\n1,1\n2,-1\n3,1\n", ":3: column 2 (w): '-1' is negative; a weight of at least 0 is required" },
        { "a,w\n1,1\n2,NaN\n3,1\n", ":3: column 2 (w): 'NaN' stands for a missing value; a weight is required" },
        { "a,w\n1,-Infinity\n2,1\n", ":2: column 2 (w): '-Infinity' is not finite" },
        { "a,w\n1,1\n2,1e400\n", ":3: column 2 (w): '1e400' is beyond the range of a double (1.8e308)" },
        { "a,w\n1,1\n2,\n", ":3: column 2 (w): the cell is empty; a weight is required" },
        { "a,w\n1,1\n2,two\n", ":3: column 2 (w): 'two' is not a number; --na two makes it a missing value" },
        { "a,w\n1,0\n2,0\n", ": column 2 (w): all weights are 0; at least one above 0 is required" },
        { "a,w\n1,1e308\n2,1e308\n", ": column 2 (w): the sum of the weights is beyond the range of a double (1.8e308)" },
        { "a,w\n1,1\nx,0.5\n", ":3: column 1 (a): 'x' is not a number; --na x makes it a missing value" },
        { "a,w\n1,1\n2\n", ":3: row has 1 cell; 2 are required; cells are taken to be separated by ','; --separator says another" },
        { "w\n1\n", ":1: the only column holds the weights; another one is required" },
        { "a,b\n1,1\n", ":1: no column is named 'w'; the columns are 'a', 'b'" },
        { "1,2\n3,4\n", ":1: no column is named 'w': there is no header row; choose columns by number" },
    };

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("full")]
    [InlineData("tied-diag")]
    [InlineData("tied-spherical")]
    public void WholeWeightsAreRepeatedRowsToAFit(string type)
    {
        var start = _scratch.Path("from.json");
        Tool.Run("fit", Tool.Faithful, "-k", "2", "--covariance", type, "--quiet", "-o", start).Clean();
        string[] options = ["--init", start, "--stop", "total", "--json"];
        var weighted = Tool.Run(["fit", _weighted, "--weights", "count", .. options]).Clean().Fit();
        var repeated = Tool.Run(["fit", _repeated, .. options]).Clean().Fit();
        Assert.Equal(["eruptions", "waiting"], weighted.Model.ColumnNames);
        Assert.Equal(repeated.Iterations, weighted.Iterations);
        Same(repeated.Model.Weights, weighted.Model.Weights);
        Same(repeated.Model.Means, weighted.Model.Means);
        Same(repeated.Model.Covariances, weighted.Model.Covariances);
        Same(repeated.Trace, weighted.Trace);
        Assert.Equal(repeated.TotalWeight, weighted.TotalWeight);
        Same([repeated.Bic, repeated.Aic], [weighted.Bic, weighted.Aic]);
    }

    [Fact]
    public void WholeWeightsAreRepeatedRowsToAScore()
    {
        var weighted = Values(Tool.Run("score", _start, _weighted, "--weights", "2").Clean());
        var repeated = Values(Tool.Run("score", _start, _repeated).Clean());
        Assert.Equal(["points", "sum_of_weights", "total_log_likelihood", "mean_log_likelihood", "bic", "aic"], weighted.Select(pair => pair.Name));
        Assert.Equal(Enumerable.Range(0, 272).Count(i => Weight(i) > 0), weighted[0].Value);
        Assert.Equal(repeated[0].Value, weighted[1].Value);
        Same([.. repeated[1..].Select(pair => pair.Value)], [.. weighted[2..].Select(pair => pair.Value)]);
        Assert.Contains("\"totalWeight\": ", Tool.Run("score", _start, _weighted, "--weights", "count", "--json").Clean().Output);
    }

    [Fact]
    public void WeightsThatSumToOneAreTold()
    {
        var rows = string.Join('\n', Enumerable.Range(0, 50).Select(i => FormattableString.Invariant($"{i % 7},{i % 11},0.02")));
        var result = Tool.Run("fit", _scratch.Write("shares.csv", "x,y,w\n" + rows), "-k", "1", "--weights", "w");
        Assert.Contains(
            "warning: the weights sum to 1 over 50 rows, and BIC and AIC take that for the number of rows; scale them to sum to 50", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3.3, "warning: the weights sum to 990.3 over 50 rows")]
    [InlineData(5, null)]
    public void WeightsThatAreNoCountsAndSumToFarMoreThanTheRowsAreTold(double first, string? warning)
    {
        var rows = string.Join('\n', Enumerable.Range(0, 50).Select(i => FormattableString.Invariant($"{i % 7},{i % 11},{(i == 0 ? first : i % 2 == 0 ? 13 : 27)}")));
        var error = Tool.Run("fit", _scratch.Write("population.csv", "x,y,w\n" + rows), "-k", "1", "--weights", "w").Error;
        if (warning is null) Assert.DoesNotContain("the weights sum to", error, StringComparison.Ordinal);
        else Assert.Contains(warning, error, StringComparison.Ordinal);
    }

    [Fact]
    public void AFitPrintsTheSumOfTheWeights()
    {
        var model = _scratch.Path("m.json");
        var shown = Tool.Run("fit", _weighted, "--weights", "count", "-k", "2", "-o", model).Clean();
        var sum = Enumerable.Range(0, 272).Sum(Weight).ToString(CultureInfo.InvariantCulture);
        Assert.Equal($"sum of weights   {sum}", shown.Lines.Single(line => line.StartsWith("sum", StringComparison.Ordinal)));
        Assert.Equal(shown.Output, Tool.Run("info", model).Clean().Output);
        Assert.DoesNotContain("sum of weights", Tool.Run("fit", Tool.Faithful, "-k", "2").Clean().Output);
        var ones = _scratch.Write("ones.csv", "a,w\n1,1\n2,1\n4,1\n");
        Assert.Contains("sum of weights   3", Tool.Run("fit", ones, "--weights", "w", "-k", "1").Clean().Lines);
    }

    [Fact]
    public void RowsOfWeight0AreNotThereWhateverTheyHold()
    {
        var with = _scratch.Write("with.csv", "a,w,b\n1,2,3\nNA,0,\n4,1,1\nInfinity,-0,x\n2,3,0\n6,0,5\n5,1,9\n");
        var without = _scratch.Write("without.csv", "a,w,b\n1,2,3\n4,1,1\n2,3,0\n5,1,9\n");
        string[] options = ["-k", "1", "--weights", "w", "--json", "--responsibilities"];
        var expected = Tool.Run(["fit", without, .. options, _scratch.Path("r.csv")]).Clean();
        Assert.Equal(expected.Output, Tool.Run(["fit", with, .. options, _scratch.Path("r.csv")]).Clean().Output);
        Assert.Equal((4, 7.0), (expected.Fit().Points, expected.Fit().TotalWeight));
        Assert.Equal("r0\n1\n1\n1\n1\n", File.ReadAllText(_scratch.Path("r.csv")));
        Tool.Run("fit", with, "-k", "5", "--weights", "w").Fails(3, $"{with} has 4 rows of weight above 0; -k 5 needs at least 5");
    }

    [Theory]
    [MemberData(nameof(BadWeights))]
    public void ABadWeightIsOneLineWithItsPlace(string text, string problem)
    {
        var data = _scratch.Write("data.csv", text);
        var model = _scratch.Write("one.json", "{\"covarianceType\":\"full\",\"weights\":[1],\"means\":[[1]],\"covariances\":[[[1]]]}");
        foreach (var command in (string[][])[["fit", data, "-k", "1"], ["fit", data, "--init", model], ["score", model, data]])
            Tool.Run([.. command, "--weights", "w"]).Fails(3, data + problem);
    }

    [Fact]
    public void ArraysHaveWeightsByNumber()
    {
        string Array(string name, params double[] values)
        {
            TableFile.Write(_scratch.Path(name), new NumericTable(values, 2));
            return _scratch.Path(name);
        }
        var fit = Tool.Run("fit", Array("w.npy", 1, 2, 0, 9, 3, 4), "-k", "1", "--weights", "1", "--json").Clean().Fit();
        Assert.Equal((2L, 4.0, 3.5), (fit.Points, fit.TotalWeight, fit.Model.Mean(0)[0]));
        Tool.Run("fit", Array("n.npy", 1, 2, -3, 9), "-k", "1", "--weights", "1")
            .Fails(3, $"{_scratch.Path("n.npy")}: row 2, column 1: -3 is negative; a weight of at least 0 is required");
        Tool.Run("fit", Array("i.npy", 1, 2, double.NaN, 9), "-k", "1", "--weights", "1")
            .Fails(3, $"{_scratch.Path("i.npy")}: row 2, column 1: NaN is not finite");
        Tool.Run("fit", Array("x.npy", 0, 2, 1, double.PositiveInfinity), "-k", "1", "--weights", "1")
            .Fails(3, $"{_scratch.Path("x.npy")}: row 2, column 2: Infinity is not finite");
        Tool.Run("fit", Array("z.npy", 0, 2, 0, 9), "-k", "1", "--weights", "1")
            .Fails(3, $"{_scratch.Path("z.npy")}: column 1: all weights are 0; at least one above 0 is required");
    }

    [Fact]
    public void WeightsThatAreADimensionOrComeTwiceAreRefused()
    {
        foreach (var command in (string[][])[["fit", _weighted, "-k", "1"], ["score", _start, _weighted]])
        {
            var help = $" (see gmm {command[0]} --help)";
            Tool.Run([.. command, "--weights", "count", "--columns", "waiting,count"])
                .Fails(2, $"--weights is 'count', which --columns has too; another column is required{help}");
            Tool.Run([.. command, "--weights", "count", "--weights", "2"])
                .Fails(2, $"option '--weights' expects a single argument but 2 were provided{help}");
            Tool.Run([.. command, "--weights", ""]).Fails(2, $"--weights is ''; the name or number of a column is required{help}");
            Tool.Run([.. command, "--weights", "2", "--columns", "waiting,count"])
                .Fails(3, $"{_weighted}:1: column 2 is chosen and holds the weights; it cannot be both");
        }
    }

    [Fact]
    public void ThePageNamesTheColumn()
    {
        var page = _scratch.Path("r.html");
        Tool.Run("fit", _weighted, "--weights", "count", "-k", "2", "--quiet", "--report", page).Clean();
        Assert.Contains("column count", File.ReadAllText(page));
        Assert.Contains("\"title\":\"after 1 iteration\"", File.ReadAllText(page));
    }

    // 0 to 3, and 0 for a tenth of the rows.
    private static int Weight(int row) => row % 10 == 3 ? 0 : 1 + row * 7 % 3;

    private static void Same(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(1, actual[i] / expected[i], 1e-9);
    }

    private static (string Name, double Value)[] Values(ToolResult result) => [.. result.Lines
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(cells => (cells[0], double.Parse(cells[1], CultureInfo.InvariantCulture)))];
}
