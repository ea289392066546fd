using System.Globalization;
using System.Text;
using Gmm.Data;
using Gmm.Fast;
using Gmm.TestKit;

namespace Gmm.Cli.Tests;

/// <summary>--missing marginalize, and gmm impute.</summary>
public sealed class MarginalizeTests : IDisposable
{
    private const string Advice = "--missing drop leaves such rows out, --missing marginalize uses the values that they have";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void AFitUsesTheValuesThatAreThere()
    {
        var data = Path.Combine(AppContext.BaseDirectory, "Reports", "r24_missing_values", "doses.csv");
        var result = Tool.Run("fit", data, "-k", "2", "--missing", "marginalize", "--json");
        Assert.Equal($"gmm: {data}: 41 points of 2 columns; 1 value in 1 of 41 rows is missing{Environment.NewLine}", result.Error);
        var table = TableFile.Read(data, new TableOptions { Missing = TableMissing.Keep });
        var fit = MixtureFit.Fit(
            new Points(table.Values, 2), new FitOptions { Components = 2, ColumnNames = table.ColumnNames, MissingValues = MissingValues.Marginalize, DensityQuantiles = true },
            TestContext.Current.CancellationToken);
        Assert.Equal((41, fit.TotalLogLikelihood), (result.Fit().Points, result.Fit().TotalLogLikelihood));
        Assert.Equal(fit.Model.ToJson(), result.Fit().Model.ToJson());
    }

    [Fact]
    public void AModelRemembersHowItWasFitted()
    {
        var (model, data) = (_scratch.Path("m.json"), Gappy());
        var fit = Tool.Run("fit", data, "-k", "2", "--missing", "marginalize", "--reg-relative", "1e-6", "-o", model, "--json").Fit();
        var note = $"gmm: {data}: 40 points of 2 columns; 5 values in 4 of 40 rows are missing; 1 row has no value at all{Environment.NewLine}";
        var remembered = $"gmm: {model} was fitted with --missing marginalize, so a row with gaps counts with the values that it has{Environment.NewLine}";
        foreach (var command in (string[][])[["predict", model, data], ["score", model, data], ["compare", model, model, data]])
        {
            var (silent, asked) = (Tool.Run(command), Tool.Run([.. command, "--missing", "marginalize"]));
            Assert.Equal((note + remembered, note), (silent.Error, asked.Error));
            Assert.Equal((0, asked.Output), (silent.ExitCode, silent.Output));
            Tool.Run([.. command, "--missing", "error"]).Fails(3, Refusal(data));
        }
        Assert.Equal(note + remembered, Tool.Run("plot", model, data, "-o", _scratch.Path("p.png")).Error);
        Assert.Equal("", Tool.Run("score", model, Tool.Faithful).Clean().Error);

        // A fit goes on as it began, and a new one begins anew.
        var further = Tool.Run("fit", data, "--continue", model, "--tol", "1e-30", "--max-iter", "3", "--json");
        Assert.Equal(fit.Iterations + 3, further.Fit().Iterations);
        Tool.Run("fit", data, "--init", model).Fails(3, Refusal(data));

        // As the fit does, the score leaves out the row without a value.
        var score = Tool.Run("score", model, data, "--missing", "marginalize").Lines;
        Assert.Equal("39", score[0].Split(' ')[^1]);
        Assert.Equal(fit.TotalLogLikelihood, double.Parse(score[1].Split(' ')[^1], CultureInfo.InvariantCulture), 1e-9);
        Assert.Equal(fit.Bic, double.Parse(score[3].Split(' ')[^1], CultureInfo.InvariantCulture), 1e-9);
        Assert.Contains(fit.Warnings, warning => warning is { Kind: FitWarningKind.EmptyPoints, Message: "1 point has no value at all and is left out" });
    }

    [Fact]
    public void PredictionsAreThoseOfTheValuesThatAreThere()
    {
        var (path, data) = (_scratch.Path("m.json"), Gappy());
        Tool.Run("fit", data, "-k", "2", "--missing", "marginalize", "-o", path, "--quiet");
        var model = GaussianMixture.FromJson(File.ReadAllText(path));
        var table = Read(Tool.Run("predict", path, data, "--missing", "marginalize"));
        Assert.Equal(40, table.Rows);
        Assert.Equal(model.Marginal([0]).LogDensity([1.8]), table.Values[4 + 1], 1e-12);
        Assert.Equal([0, model.Weights[0], model.Weights[1]], table.Values[(4 * 9 + 1)..(4 * 9 + 4)]);
    }

