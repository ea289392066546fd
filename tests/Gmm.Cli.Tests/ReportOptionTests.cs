using System.Text.RegularExpressions;
using Gmm.Fast;

namespace Gmm.Cli.Tests;

/// <summary><c>gmm fit --report --plot</c>.</summary>
public sealed partial class ReportOptionTests : IDisposable
{
    private const string Help = " (see gmm fit --help)";
    private const string Twins = "1,1\n1,1\n1,1\n5,5\n5,6\n";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void ThePageTellsTheDataTheOptionsAndHowTheFitEnded()
    {
        string[] fit = ["fit", Tool.Faithful, "-k", "2", "--seed", "7", "--restarts", "1", "--stop", "total", "--tol", "0.01", "--threads", "2"];
        var (page, plot) = (_scratch.Path("r.html"), _scratch.Path("p.png"));
        var result = Tool.Run([.. fit, "--json", "--report", page, "--plot", plot]).Clean();
        Assert.Equal(Tool.Run([.. fit, "--json"]).Clean().Output, result.Output);
        PlotTests.PngSize(plot);
        Assert.Equal(["p.png", "r.html"], _scratch.Files);

        var html = Body(page);
        var done = result.Fit();
        Assert.Contains("Gaussian mixture of old-faithful.csv", html);
        Assert.Contains("2 components with full covariances, 272 points in 2 dimensions", html);
        Assert.Contains($"Converged after {done.Iterations} iteration", html);
        var text = Tags().Replace(html, "|");
        foreach (var (name, value) in new[]
        {
            ("Components", "2"), ("Covariances", "full"), ("Start", "the best of several short runs"), ("Number of starts", "1"), ("Seed", "7"),
            ("Stop", "when the log-likelihood rises by less than 0.01"), ("Largest number of iterations", "100"),
            ("Added to every variance", "2E-12 of that of the column in all points"), ("Largest number of threads", "2"),
        })
        {
            Assert.Matches($@"\|{Regex.Escape(name)}[|\s]+{Regex.Escape(value)}\|", text);
        }
        Assert.Matches(@"\|Time[|\s]+[0-9.]+ (µs|ms|s)\|", text);
    }

    [Fact]
    public void ThePageTellsHowTheFitWasMadeFaster()
    {
        var page = _scratch.Path("r.html");
        Tool.Run("fit", Tool.Faithful, "-k", "2", "--accelerate", "anderson", "--skip-below", "2^-20", "--quiet", "--report", page).Clean();
        var text = Tags().Replace(Body(page), "|");
        Assert.Matches(@"\|Acceleration[|\s]+anderson\|", text);
        Assert.Matches(@"\|Responsibilities that count as 0[|\s]+below 9\.53674e-07 of the largest of their point: [0-9.e-]+ nats of the mean log-likelihood, at most [0-9.e-]+\|", text);
    }

    [Fact]
    public void TheProgressShowsTheWayOfThisFit()
    {
        var page = _scratch.Path("r.html");
        var fit = Tool.Run("fit", Tool.Iris, "-k", "3", "--init", "kmeans++", "--json", "--stop", "total", "--report", page).Clean().Fit();
        Assert.True(fit.Iterations > 3);
        var html = File.ReadAllText(page);
        Assert.Contains("Progress of the parameters", html);
        Assert.Contains("\"title\":\"start\"", html);
        Assert.Contains("\"title\":\"after 1 iteration\"", html);
        Assert.Contains($"\"title\":\"converged after {fit.Iterations}\"", html);
    }

    [Fact]
    public void TheWayHasTheModelsOfShorterFitsAndIsNotShownWhereItIsNotKnownOrMuchWork()
    {
        var table = new Gmm.Data.NumericTable([.. Enumerable.Range(0, 60).Select(i => (double)(i * i % 61))], 1);
        var options = new FitOptions { Components = 3, Start = StartMethod.RandomPoints, MaxIterations = 30, Stop = StopRule.FixedCount };
        var fit = MixtureFit.Fit(new TablePoints(table), options, TestContext.Current.CancellationToken);
        var journey = FitJourney.Of(fit, Input(table), options);
        Assert.Equal(["start", "after 1 iteration", "after 2 iterations", "after 3 iterations", "after 5 iterations", "after 10 iterations",
            "after 17 iterations", "end after 30"], journey.Select(snapshot => snapshot.Title));
        Assert.Same(fit.Model, journey[^1].Model);
        int[] iterations = [0, 1, 2, 3, 5, 10, 17];
        for (var i = 0; i < iterations.Length; i++)
        {
            var stage = MixtureFit.Fit(
                new Points(table.Values, 1), options with { MaxIterations = iterations[i] }, TestContext.Current.CancellationToken);
            Assert.Equal(stage.Model.ToJson(), journey[i].Model.ToJson());
            Assert.Equal(fit.Trace[iterations[i]], stage.TotalLogLikelihood);
        }

        Assert.Empty(FitJourney.Of(fit, Input(table), options with { Seed = 1 }));
        var start = MixtureFit.Fit(new TablePoints(table), options with { MaxIterations = 0 }, TestContext.Current.CancellationToken);
        Assert.Empty(FitJourney.Of(start, Input(table), options));
        var large = new Gmm.Data.NumericTable(new double[2_000_000], 1);
        Assert.Empty(FitJourney.Of(fit, Input(large), options));
    }

