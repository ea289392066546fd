using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli.Tests;

/// <summary>predict --anomaly and --confidence, and the boundaries of one column.</summary>
public sealed class AnomalyTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("1%", 2)]
    [InlineData("0.01", 2)]
    [InlineData("5 %", 13)]
    [InlineData("50%", 136)]
    public void TheShareOfTheRowsOfTheFitIsMarked(string share, int marked)
    {
        var model = _scratch.Model();
        var table = Table(Tool.Run("predict", model, Tool.Faithful, "--anomaly", share).Clean());
        Assert.Equal(["label", "log_density", "r0", "r1", "anomaly", "tail_probability"], table.ColumnNames);
        var rows = table.Values.Chunk(6).ToArray();
        Assert.Equal(marked, rows.Count(row => row[4] == 1));
        foreach (var row in rows)
        {
            Assert.Equal(rows.Count(other => other[1] <= row[1]) / 272.0, row[5]);
            Assert.Equal(row[5] <= double.Parse(share.TrimEnd('%', ' '), System.Globalization.CultureInfo.InvariantCulture) / (share.Contains('%') ? 100 : 1), row[4] == 1);
        }
    }

    [Fact]
    public void NewRowsAreMeasuredByTheRowsOfTheFit()
    {
        var model = _scratch.Model();
        var rows = _scratch.Write("new.csv", "eruptions,waiting\n2,54\n20,54\n4.3,80\n");
        var table = Table(Tool.Run("predict", model, rows, "--anomaly", "1%", "--confidence").Clean());
        Assert.Equal(["label", "log_density", "r0", "r1", "entropy", "second_label", "second_responsibility", "anomaly", "tail_probability"], table.ColumnNames);
        Assert.Equal([0.0, 1, 0], table.Values.Chunk(9).Select(row => row[7]));
        Assert.Equal(0, table.Values[9 + 8]);
        Assert.InRange(table.Values[18 + 8], 0.5, 1);
    }

    [Fact]
    public void DensitiesOfRowsWithGapsAreNotComparedSilently()
    {
        var model = _scratch.Model();
        var rows = _scratch.Write("gaps.csv", "eruptions,waiting\n2,54\nNA,54\n4.3,NA\n");
        const string Warning = "gmm: warning: 2 rows have gaps, and a density of fewer columns does not compare with others: do not rely on tail_probability there";
        Assert.Contains(Warning, Tool.Run("predict", model, rows, "--missing", "marginalize", "--anomaly", "1%").Error);
        Assert.DoesNotContain("warning", Tool.Run("predict", model, rows, "--missing", "marginalize", "--confidence").Error);

        // Nothing is known of a row without a value, so nothing is unusual in it.
        var empty = Tool.Run("predict", model, _scratch.Write("empty.csv", "eruptions,waiting\nNA,NA\n"), "--missing", "marginalize", "--anomaly", "99%");
        Assert.EndsWith(",0,1", empty.Lines[^1]);
        Tool.Run("predict", model, Tool.Faithful, "--missing", "marginalize", "--anomaly", "1%").Clean();
    }

    [Fact]
    public void ConfidenceNamesTheSecondBest()
    {
        var model = _scratch.Path("iris.json");
        Tool.Run("fit", Tool.Iris, "-k", "3", "-o", model, "--quiet").Clean();
        foreach (var row in Table(Tool.Run("predict", model, Tool.Iris, "--confidence").Clean()).Values.Chunk(8))
        {
            double[] r = [row[2], row[3], row[4]];
            Assert.Equal(r.Sum(x => x > 0 ? -x * Math.Log(x) : 0), row[5], 1e-15);
            Assert.Equal(r.Order().ElementAt(1), row[7]);
            Assert.Equal(r[(int)row[6]], row[7]);
            Assert.NotEqual(row[0], row[6]);
        }
        Tool.Run("fit", Tool.Iris, "-k", "1", "-o", model, "--quiet").Clean();
        var single = Table(Tool.Run("predict", model, Tool.Iris, "--confidence").Clean());
        Assert.Equal(["label", "log_density", "r0", "entropy"], single.ColumnNames);
        Assert.All(single.Values.Chunk(4), row => Assert.Equal(0, row[3]));
    }

    [Fact]
    public void AModelThatDoesNotKnowSaysHowToMakeItKnow()
    {
        var (model, alone) = (_scratch.Path("old.json"), _scratch.Path("alone.json"));
        var data = TableFile.Read(Tool.Faithful);
        var fit = MixtureFit.Fit(new Points(data.Values, 2), new FitOptions { Components = 2, ColumnNames = data.ColumnNames }, TestContext.Current.CancellationToken);
        using (var file = File.Create(model)) fit.Save(file);
        using (var file = File.Create(alone)) fit.Model.Save(file);
        Tool.Run("predict", model, Tool.Faithful, "--anomaly", "1%").Fails(3,
            $"{model}: has no density quantiles, which --anomaly needs; gmm fit DATA --continue {model} -o {model} adds them, with the DATA of the fit");
        Tool.Run("predict", alone, Tool.Faithful, "--anomaly", "1%").Fails(3, $"{alone}: has no density quantiles, which --anomaly needs; gmm fit writes them");
        Tool.Run("fit", Tool.Faithful, "--continue", model, "-o", model, "--quiet").Clean();
        Tool.Run("predict", model, Tool.Faithful, "--anomaly", "1%").Clean();
        Measure(fit, model);
    }

    [Fact]
    public void OneColumnHasPlacesWhereTheLabelChanges()
    {
        var model = _scratch.Path("m.json");
        var shown = Tool.Run("fit", Tool.Faithful, "-k", "2", "--columns", "waiting", "-o", model).Clean();
        Assert.Equal(shown.Output, Tool.Run("info", model).Clean().Output);
        var boundaries = GaussianMixture.FromJson(File.ReadAllText(model)).Boundaries();
        var at = Array.IndexOf(shown.Lines, "most probable component, by waiting");
        Assert.Equal(boundaries.Count + 1, shown.Lines.Length - at - 1);
        Assert.Equal(FormattableString.Invariant($"below {boundaries[0].Position:f3} {boundaries[0].Below}"), Words(shown.Lines[at + 1]));
        Assert.StartsWith(FormattableString.Invariant($"{boundaries[0].Position:f3} to "), Words(shown.Lines[at + 2]));

        var twins = _scratch.Write("t.json", """{"covarianceType":"full","weights":[0.5,0.5],"means":[[2],[2]],"covariances":[[[1]],[[1]]]}""");
        Assert.Contains("one component is the most probable everywhere: 0\n", Tool.Run("info", twins).Clean().Output);
        Assert.DoesNotContain("most probable", Tool.Run("info", _scratch.Model("two.json")).Clean().Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheReportShowsTheUnusualRowsAndTheColumnThatMakesThemSo(bool hasGaps)
    {
        // A row that is near the mean in each column, and far from what the two say of each other.
        var random = new Random(3);
        List<string> lines = ["z,x,y"];
        for (var i = 0; i < 300; i++)
        {
            var x = random.NextDouble() * 4 - 2;
            var (first, second) = i == 123 ? (1, -1) : (x, x + 0.01 * random.NextDouble());
            var other = FormattableString.Invariant($"{random.NextDouble()}");
            lines.Add(FormattableString.Invariant($"{(hasGaps && i == 123 ? "NA" : other)},{first},{second}"));
        }
        if (hasGaps) lines.Add("NA,NA,NA");
        var data = _scratch.Write("d.csv", string.Join('\n', lines));
        var page = _scratch.Path("page.html");
        Tool.Run(["fit", data, "-k", "1", "--report", page, "--quiet", .. hasGaps ? (string[])["--missing", "marginalize"] : []]);
        var text = File.ReadAllText(page);
        var section = text[text.LastIndexOf(">Most unusual rows<", StringComparison.Ordinal)..];
        var row = section[section.IndexOf("<tbody>", StringComparison.Ordinal)..];
        row = row[..row.IndexOf("</tr>", StringComparison.Ordinal)];
        Assert.Contains(">123<", row);
        Assert.Contains(">0.0033333<", row);
        Assert.Matches(">[xy]<", row);
    }

    private static void Measure(FitResult expected, string path) => Assert.Equal(expected.Trace.ToArray(), FitResult.Load(new MemoryStream(File.ReadAllBytes(path)))!.Trace.ToArray());

    private static string Words(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static NumericTable Table(ToolResult result) => TableFile.Read("-", null, new MemoryStream(result.Bytes));
}
