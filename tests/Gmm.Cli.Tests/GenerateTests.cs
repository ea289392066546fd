namespace Gmm.Cli.Tests;

/// <summary><c>gmm generate</c> is <c>gmm sample</c> with the parameters on the command line.</summary>
public class GenerateTests
{
    private const string Weights = "[0.25, 0.5, 0.25]";
    private const string Means = "[[5, 0], [1, 1], [0, 5]]";
    private const string Covariances = "[[[0.5, 0], [0, 0.5]], [[0.92, 0.38], [0.38, 0.91]], [[0.5, 0], [0, 0.5]]]";

    private static readonly string[] s_typed =
        ["generate", "--means", Means, "--covariances", Covariances, "--weights", Weights, "-n", "100", "--seed", "4"];

    [Fact]
    public void TypedParametersGiveThePointsOfSampleBitForBit()
    {
        var typed = Tool.Run(s_typed).Clean();
        var sampled = Tool.Run("sample", Tool.Data("notebook-truth.json"), "-n", "100", "--seed", "4").Clean();
        Assert.Equal("x1,x2", typed.Lines[0]);
        Assert.Equal("x,y", sampled.Lines[0]);
        Assert.Equal(101, typed.Lines.Length);
        Assert.Equal(sampled.Lines[1..], typed.Lines[1..]);
    }

    [Fact]
    public void AModelFileGivesTheBytesOfSample()
    {
        string[] rest = [Tool.Data("notebook-truth.json"), "-n", "50", "--seed", "-3", "--labels"];
        Assert.Equal(Tool.Run(["sample", .. rest]).Clean().Output, Tool.Run(["generate", .. rest]).Clean().Output);
    }

    [Theory]
    [InlineData("points.csv")]
    [InlineData("points.tsv")]
    [InlineData("points.npy")]
    public void ThePointsGoToAFile(string name)
    {
        using var scratch = new Scratch();
        Assert.Empty(Tool.Run([.. s_typed, "--labels", "-o", scratch.Path(name)]).Clean().Bytes);
        var table = Gmm.Data.TableFile.Read(scratch.Path(name));
        Assert.Equal((100, 3), (table.Rows, table.Columns));
        Assert.Equal([name], scratch.Files);
    }

    [Theory]
    [InlineData("--means is 'five'; a JSON array is required", "five", Covariances, Weights)]
    [InlineData("--means is '[[5,0],'; a JSON array is required", "[[5,0],", Covariances, Weights)]
    [InlineData("--means is '{}'; a JSON array is required", "{}", Covariances, Weights)]
    [InlineData("--covariances is ''; a JSON array is required", Means, "", Weights)]
    [InlineData("--weights is '[.5]'; a JSON array is required", Means, Covariances, "[.5]")]
    [InlineData("--weights is '[1],\"columns\":[\"a\"]'; a JSON array is required", Means, Covariances, "[1],\"columns\":[\"a\"]")]
    [InlineData("weights sum to 0.95; 1 is required", Means, Covariances, "[0.25, 0.5, 0.2]")]
    [InlineData("covariances has 1 entries; 3 are required", Means, "[[[1, 0], [0, 1]]]", Weights)]
    public void BadParametersAreOneLineAndExitCode2(string line, string means, string covariances, string weights) =>
        Tool.Run("generate", "--means", means, "--covariances", covariances, "--weights", weights, "-n", "2")
            .Fails(2, $"{line} (see gmm generate --help)");

    [Fact]
    public void TheParametersComeFromOnePlaceAndAreComplete()
    {
        Tool.Run("generate", "-n", "2").Fails(2, "MODEL, or --weights, --means and --covariances are required (see gmm generate --help)");
        Tool.Run("generate", "-n", "2", "--weights", "[1]", "--means", "[[0]]")
            .Fails(2, "MODEL, or --weights, --means and --covariances are required (see gmm generate --help)");
        Tool.Run("generate", Tool.Data("notebook-truth.json"), "-n", "2", "--weights", "[1]")
            .Fails(2, "MODEL has all parameters; it cannot stand with --weights, --means or --covariances (see gmm generate --help)");
        Tool.Run("generate", Tool.Data("notebook-truth.json")).Fails(2, "option '-n' is required (see gmm generate --help)");
    }
}