    [Fact]
    public void NamesFromTheFileAreText()
    {
        const string Name = "<script>alert(1)</script>";
        var data = _scratch.Write("data.csv", $"{Name},b\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i % 7},{i * i % 11}\n")));
        var page = _scratch.Path("r.htm");
        Tool.Run("fit", data, "-k", "2", "--quiet", "--columns", $"b,{Name}", "--report", page, "--plot", _scratch.Path("p.svg")).Clean();
        Assert.DoesNotContain(Name, File.ReadAllText(page));
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", Body(page));
        Assert.DoesNotContain(Name, File.ReadAllText(_scratch.Path("p.svg")));
    }

    [Fact]
    public void ACollapsedFitStillHasItsPageAndFigure()
    {
        var data = _scratch.Write("twins.csv", Twins);
        var (page, plot) = (_scratch.Path("r.html"), _scratch.Path("p.svg"));
        var result = Tool.Run("fit", data, "-k", "2", "--reg-covar", "0", "--init", "points", "--quiet", "--report", page, "--plot", plot);
        Assert.Equal(4, result.ExitCode);
        Assert.Contains("Collapsed in iteration", Body(page));
        Assert.StartsWith("<?xml", File.ReadAllText(plot));
    }

    [Fact]
    public void ACancelledFitStillHasItsPageAndFigure()
    {
        var (page, plot) = (_scratch.Path("r.html"), _scratch.Path("p.png"));
        var table = Gmm.Data.TableFile.Read(Tool.Faithful);
        using var source = new CancellationTokenSource();
        var options = new FitOptions { Components = 2, Stop = StopRule.FixedCount, Progress = new CancelAt(3, source) };
        var fit = MixtureFit.Fit(new TablePoints(table), options, source.Token);
        Assert.Equal(FitStatus.Cancelled, fit.Status);
        var request = new FitRequest(
            new DataPaths([Tool.Faithful]), new DataOptions(new Gmm.Data.TableOptions(), SaysMissing: false), options, null, null, null, page, plot, null, false, true);
        FitReport.Write(request, fit, Input(table), options, TimeSpan.FromSeconds(1));
        Assert.Contains("Canceled after 3 iterations", Body(page));
        Assert.Contains("\"title\":\"end after 3\"", File.ReadAllText(page));
        PlotTests.PngSize(plot);
    }

    private static TableInput Input(Gmm.Data.NumericTable table) => new(table, budget: null) { Name = "old-faithful.csv" };

    [Fact]
    public void CancelledBeforeThereIsAModelThereIsNoPage()
    {
        Tool.RunCancelled("fit", Tool.Faithful, "-k", "2", "--report", _scratch.Path("r.html"), "--plot", _scratch.Path("p.png"))
            .Fails(130, "canceled before there was a model; nothing was written");
        Assert.Empty(_scratch.Files);
    }

    [Fact]
    public void AStartFromAModelIsNamed()
    {
        var model = _scratch.Model("start.json");
        Tool.Run("fit", Tool.Faithful, "--init", model, "--quiet", "--report", _scratch.Path("r.html")).Clean();
        var html = Body(_scratch.Path("r.html"));
        Assert.Contains("the parameters in start.json", html);
        Assert.DoesNotContain("Number of starts", html);
    }

    [Fact]
    public void NoOutputIsAnotherOrAnInput()
    {
        var (page, plot) = (_scratch.Path("r.html"), _scratch.Path("p.png"));
        Tool.Run("fit", Tool.Faithful, "-k", "2", "-o", page, "--report", page)
            .Fails(2, $"--report is '{page}', the same file as '{page}'; another file is required{Help}");
        Tool.Run("fit", Tool.Faithful, "-k", "2", "-o", plot, "--plot", plot)
            .Fails(2, $"--plot is '{plot}', the same file as '{plot}'; another file is required{Help}");
        File.CreateSymbolicLink(page, "p.png");
        Tool.Run("fit", Tool.Faithful, "-k", "2", "--plot", plot, "--report", page)
            .Fails(2, $"--report is '{page}', the same file as '{plot}'; another file is required{Help}");
        Tool.Run("fit", page, "-k", "2", "--report", page)
            .Fails(2, $"--report is '{page}', the same file as '{page}'; another file is required{Help}");
    }

    [Theory]
    [InlineData("--plot", "p.pdf", "a path that ends in .png or .svg is required")]
    [InlineData("--plot", "p", "a path that ends in .png or .svg is required")]
    [InlineData("--report", "r.pdf", "a path that ends in .html or .htm is required")]
    public void OtherExtensionsAreRefused(string option, string path, string requirement) =>
        Tool.Run("fit", "no.csv", "-k", "2", option, path).Fails(2, $"{option} is '{path}'; {requirement}{Help}");

    [Fact]
    public void APlaceThatCannotBeWrittenIsRefusedBeforeTheDataAreRead()
    {
        var missing = _scratch.Path("no/r.html");
        Tool.Run("fit", "no.csv", "-k", "2", "--report", missing).Fails(3, $"{missing}: the folder does not exist");
    }

    // What a reader sees, without the scripts.
    private static string Body(string path) => Scripts().Replace(File.ReadAllText(path), "");

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("<(script|style)\\b.*?</\\1>", RegexOptions.Singleline)]
    private static partial Regex Scripts();

    private sealed class CancelAt(int iteration, CancellationTokenSource source) : IProgress<IterationInfo>
    {
        public void Report(IterationInfo value)
        {
            if (value.Iteration == iteration) source.Cancel();
        }
    }
}