    [Fact]
    public void FiguresAndPagesLeaveGapsOut()
    {
        var (data, one) = (Gappy(), _scratch.Write("one.csv", "x\n" + string.Join('\n', Enumerable.Range(0, 50).Select(i => i % 7 == 0 ? "NA" : Text(Math.Sin(i))))));
        foreach (var (path, columns) in ((string, int)[])[(data, 2), (one, 1)])
        {
            var (page, svg) = (_scratch.Path($"{columns}.html"), _scratch.Path($"{columns}.svg"));
            var result = Tool.Run("fit", path, "-k", "2", "--missing", "marginalize", "--report", page, "--plot", svg, "--quiet");
            Assert.Equal(0, result.ExitCode);
            var html = File.ReadAllText(page);
            Assert.Contains("A point is drawn where it has the values of the axes.", html);
            Assert.Contains("after 1 iteration", html);
            Assert.DoesNotContain("NaN", File.ReadAllText(svg));
        }
    }

    [Fact]
    public void ImputeFillsInMeansAndKeepsWhatIsThere()
    {
        var (path, data) = (_scratch.Model(), Gappy());
        var model = GaussianMixture.FromJson(File.ReadAllText(path));
        var result = Tool.Run("impute", path, data);
        Assert.Equal($"gmm: {data}: 40 points of 2 columns; 5 values in 4 of 40 rows are missing; 1 row has no value at all{Environment.NewLine}", result.Error);
        var (given, filled) = (TableFile.Read(data, new TableOptions { Missing = TableMissing.Keep, Match = model.ColumnNames }), Read(result));
        Assert.Equal(["eruptions", "waiting"], filled.ColumnNames);
        var expected = new double[80];
        Assert.Equal(5, model.Impute(new Points(given.Values, 2), expected));
        Assert.Equal(expected, filled.Values);
        for (var i = 0; i < 80; i++) Assert.True(double.IsNaN(given.Values[i]) || given.Values[i] == filled.Values[i]);
        Assert.Equal(0, Tool.Run("impute", path, data, "-o", _scratch.Path("f.npy")).ExitCode);
        Assert.Equal(expected, TableFile.Read(_scratch.Path("f.npy")).Values);
    }

    [Fact]
    public void DrawsDependOnTheSeedAlone()
    {
        var (path, data) = (_scratch.Model(), Gappy());
        var first = Tool.Run("impute", path, data, "--draw", "--threads", "1").Output;
        Assert.Equal(first, Tool.Run("impute", path, data, "--draw", "--seed", "0", "--threads", "3").Output);
        Assert.NotEqual(first, Tool.Run("impute", path, data, "--draw", "--seed", "1").Output);
        Assert.NotEqual(first, Tool.Run("impute", path, data).Output);
    }

    [Fact]
    public void ImputeTakesTheColumnsOfTheModelWhereverTheyStand()
    {
        var path = _scratch.Model();
        var lines = File.ReadAllLines(Gappy());
        var data = _scratch.Write("other.csv", string.Join('\n', lines.Select((line, i) => i == 0 ? "name,Waiting,ERUPTIONS" : $"n{i},{line.Split(',')[1]},{line.Split(',')[0]}")));
        Assert.Equal(Tool.Run("impute", path, Gappy()).Output, Tool.Run("impute", path, data).Output);
        var empty = _scratch.Write("empty.csv", "eruptions,waiting\n1.8,\n4.4,\n");
        Assert.Equal(2, Read(Tool.Run("impute", path, empty)).Rows);
        Tool.Run("impute", path, _scratch.Write("one.csv", "eruptions\n1.8\nNA\n")).Fails(3, $"{_scratch.Path("one.csv")} has 1 column and {path} 2 columns; choose as many with --columns");
    }

    [Fact]
    public void ACompleteTableIsGivenBack()
    {
        var result = Tool.Run("impute", _scratch.Model(), Tool.Faithful);
        Assert.Equal($"gmm: {Tool.Faithful}: no value is missing{Environment.NewLine}", result.Error);
        Assert.Equal(TableFile.Read(Tool.Faithful).Values, Read(result).Values);
    }

    [Fact]
    public void RowsWithoutAValueStartNoComponent()
    {
        var data = _scratch.Write("few.csv", "a,b\n1,2\nNA,NA\nNA,NA\n2,NA\n");
        Assert.EndsWith($"gmm: {data} has 2 rows with a value; -k 3 needs at least 3{Environment.NewLine}", Tool.Run("fit", data, "-k", "3", "--missing", "marginalize").Error);
        var empty = _scratch.Write("empty.csv", "a,b\nNA,NA\nNA,NA\n");
        var model = _scratch.Path("m.json");
        Assert.Equal(0, Tool.Run("fit", data, "-k", "1", "--missing", "marginalize", "--reg-covar", "1", "-o", model, "--quiet").ExitCode);
        Assert.EndsWith($"gmm: {empty}: no row has a value{Environment.NewLine}", Tool.Run("score", model, empty, "--missing", "marginalize").Error);
        Assert.Equal("0,0,1", Tool.Run("predict", model, empty, "--missing", "marginalize").Lines[2]);
    }

