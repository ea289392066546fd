using System.Text.Json;
using Gmm.Fast;

namespace Gmm.Cli.Tests;

/// <summary><c>gmm select</c>, and <c>gmm fit</c> with several numbers of components.</summary>
public sealed class SelectTests : IDisposable
{
    private const string Help = " (see gmm select --help)";
    private const string FewRows = "1,2\n2,1\n3,5\n4,4\n5,3\n9,8\n";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void TheTableShowsAllCandidatesTheChoiceAndTheModel()
    {
        var result = Tool.Run("select", Tool.Faithful, "-k", "1-4", "--covariance", "full,tied,diag").Clean();
        var parts = result.Output.Split("\n\n");
        Assert.Equal("""
            BIC, smaller is better; * is the best

            components     full      tied      diag
            1           2607.62   2607.62   3055.83
            2           2322.19   2325.22   2346.06
            3           2324.19   2314.31*  2332.50
            4           2341.11   2320.15   2332.32

            best       3 components, tied covariance  BIC 2314.31
            runner-up  4 components, tied covariance  BIC 2320.15
            its BIC is 5.84 smaller: the evidence is positive

            components       3, tied covariance
            """.ReplaceLineEndings("\n"), string.Join("\n\n", parts[..4]).Split("\ncolumns ")[0]);
        Assert.Contains("standard deviation", result.Output);
    }

    [Fact]
    public void TheBestModelIsWrittenAsAFitWritesIt()
    {
        string[] files = [_scratch.Path("a.json"), _scratch.Path("b.json"), _scratch.Path("c.json")];
        Tool.Run("select", Tool.Iris, "-k", "2", "--covariance", "tied", "-o", files[0], "--quiet").Clean();
        Tool.Run("fit", Tool.Iris, "-k", "2", "--covariance", "tied", "--tol", "1e-5", "--max-iter", "500", "-o", files[1], "--quiet").Clean();
        Assert.Equal(File.ReadAllText(files[1]), File.ReadAllText(files[0]));

        // A fit with several numbers of components is a selection among them by BIC.
        var fit = Tool.Run("fit", Tool.Iris, "-k", "1,2", "--covariance", "tied", "-o", files[1]).Clean();
        Assert.Equal(Tool.Run("select", Tool.Iris, "-k", "1,2", "--covariance", "tied", "-o", files[2]).Clean().Output, fit.Output);
        Assert.Equal(File.ReadAllText(files[2]), File.ReadAllText(files[1]));
        var json = Tool.Run("fit", Tool.Iris, "-k", "1-2", "--covariance", "tied", "--json").Clean();
        Assert.Equal(2, json.Fit().Model.ComponentCount);
    }

    [Fact]
    public void TheDocumentHasAllCandidates()
    {
        var root = Document("-k", "1-3", "--covariance", "full,spherical", "--criterion", "cv", "--folds", "3");
        Assert.Equal(["criterion", "status", "best", "runnerUp", "lead", "leadStandardError", "evidence", "candidates"], root.EnumerateObject().Select(x => x.Name));
        Assert.Equal(("held-out log-density", "completed"), (root.GetProperty("criterion").GetString(), root.GetProperty("status").GetString()));
        var candidates = root.GetProperty("candidates").EnumerateArray().ToList();
        Assert.Equal(
            [(1, "full"), (1, "spherical"), (2, "full"), (2, "spherical"), (3, "full"), (3, "spherical")], candidates.Select(Name));
        foreach (var candidate in candidates)
        {
            Assert.Equal(
                ["components", "covariance", "status", "iterations", "freeParameters", "unsupportedComponents", "totalLogLikelihood", "bic", "aic", "icl", "heldOutLogDensity", "heldOutStandardError"],
                candidate.EnumerateObject().Select(x => x.Name));
            Assert.Equal("converged", candidate.GetProperty("status").GetString());
            Assert.Equal(2 * candidate.GetProperty("freeParameters").GetInt32() - 2 * candidate.GetProperty("totalLogLikelihood").GetDouble(), candidate.GetProperty("aic").GetDouble(), 1e-9);
            Assert.InRange(candidate.GetProperty("heldOutStandardError").GetDouble(), 0.01, 0.2);
        }
        double Held(JsonElement candidate) => candidate.GetProperty("heldOutLogDensity").GetDouble();
        var ranked = candidates.OrderByDescending(Held).ToList();
        Assert.Equal((Name(ranked[0]), Name(ranked[1])), (Name(root.GetProperty("best")), Name(root.GetProperty("runnerUp"))));
        var (lead, error) = (root.GetProperty("lead").GetDouble(), root.GetProperty("leadStandardError").GetDouble());
        Assert.Equal(Held(ranked[0]) - Held(ranked[1]), lead, 1e-12);
        Assert.Equal(lead > 3 * error ? "strong" : lead > error ? "positive" : "not worth mentioning", root.GetProperty("evidence").GetString());
    }

