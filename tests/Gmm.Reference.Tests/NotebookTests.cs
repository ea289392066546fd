using System.Globalization;
using System.Text.Json;
using Gmm.TestKit;
using Xunit;

namespace Gmm.Reference.Tests;

/// <summary>The printed results of the course notebook, reproduced from its data and initial values.</summary>
public class NotebookTests
{
    private static readonly GoldenCase s_notebook = GoldenCase.Load("notebook");
    private static readonly JsonElement s_printed =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(s_notebook.Folder, "expected.json"))).RootElement.GetProperty("printed_in_notebook");

    [Fact]
    public void TheWeightsAgreeTo15Digits()
    {
        var printed = Texts("weights").Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var weights = Fit("default").Mixture.Weights;
        for (var k = 0; k < 3; k++)
            Assert.Equal(printed[k], weights[k], 1e-15);
    }

    [Fact]
    public void EveryPrintedDigitOfTheMeansAgrees() => AssertPrinted(Texts("means"), Layout.Flat(Fit("default").Mixture.Means));

    [Fact]
    public void EveryPrintedDigitOfTheCovariancesAgrees() =>
        AssertPrinted(Texts("covs"), Layout.Compact("full", Fit("default").Mixture.Covariances));

    [Theory]
    [InlineData("default", "log_default")]
    [InlineData("maxiter12", "log_maxiter12")]
    public void ThePrintedLogAgrees(string run, string log)
    {
        // The notebook prints every fifth iteration and the last one, counted from 0.
        var iterations = Fit(run).Iterations;
        var lines = Enumerable.Range(0, iterations).Where(i => i % 5 == 0 || i == iterations - 1).Select(i => $"Iteration {i}");
        Assert.Equal(Texts(log), lines);
    }

    [Fact]
    public void TheResponsibilitiesThatTheNotebookReturnsAgree()
    {
        var expected = s_notebook.ReadCsv("resp_last_estep.csv");
        var actual = Layout.Flat(Fit("default").LastEStepResponsibilities);
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-12);
    }

    [Fact]
    public void TheDefaultsOfTheOptionsAreThoseOfTheNotebook()
    {
        var fit = ReferenceEm.Fit(s_notebook.Rows, s_notebook.Initial(), new ReferenceOptions());
        Adapters.Verify(s_notebook, s_notebook.Run("default"), fit);
    }

    private static ReferenceFit Fit(string run) => Adapters.Fit(s_notebook, s_notebook.Run(run));

    // numpy prints 8 digits after the point and drops trailing zeros.
    private static void AssertPrinted(string[] texts, double[] values) =>
        Assert.Equal(texts, values.Select(value => value.ToString("0.########", CultureInfo.InvariantCulture)));

    private static string[] Texts(string property)
    {
        return Flatten(s_printed.GetProperty(property)).ToArray();

        static IEnumerable<string> Flatten(JsonElement e) =>
            e.ValueKind == JsonValueKind.Array ? e.EnumerateArray().SelectMany(Flatten) : [e.GetString()!];
    }
}
