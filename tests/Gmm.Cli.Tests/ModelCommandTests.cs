using System.Globalization;
using System.Text.Json;
using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli.Tests;

/// <summary>predict, score, sample and info.</summary>
public sealed class ModelCommandTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly string _model;

    public ModelCommandTests() => _model = _scratch.Model();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void PredictWritesLabelDensityAndResponsibilities()
    {
        var model = GaussianMixture.FromJson(File.ReadAllText(_model));
        var data = TableFile.Read(Tool.Faithful);
        var text = Tool.Run("predict", _model, Tool.Faithful).Clean().Output;
        var table = TableFile.Read("-", null, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)));
        Assert.Equal(["label", "log_density", "r0", "r1"], table.ColumnNames);
        Assert.Equal(data.Rows, table.Rows);
        var responsibilities = new double[2];
        for (var i = 0; i < data.Rows; i++)
        {
            var point = data.Values.AsSpan(i * 2, 2);
            var row = table.Values.AsSpan(i * 4, 4);
            model.Responsibilities(point, responsibilities);
            Assert.Equal([model.Label(point), model.LogDensity(point), .. responsibilities], row.ToArray());
        }
    }

    [Theory]
    [InlineData("full")]
    [InlineData("tied-diag")]
    [InlineData("tied-spherical")]
    public void PredictionsThatComeInPartsHaveTheBytesOfOneTable(string type)
    {
        const int Rows = 70_000;
        var (path, data) = (_scratch.Path("m.json"), _scratch.Path("data.npy"));
        Tool.Run("fit", Tool.Iris, "-k", "3", "--covariance", type, "-o", path, "--quiet").Clean();
        var model = GaussianMixture.FromJson(File.ReadAllText(path));
        var points = new double[Rows * 4];
        model.Sample(5, points);
        TableFile.Write(data, new NumericTable(points, 4));
        var (labels, densities, responsibilities) = (new int[Rows], new double[Rows], new double[Rows * 3]);
        model.Labels(new Points(points, 4), labels);
        model.LogDensities(new Points(points, 4), densities);
        model.Responsibilities(new Points(points, 4), responsibilities);
        double[] values =
            [.. Enumerable.Range(0, Rows).SelectMany(i => (double[])[labels[i], densities[i], .. responsibilities[(3 * i)..(3 * i + 3)]])];
        var table = new NumericTable(values, 5, ["label", "log_density", "r0", "r1", "r2"]);
        foreach (var name in new[] { "p.csv", "p.npy" })
        {
            TableFile.Write(_scratch.Path("expected" + name), table);
            foreach (var threads in new[] { "1", "3" })
            {
                Tool.Run("predict", path, data, "--threads", threads, "-o", _scratch.Path(name)).Clean();
                Assert.True(File.ReadAllBytes(_scratch.Path("expected" + name)).AsSpan().SequenceEqual(File.ReadAllBytes(_scratch.Path(name))));
            }
        }
        Assert.Equal(Tool.Run("score", path, data, "--threads", "1").Clean().Output, Tool.Run("score", path, data, "--threads", "3").Clean().Output);
    }

    [Theory]
    [InlineData("tied-diag")]
    [InlineData("tied-spherical")]
    public void EveryCommandTakesAModelOfSharedVariances(string type)
    {
        var (path, sample) = (_scratch.Path("m.json"), _scratch.Path("s.csv"));
        var shown = Tool.Run("fit", Tool.Iris, "-k", "3", "--covariance", type, "-o", path).Clean();
        Assert.Equal($"components       3, {type} covariance", shown.Lines[0]);
        Assert.Equal(shown.Output, Tool.Run("info", path).Clean().Output);
        Tool.Run("sample", path, "-n", "500", "-o", sample).Clean();
        Tool.Run("generate", path, "-n", "500", "-o", _scratch.Path("g.csv")).Clean();
        Assert.Equal(File.ReadAllBytes(sample), File.ReadAllBytes(_scratch.Path("g.csv")));
        Assert.Equal(501, Tool.Run("predict", path, sample).Clean().Lines.Length);
        Assert.Equal("points                500", Tool.Run("score", path, sample).Clean().Lines[0]);
        var again = Tool.Run("fit", sample, "--init", path, "--covariance", type, "--json", "--report", _scratch.Path("r.html")).Clean().Fit();
        Assert.Equal(type, again.Model.CovarianceName);
        foreach (var name in new[] { "p.png", "p.svg" }) Tool.Run("plot", path, sample, "-o", _scratch.Path(name)).Clean();
        PlotTests.PngSize(_scratch.Path("p.png"));
    }

    [Fact]
    public void PredictionsAreTheSameInEveryFormat()
    {
        var standard = Tool.Run("predict", _model, Tool.Faithful).Clean();
        foreach (var name in new[] { "p.csv", "p.tsv", "p.npy" })
            Assert.Empty(Tool.Run("predict", _model, Tool.Faithful, "-o", _scratch.Path(name)).Clean().Bytes);
        Assert.Equal(standard.Bytes, File.ReadAllBytes(_scratch.Path("p.csv")));
        var csv = TableFile.Read(_scratch.Path("p.csv"));
        Assert.Equal(csv.Values, TableFile.Read(_scratch.Path("p.tsv")).Values);
        Assert.Equal(csv.Values, TableFile.Read(_scratch.Path("p.npy")).Values);
    }

    [Theory]
    [InlineData("x.csv", ',')]
    [InlineData("x.tsv", '\t')]
    [InlineData("-", ',')]
    public void ColumnsOfTheModelAreFoundByName(string name, char separator)
    {
        var other = string.Join('\n', File.ReadLines(Tool.Faithful).Select(line =>
            string.Join(separator, [line.StartsWith('e') ? "note" : "text", .. line.Split(',').Reverse()])));
        var path = name == "-" ? name : _scratch.Write(name, other);
        foreach (var command in new[] { "predict", "score" })
            Assert.Equal(Tool.Run(command, _model, Tool.Faithful).Clean().Output, Tool.RunWith(other, [command, _model, path]).Clean().Output);
        Assert.NotEqual(
            Tool.Run("score", _model, Tool.Faithful).Output,
            Tool.RunWith(other, ["score", _model, path, "--columns", "waiting,eruptions"]).Clean().Output);
    }

    [Fact]
    public void OtherNamesAreRefused()
    {
        var rows = File.ReadAllText(Tool.Faithful)["eruptions,waiting".Length..];
        var other = _scratch.Write("x.csv", "a,b" + rows);
        var expected = Tool.Run("score", _model, Tool.Faithful).Clean().Output;
        foreach (var command in new[] { "score", "predict", "plot" })
        {
            Tool.Run([command, _model, other, .. command == "plot" ? (string[])["-o", _scratch.Path("p.png")] : []])
                .Fails(3, $"{other} has the columns a, b, and {_model} was fitted to eruptions, waiting; --columns chooses those that take their places");
        }
        Assert.Equal(expected, Tool.Run("score", _model, other, "--columns", "a,b").Clean().Output);
        Assert.Equal(expected, Tool.Run("score", _model, _scratch.Write("nameless.csv", rows.Trim())).Clean().Output);
        Assert.Equal(expected, Tool.Run("score", _model, _scratch.Write("upper.csv", "ERUPTIONS,Waiting" + rows)).Clean().Output);
        Assert.Equal(3, Tool.Run("score", _model, _scratch.Write("one.csv", "eruptions,b" + rows)).ExitCode);
    }

    [Fact]
    public void ScorePrintsEveryDigit()
    {
        using var stream = File.OpenRead(_model);
        var fit = FitResult.Load(stream)!;
        var model = fit.Model;
        var lines = Tool.Run("score", _model, Tool.Faithful).Clean().Lines
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        Assert.Equal(["points", "total_log_likelihood", "mean_log_likelihood", "bic", "aic"], lines.Select(line => line[0]));
        var values = lines.Select(line => double.Parse(line[1], CultureInfo.InvariantCulture)).ToArray();
        var total = values[1];
        Assert.Equal(fit.TotalLogLikelihood, total, 1e-9);
        Assert.Equal([272, total, total / 272, model.Bic(total, 272), model.Aic(total)], values);

        var json = JsonDocument.Parse(Tool.Run("score", _model, Tool.Faithful, "--json").Clean().Output).RootElement;
        Assert.Equal(["points", "totalLogLikelihood", "meanLogLikelihood", "bic", "aic"], json.EnumerateObject().Select(property => property.Name));
        Assert.Equal(values, json.EnumerateObject().Select(property => property.Value.GetDouble()));
    }

    [Fact]
    public void ASampleIsRepeatableAndGoesThroughEveryFormat()
    {
        var standard = Tool.Run("sample", _model, "-n", "50", "--seed", "3").Clean();
        Assert.Equal("eruptions,waiting", standard.Lines[0]);
        Assert.Equal(51, standard.Lines.Length);
        Assert.NotEqual(standard.Output, Tool.Run("sample", _model, "-n", "50").Clean().Output);
        foreach (var name in new[] { "s.csv", "s.npy" }) Tool.Run("sample", _model, "-n", "50", "--seed", "3", "-o", _scratch.Path(name)).Clean();
        Assert.Equal(standard.Bytes, File.ReadAllBytes(_scratch.Path("s.csv")));
        Assert.Equal(TableFile.Read(_scratch.Path("s.csv")).Values, TableFile.Read(_scratch.Path("s.npy")).Values);
        var score = Tool.Run("score", _model, _scratch.Path("s.csv")).Clean().Output;
        Assert.Equal(score, Tool.Run("score", _model, _scratch.Path("s.npy")).Clean().Output);
        Assert.Equal(score, Tool.RunWith(standard.Output, ["score", _model, "-"]).Clean().Output);
    }

    [Fact]
    public void LabelsFollowThePointsOfASample()
    {
        Tool.Run("sample", _model, "-n", "2000", "-o", _scratch.Path("s.csv"), "--labels").Clean();
        var table = TableFile.Read(_scratch.Path("s.csv"));
        Assert.Equal(["eruptions", "waiting", "label"], table.ColumnNames);
        var model = GaussianMixture.FromJson(File.ReadAllText(_model));
        var right = Enumerable.Range(0, table.Rows).Count(i => model.Label(table.Values.AsSpan(i * 3, 2)) == table.Values[i * 3 + 2]);
        Assert.True(right > 1950, $"{right} of 2000 points lie nearest to their own component.");
        Tool.Run("score", _model, _scratch.Path("s.csv")).Clean();
    }

    [Fact]
    public void InfoShowsWhatTheFitShowed()
    {
        var shown = Tool.Run("fit", Tool.Faithful, "-k", "2", "--stop", "total").Clean().Output;
        Assert.Equal(shown, Tool.Run("info", _model).Clean().Output);
    }

    [Fact]
    public void InfoReadsAModelThatWasNeverFitted()
    {
        var path = _scratch.Write("hand.json", """
            { "covarianceType": "diag", "weights": [0.99999, 0.00001], "means": [[1e8, -2], [1e8, 3e-5]], "covariances": [[4, 1e-10], [9, 1e-8]] }
            """);
        Assert.Equal(
            """
            components       2, diag covariance
            columns          2
            free parameters  9

            component              0              1
            weight            1.0000          1e-05
            mean
              x1       100000000.000  100000000.000
              x2         -2.00000000     0.00003000
            standard deviation
              x1               2.000          3.000
              x2          0.00001000     0.00010000

            """.ReplaceLineEndings("\n"),
            Tool.Run("info", path).Clean().Output);
    }

    [Fact]
    public void ModelsOfAnyScaleStayReadable()
    {
        foreach (var scale in (double[])[1e-150, 1e-20, 1e-9, 1, 1e15, 1e150])
        {
            var model = new GaussianMixture(
                CovarianceType.Diagonal, 2, [0.5, 0.5], [scale, 5, 2 * scale, 6], [0.01 * scale * scale, 1, 0.04 * scale * scale, 4]);
            var path = _scratch.Write("m.json", model.ToJson());
            var lines = Tool.Run("info", path).Clean().Lines;
            Assert.All(lines, line => Assert.InRange(line.Length, 1, 60));
            var cells = lines.Where(line => line.StartsWith("  x1 ", StringComparison.Ordinal))
                .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1))
                .Select(cell => double.Parse(cell, CultureInfo.InvariantCulture) / scale).ToArray();
            foreach (var (expected, cell) in new[] { 1, 2, 0.1, 0.2 }.Zip(cells)) Assert.Equal(expected, cell, 1e-12);
        }
    }

    [Fact]
    public void FiftyColumnsAndManyComponentsStayReadable()
    {
        const int K = 15;
        const int D = 50;
        var names = Enumerable.Range(0, D).Select(j => $"column number {j}").ToArray();
        var model = new GaussianMixture(
            CovarianceType.Spherical, D, [.. Enumerable.Repeat(1.0 / K, K)], new double[K * D], [.. Enumerable.Repeat(2.0, K)], names);
        var path = _scratch.Write("large.json", model.ToJson());
        Assert.All(Tool.Run("info", path).Clean().Lines, line => Assert.InRange(line.Length, 1, 100));
        var lines = Tool.Run("info", path, "--all").Clean().Lines;
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 100));
        var blocks = (K + 5) / 6;
        Assert.All(names, name => Assert.Equal(2 * blocks, lines.Count(line => line.StartsWith($"  {name} ", StringComparison.Ordinal))));
    }
}