    [Fact]
    public void ComponentsOnTooFewRowsAreMarkedAndChosenLast()
    {
        var data = _scratch.Write("few.csv", "height,weight\n1.8,75\n1.75,70.5\n1.9,82\n1.6,58\n1.72,66\n1.85,79\n");
        var result = Tool.Run("select", data, "-k", "1-3", "--covariance", "diag");
        Assert.StartsWith("BIC, smaller is better; * is the best; ? has components on too few points or on repeated values, and is chosen last\n", result.Output);
        Assert.Matches(@"\n1 +\d+\.\d\d\*\n", result.Output);
        Assert.Matches(@"\n3 +-?\d+\.\d\d\?\n", result.Output);
        Assert.Contains("all other candidates have components that their points do not support", result.Output);
    }

    [Fact]
    public void FitsThatStoppedAtTheLimitAreMarked()
    {
        string[] options = ["-k", "1-3", "--covariance", "full,spherical", "--max-iter", "6", "--tol", "1e-7"];
        var result = Tool.Run(["select", Tool.Faithful, .. options]);
        Assert.StartsWith("BIC, smaller is better; * is the best; ! is canceled, or stopped at --max-iter\n", result.Output);
        Assert.Matches(@"\n1 +2607\.62 +4024\.72 *\n2 +2322\.19\* +3458\.30 *\n3 +2334\.17! +3336\.53 *\n", result.Output);
        Assert.Equal(
            ["converged", "converged", "converged", "converged", "maxIterations", "converged"],
            Document(options).GetProperty("candidates").EnumerateArray().Select(candidate => candidate.GetProperty("status").GetString()));
    }

    [Fact]
    public void TheTableOfACrossValidationShowsStandardErrors()
    {
        var result = Tool.Run("select", Tool.Faithful, "-k", "1,2", "--covariance", "full", "--criterion", "cv").Clean();
        Assert.StartsWith("held-out log-density per point, larger is better; * is the best\n", result.Output);
        Assert.Matches(@"best       2 components, full covariance  -4\.\d{4} \(standard error 0\.0\d{3}\)\n", result.Output);
        Assert.Matches(@"its held-out log-density is 0\.\d+ per point larger, with a standard error of 0\.\d+: the evidence is strong\n", result.Output);
    }

    [Fact]
    public void ThePageAndTheFigureShowTheCurves()
    {
        var (page, plot) = (_scratch.Path("r.html"), _scratch.Path("p.svg"));
        Tool.Run("select", Tool.Faithful, "-k", "1-3", "--covariance", "full,tied", "--quiet", "--report", page, "--plot", plot).Clean();
        var html = File.ReadAllText(page);
        Assert.Contains("Number of components and form of covariances", html);
        Assert.Contains("The best has 3 components with tied covariances. The second best has 2 components with full covariances.", html);
        Assert.Contains("BIC over the number of components", html);
        Assert.Contains("Number of components: old-faithful.csv", File.ReadAllText(plot));
    }

