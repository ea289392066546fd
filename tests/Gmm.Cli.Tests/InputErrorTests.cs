using System.Text.Json.Nodes;

namespace Gmm.Cli.Tests;

/// <summary>Exit code 3: files that cannot be used, each with its place.</summary>
public sealed class InputErrorTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void ACellThatIsNoNumberIsNamed()
    {
        var data = _scratch.Write("data.csv", "a,b,c\n1,2,3\n4,5,abc\n7,8,9\n");
        Tool.Run("fit", data, "-k", "2").Fails(3, $"{data}:3: column 3 (c): 'abc' is not a number; --na abc makes it a missing value, --exclude c leaves the column out");

        // What the line says can be pasted: a comma within quotes separates nothing.
        File.WriteAllText(data, "a,b,\"c,d\"\n1,2,3\n4,5,abc\n7,8,10\n0,1,4\n");
        Tool.Run("fit", data, "-k", "2").Fails(3, $"{data}:3: column 3 (c,d): 'abc' is not a number; --na abc makes it a missing value, --exclude '\"c,d\"' leaves the column out");
        Assert.Equal(0, Tool.Run("fit", data, "-k", "1", "--exclude", "\"c,d\"").ExitCode);
    }

    [Fact]
    public void DataFromStandardInputHaveANameToo() =>
        Tool.RunWith("1,2\n3\n", ["fit", "-", "-k", "1"]).Fails(3, "standard input:2: row has 1 cell; 2 are required; cells are taken to be separated by ','; --separator says another");

    [Fact]
    public void AMissingFileIsNamed()
    {
        var (data, model) = (_scratch.Path("no.csv"), _scratch.Path("no.json"));
        Tool.Run("fit", data, "-k", "2").Fails(3, $"{data}: the file does not exist");
        Tool.Run("info", model).Fails(3, $"{model}: the file does not exist");
        Tool.Run("score", model, Tool.Faithful).Fails(3, $"{model}: the file does not exist");
        Tool.Run("fit", Tool.Faithful, "--init", model).Fails(3, $"{model}: the file does not exist");
        Tool.Run("info", _scratch.Path("no/no.json")).Fails(3, $"{_scratch.Path("no/no.json")}: the folder does not exist");
        Tool.Run("info", _scratch.Folder).Fails(3, $"{_scratch.Folder}: is a folder; a file is required");
    }

    [Fact]
    public void AColumnThatIsNotThereIsNamed() => Tool.Run("fit", Tool.Faithful, "-k", "2", "--columns", "wait")
        .Fails(3, $"{Tool.Faithful}:1: no column is named 'wait'; the columns are 'eruptions', 'waiting'");

    [Fact]
    public void FewerRowsThanComponentsAreRefused()
    {
        var data = _scratch.Write("data.csv", "1,2\n3,4\n5,6\n");
        Tool.Run("fit", data, "-k", "4").Fails(3, $"{data} has 3 rows; -k 4 needs at least 4");
    }

    [Fact]
    public void DataAndModelOfDifferentWidthAreBothNamed()
    {
        var model = _scratch.Model();
        const string Choose = "choose as many with --columns";
        Tool.Run("score", model, Tool.Iris).Fails(3, $"{Tool.Iris} has 4 columns and {model} 2 columns; {Choose}");
        Tool.Run("predict", model, Tool.Iris, "--columns", "1").Fails(3, $"{Tool.Iris} has 1 column and {model} 2 columns; {Choose}");
        Tool.Run("fit", Tool.Iris, "--init", model).Fails(3, $"{Tool.Iris} has 4 columns and {model} 2 columns; {Choose}");
        Tool.RunWith("1\n2\n", ["score", model, "-"]).Fails(3, $"standard input has 1 column and {model} 2 columns; {Choose}");
    }

    [Fact]
    public void PointsOutOfRangeOfEveryComponentAreRefused()
    {
        const string Line = "standard input: the log-likelihood is out of range: points are too far from every component";
        Tool.RunWith("1e200,1e200\n", ["score", _scratch.Model(), "-"]).Fails(3, Line);
        Tool.RunWith("1e200,1e200\n", ["score", _scratch.Model(), "-", "--json"]).Fails(3, Line);
    }

    [Theory]
    [InlineData("means[1][0] is a string; a number is required", "means", "[[1, 2], [\"x\", 3]]")]
    [InlineData("means[0] is empty; one number per dimension is required", "means", "[[], []]")]
    [InlineData("covarianceType is 'fulll'; full, tied, diag, spherical, tied-diag, tied-spherical are possible", "covarianceType", "\"fulll\"")]
    [InlineData("weights sum to 0.75; 1 is required", "weights", "[0.5, 0.25]")]
    [InlineData("format is 'other'; 'gmm-model' is required", "format", "\"other\"")]
    [InlineData("version is 2; this program reads version 1", "version", "2")]
    public void WhatIsWrongWithAModelIsNamed(string problem, string property, string value)
    {
        var document = JsonNode.Parse(File.ReadAllText(_scratch.Model()))!;
        document[property] = JsonNode.Parse(value);
        var model = _scratch.Write("bad.json", document.ToJsonString());
        Tool.Run("info", model).Fails(3, $"{model}: {problem}");
        Tool.Run("fit", Tool.Faithful, "--init", model).Fails(3, $"{model}: {problem}");
    }

    [Fact]
    public void AModelThatIsNoJSONIsRefusedInOneLine()
    {
        var result = Tool.Run("info", _scratch.Write("bad.json", "{\n  \"weights\": [1,\n"));
        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith($"gmm: {_scratch.Path("bad.json")}: line ", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void AStartTooFarFromTheDataIsRefused()
    {
        var data = _scratch.Write("far.csv", "1e200,1e200\n2e200,1e200\n");
        var result = Tool.Run("fit", data, "--init", _scratch.Model());
        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith($"gmm: {data}: the log-likelihood of the initial parameters is out of range", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileNameCannotActOnTheTerminal()
    {
        var result = Tool.Run("info", "a\e[31mb\nc.json");
        Assert.Equal($"gmm: a\\u{{001B}}[31mb\\u{{000A}}c.json: the file does not exist{Environment.NewLine}", result.Error);
    }
}
