namespace Gmm.Cli.Tests;

/// <summary>Which columns of the data take which places of a model.</summary>
public sealed class ModelColumnTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly string _model;

    public ModelColumnTests()
    {
        _model = _scratch.Path("iris.json");
        Tool.Run("fit", Tool.Iris, "-k", "2", "-o", _model, "--quiet").Clean();
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("score", "MODEL", "DATA")]
    [InlineData("predict", "MODEL", "DATA")]
    [InlineData("impute", "MODEL", "DATA")]
    [InlineData("plot", "MODEL", "DATA", "-o", "p.png")]
    [InlineData("fit", "DATA", "--init", "MODEL")]
    [InlineData("fit", "DATA", "--continue", "MODEL")]
    public void AColumnThatTheModelNeedsCannotBeLeftOut(params string[] arguments)
    {
        foreach (var (data, place) in new[] { (Tool.Iris, $"{Tool.Iris}:1"), (Convert("iris.parquet"), _scratch.Path("iris.parquet")) })
        {
            string[] full = [.. arguments.Select(word => word switch { "MODEL" => _model, "DATA" => data, "p.png" => _scratch.Path(word), _ => word })];
            Tool.Run([.. full, "--exclude", "petal_length"])
                .Fails(3, $"{place}: column 3 (petal_length) is left out by --exclude, and the model needs it");
        }
    }

    [Fact]
    public void AColumnThatTheModelDoesNotUseMayBeLeftOut()
    {
        var more = _scratch.Write("more.csv", string.Join('\n', File.ReadLines(Tool.Iris).Select((line, i) => (i == 0 ? "n," : $"{i % 7},") + line)));
        Assert.Equal(Tool.Run("score", _model, Tool.Iris).Clean().Output, Tool.Run("score", _model, more, "--exclude", "n").Clean().Output);
        Tool.Run("score", _model, Tool.Iris, "--weights", "petal_length")
            .Fails(3, $"{Tool.Iris}:1: column 3 is a column of the model and holds the weights; it cannot be both");
    }

    [Theory]
    [InlineData("rev.csv")]
    [InlineData("rev.arrow")]
    public void NumbersChooseColumnsByTheNamesOfTheModel(string name)
    {
        var data = _scratch.Write("rev.csv", string.Join('\n', File.ReadLines(Tool.Iris).Select(line => string.Join(',', line.Split(',')[..4].Reverse()))));
        if (name != "rev.csv") Tool.Run("convert", data, "-o", data = _scratch.Path(name)).Clean();
        var expected = Tool.Run("score", _model, Tool.Iris).Clean().Output;
        foreach (var columns in new[] { "1-4", "4,1,2,3", "petal_width-sepal_length" })
        {
            var run = Tool.Run("score", _model, data, "--columns", columns);
            Assert.Equal(expected, run.Output);
            Assert.Equal($"gmm: {data}: the columns that --columns chooses have the names of the model, and are taken by these and not in their order\n", run.Error);
        }
        Assert.Equal(expected, Tool.Run("score", _model, data, "--columns", "4,3,2,1").Clean().Output);
    }

    [Fact]
    public void AColumnInThePlaceOfAnotherIsTold()
    {
        var data = _scratch.Write("other.csv", string.Join('\n', File.ReadLines(Tool.Iris).Select((line, i) => line.Split(',') is var cells && i == 0
            ? "width,sepal_length,sepal_width,petal_length" : $"{cells[3]},{cells[0]},{cells[1]},{cells[2]}")));
        Assert.Equal($"gmm: {data}: column 'sepal_length' takes the place of 'sepal_width' in the model, as --columns says, and the model has a 'sepal_length' of its own\n",
            Tool.Run("score", _model, data, "--columns", "1-4").Error);
        Assert.Equal(Tool.Run("score", _model, Tool.Iris).Clean().Output, Tool.Run("score", _model, data, "--columns", "2,3,4,1").Clean().Output);
    }

    // A number that is a marker is a missing value in every kind of file, however it is read.
    [Theory]
    [InlineData("na.csv")]
    [InlineData("na.npy")]
    [InlineData("na.parquet")]
    [InlineData("na.feather")]
    public void MarkersAreOfEveryKindOfFile(string name)
    {
        var data = _scratch.Write("na.csv", "x,y\n1,2\n3,5\n-9999,4\n6,1\n");
        if (name != "na.csv") Tool.Run("convert", data, "-o", data = _scratch.Path(name)).Clean();
        foreach (var more in (string[][])[[], ["--memory", "1GB"]])
        {
            var fit = Tool.Run(["fit", data, "-k", "1", "--na", "-9999", "--missing", "drop", "--json", .. more]);
            Assert.Contains("1 of 4 rows left out", fit.Error);
            Assert.Equal((3, 10.0 / 3), (fit.Fit().Points, fit.Fit().Model.Means[0]));
            var refused = Tool.Run(["fit", data, "-k", "1", "--na", "-9999", .. more]);
            Assert.Equal(3, refused.ExitCode);
            Assert.Contains("-9999", refused.Error);
            Assert.Contains("stands for a missing value", refused.Error);
        }
    }

    private string Convert(string name)
    {
        Tool.Run("convert", Tool.Iris, "-o", _scratch.Path(name), "--columns", "1-4").Clean();
        return _scratch.Path(name);
    }
}