    [Fact]
    public void CandidatesThatFailAreListedWithTheReason()
    {
        var data = _scratch.Write("few.csv", FewRows);
        var result = Tool.Run("select", data, "-k", "1,7", "--covariance", "diag");
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"\n7 +failed\n", result.Output);
        Assert.Contains("gmm: warning: 7 components, diag covariance: ", result.Error);
        Assert.Contains("the data have 6 points", result.Error);
    }

    [Fact]
    public void MoreComponentsThanRowsEverywhereIsAnInputThatCannotBeUsed()
    {
        var data = _scratch.Write("few.csv", FewRows);
        Tool.Run("select", data, "-k", "7-9").Fails(3, $"{data} has 6 rows; -k 7 needs at least 7");
        Tool.Run("select", data, "-k", "1", "--criterion", "cv", "--folds", "7").Fails(3, $"{data} has 6 rows; --folds 7 needs at least as many");
    }

    [Fact]
    public void CanceledBeforeThereIsAModelNothingIsWritten()
    {
        Tool.RunCancelled("select", Tool.Faithful, "-o", _scratch.Path("m.json"), "--report", _scratch.Path("r.html"))
            .Fails(130, "canceled before there was a model; nothing was written");
        Assert.Empty(_scratch.Files);
    }

    [Theory]
    [InlineData("-k", "0", "-k is '0'; a whole number of at least 1, or several as 1-9 or 1,2,4-6, is required")]
    [InlineData("-k", "3-1", "-k is '3-1'; a range goes up, so 1-3 is required")]
    [InlineData("-k", "1,1", "-k is '1,1'; 1 is there twice, and different numbers are required")]
    [InlineData("-k", "2,1-3", "-k is '2,1-3'; 2 is there twice, and different numbers are required")]
    [InlineData("-k", "1-20000", "-k is '1-20000'; at most 10000 numbers are allowed, and these are 20000")]
    [InlineData("-k", "2-", "-k is '2-'; a whole number of at least 1, or several as 1-9 or 1,2,4-6, is required")]
    [InlineData("--covariance", "full,round",
        "--covariance is 'full,round'; all, or some of full, tied, diag, spherical, tied-diag or tied-spherical with commas between, is required")]
    [InlineData("--criterion", "best", "--criterion is 'best'; bic, aic, icl or cv is required")]
    [InlineData("--folds", "3", "--folds is 3; only --criterion cv has parts, and it is not given")]
    [InlineData("--init", "model.json", "--init is 'model.json'; small-em, kmeans++ or points is required, as every number of components has its own start")]
    public void WrongUsageSaysWhatIsRequired(string option, string value, string message) =>
        Tool.Run("select", Tool.Faithful, option, value).Fails(2, message + Help);

    [Theory]
    [InlineData("1-3")]
    [InlineData("1,2")]
    [InlineData("0")]
    public void OtherCommandsTakeOneNumberOfComponents(string k)
    {
        foreach (var (name, begin) in (ReadOnlySpan<(string, string)>)[("images", "x"), ("segment", "x.png -o y.png")])
            Tool.Run([name, .. begin.Split(' '), "-k", k]).Fails(2, $"-k is '{k}'; a whole number of at least 1 is required (see gmm {name} --help)");
    }

    [Fact]
    public void TheLineOfProgressTellsTheTimeLeft() => Assert.Equal("12 of 54 fits  1.5 s, about 4 s left",
        SelectProgress.Line(new SelectionProgress(12, 54, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(4.2)), TimeSpan.FromSeconds(1.5)));

    private static (int, string?) Name(JsonElement candidate) => (candidate.GetProperty("components").GetInt32(), candidate.GetProperty("covariance").GetString());

    private static JsonElement Document(params string[] options)
    {
        using var document = JsonDocument.Parse(Tool.Run(["select", Tool.Faithful, .. options, "--json"]).Bytes);
        return document.RootElement.Clone();
    }
}
