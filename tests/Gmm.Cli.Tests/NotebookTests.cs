using System.Globalization;
using Gmm.Data;
using Gmm.Fast;
using Gmm.TestKit;

namespace Gmm.Cli.Tests;

/// <summary>The course notebook through the tool: 23 iterations, and its run of 12, to the tolerances of the golden file.</summary>
public class NotebookTests
{
    private static readonly GoldenCase s_notebook = GoldenCase.Load("notebook");

    private static string[] Arguments(int maxIterations) =>
    [
        "fit", Tool.Data("notebook.csv"), "--init", Tool.Data("notebook-init.json"), "--stop", "total", "--tol", "1e-4", "--reg-covar", "0",
        "--max-iter", maxIterations.ToString(CultureInfo.InvariantCulture), "--json",
    ];

    [Theory]
    [InlineData("r.csv")]
    [InlineData("r.tsv")]
    [InlineData("r.npy")]
    public void TheRunToConvergenceAgreesWithExactArithmetic(string file)
    {
        using var scratch = new Scratch();
        var result = Tool.Run([.. Arguments(1000), "--responsibilities", scratch.Path(file)]).Clean();
        var responsibilities = TableFile.Read(scratch.Path(file));
        Assert.Equal(23, result.Fit().Iterations);
        Assert.Equal(file == "r.npy" ? null : ["r0", "r1", "r2"], responsibilities.ColumnNames);
        Verify(result, "default", responsibilities.Values);
    }

    [Fact]
    public void TheRunOf12IterationsAgreesWithExactArithmetic()
    {
        var result = Tool.Run(Arguments(12));
        Assert.Equal($"gmm: warning: not converged in 12 iterations; raise --max-iter or --tol{Environment.NewLine}", result.Error);
        Assert.Equal(0, result.ExitCode);
        Verify(result, "maxiter12");
    }

    [Fact]
    public async Task AProcessOfItsOwnPrintsTheSameBytes()
    {
        var child = await Tool.Finish(Tool.Start(AppContext.BaseDirectory, Arguments(1000)));
        Assert.Equal(Tool.Run(Arguments(1000)).Output, child.Clean().Output);
        Verify(child, "default");
    }

    private static void Verify(ToolResult result, string run, double[]? responsibilities = null)
    {
        FitResult fit = result.Fit();
        GoldenCheck.Verify(
            s_notebook, s_notebook.Run(run), fit.Model.Weights.ToArray(), fit.Model.Means.ToArray(), fit.Model.Covariances.ToArray(), fit.Trace.ToArray(),
            fit.Iterations, fit.Converged, responsibilities);
    }
}