    [Theory]
    [InlineData("--seed 3", "--seed is 3, and nothing is drawn; --draw is required")]
    [InlineData("-o f.xls", "-o is 'f.xls'; a path that ends in .csv, .tsv, .txt, .npy, .parquet, .arrow or .feather is required")]
    [InlineData("--missing drop", "unrecognized command or argument '--missing'")]
    public void WhatImputeCannotDo(string options, string line) =>
        Tool.Run(["impute", "m.json", "d.csv", .. options.Split(' ')]).Fails(2, $"{line} (see gmm impute --help)");

    [Fact]
    public void SlowPatternsAreToldBeforehand()
    {
        Assert.SkipUnless(SlowTests.AreOn, "GMM_SLOW=1 runs a fit that is slow");

        // Nearly every row has a pattern of its own.
        const int Rows = 3_000, Columns = 40;
        var random = new Random(1);
        var text = new StringBuilder();
        for (var i = 0; i < Rows; i++)
            text.AppendLine(string.Join(',', Enumerable.Range(0, Columns).Select(_ => random.NextDouble() < 0.2 ? "NA" : Text(random.NextDouble()))));
        var data = _scratch.Write("many.csv", text.ToString());
        var result = Tool.Run("fit", data, "-k", "8", "--missing", "marginalize", "--max-iter", "1", "--init", "points", "--json");
        Assert.Matches($"gmm: {data}: \\d+ different sets of columns have values, and make the fit about \\d+ times as slow as without missing values; "
            + "leaving out columns with many missing values, or --covariance diag, makes it faster", result.Error);
        Assert.DoesNotContain("different sets", Tool.Run("fit", Gappy(), "-k", "2", "--missing", "marginalize", "--json").Error);
    }

    [Fact]
    public void AModelOfCompleteRowsAsksWhatGapsMean()
    {
        var (model, data) = (_scratch.Model(), Gappy());
        foreach (var command in (string[][])[["predict", model, data], ["score", model, data], ["plot", model, data, "-o", _scratch.Path("p.png")], ["compare", model, model, data]])
        {
            Tool.Run(command).Fails(3, Refusal(data));
            Assert.Equal(0, Tool.Run([.. command, "--missing", "marginalize"]).ExitCode);
        }
        var empty = _scratch.Write("empty.csv", "eruptions,waiting\nNA,NA\n");
        Assert.EndsWith($"gmm: {empty}: no row has a value{Environment.NewLine}", Tool.Run("compare", model, model, empty, "--missing", "marginalize").Error);
    }

    [Fact]
    public void AComparisonRemembersHowEitherModelWasFitted()
    {
        var (model, data, gappy) = (_scratch.Model(), Gappy(), _scratch.Path("gappy.json"));
        Assert.Equal(0, Tool.Run("fit", data, "-k", "2", "--missing", "marginalize", "-o", gappy, "--quiet").ExitCode);
        foreach (var (first, second) in (ReadOnlySpan<(string, string)>)[(gappy, model), (model, gappy)])
        {
            var (silent, asked) = (Tool.Run("compare", first, second, data), Tool.Run("compare", first, second, data, "--missing", "marginalize"));
            Assert.Equal((0, asked.Output), (silent.ExitCode, silent.Output));
            Assert.EndsWith($"gmm: {gappy} was fitted with --missing marginalize, so a row with gaps counts with the values that it has{Environment.NewLine}", silent.Error);
            Tool.Run("compare", first, second, data, "--missing", "error").Fails(3, Refusal(data));
        }
    }

    private static string Refusal(string data) =>
        $"{data}:3: column 2 (waiting): 'NA' stands for a missing value; 5 values in 4 of 40 rows are missing; {Advice}";

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static NumericTable Read(ToolResult result) => TableFile.Read(new MemoryStream(result.Bytes), "-");

    // The first 40 rows of Old Faithful: rows 2 and 20 without the second value, row 30 without the first, row 10 without any.
    private string Gappy() => _scratch.Write("gappy.csv", string.Join('\n', File.ReadLines(Tool.Faithful).Take(41).Select((line, i) => i switch
    {
        2 or 20 => $"{line.Split(',')[0]},NA",
        30 => $"?,{line.Split(',')[1]}",
        10 => "NA,NA",
        _ => line,
    })));
}
