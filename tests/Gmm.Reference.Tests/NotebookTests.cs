using System.Globalization;
using System.Text.Json;
using Gmm.TestKit;
using Xunit;

namespace Gmm.Reference.Tests;

/// <summary>The printed results of the course notebook, reproduced from its data and initial values.</summary>
public class NotebookTests
{
    private static readonly GoldenCase Notebook = GoldenCase.Load("notebook");
    private static readonly JsonElement Printed =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Notebook.Folder, "expected.json"))).RootElement.GetProperty("printed_in_notebook");

    [Fact]
    public void The_weights_agree_to_15_digits()
    {
        var printed = Texts("weights").Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var weights = Fit("default").Mixture.Weights;
        for (var k = 0; k < 3; k++)
            Assert.Equal(printed[k], weights[k], 1e-15);
    }

    [Fact]
    public void Every_printed_digit_of_the_means_agrees() => AssertPrinted(Texts("means"), Layout.Flat(Fit("default").Mixture.Means));

    [Fact]
    public void Every_printed_digit_of_the_covariances_agrees() =>
        AssertPrinted(Texts("covs"), Layout.Compact("full", Fit("default").Mixture.Covariances));

    [Theory]
    [InlineData("default", "log_default")]
    [InlineData("maxiter12", "log_maxiter12")]
    public void The_printed_log_agrees(string run, string log)
    {
        // The notebook prints every fifth iteration and the last one, counted from 0.
        var iterations = Fit(run).Iterations;
        var lines = Enumerable.Range(0, iterations).Where(i => i % 5 == 0 || i == iterations - 1).Select(i => $"Iteration {i}");
        Assert.Equal(Texts(log), lines);
    }

    [Fact]
    public void The_responsibilities_that_the_notebook_returns_agree()
    {
        var expected = Notebook.ReadCsv("resp_last_estep.csv");
        var actual = Layout.Flat(Fit("default").LastEStepResponsibilities);
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-12);
    }

    [Fact]
    public void The_defaults_of_the_options_are_those_of_the_notebook()
    {
        var fit = ReferenceEm.Fit(Notebook.Rows, Notebook.Initial(), new ReferenceOptions());
        Adapters.Verify(Notebook, Notebook.Run("default"), fit);
    }

    private static ReferenceFit Fit(string run) => Adapters.Fit(Notebook, Notebook.Run(run));

    // numpy prints 8 digits after the point and drops trailing zeros.
    private static void AssertPrinted(string[] texts, double[] values) =>
        Assert.Equal(texts, values.Select(value => value.ToString("0.########", CultureInfo.InvariantCulture)));

    private static string[] Texts(string property)
    {
        return Flatten(Printed.GetProperty(property)).ToArray();

        static IEnumerable<string> Flatten(JsonElement e) =>
            e.ValueKind == JsonValueKind.Array ? e.EnumerateArray().SelectMany(Flatten) : [e.GetString()!];
    }
}
