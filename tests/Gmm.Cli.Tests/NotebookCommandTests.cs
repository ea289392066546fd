using System.Net;
using System.Text.RegularExpressions;
using Gmm.Cli.Notebook;
using Gmm.Fast;
using SkiaSharp;

namespace Gmm.Cli.Tests;

/// <summary>One replay, for all tests of it.</summary>
public sealed class Replay : IDisposable
{
    private readonly Scratch _scratch = new();

    public Replay()
    {
        Folder = _scratch.Path("out");
        Result = Tool.Run("notebook", "-o", Folder);
        Page = File.ReadAllText(Path.Combine(Folder, "notebook.html"));

        Markup = Regex.Replace(Page, "<script.*?</script>", "", RegexOptions.Singleline);
        var body = Markup[Markup.IndexOf("<body>", StringComparison.Ordinal)..];
        Text = Regex.Replace(WebUtility.HtmlDecode(Regex.Replace(body, "<[^>]*>", " ")), @"\s+", " ");
    }

    public string Folder { get; }

    internal ToolResult Result { get; }

    public string Page { get; }

    /// <summary>The page without its scripts.</summary>
    public string Markup { get; }

    /// <summary>What a reader sees.</summary>
    public string Text { get; }

    public void Dispose() => _scratch.Dispose();
}

/// <summary><c>gmm notebook</c>.</summary>
public class NotebookCommandTests(Replay replay) : IClassFixture<Replay>
{
    [Fact]
    public void The_replay_agrees_and_says_so()
    {
        replay.Result.Clean();
        Assert.Contains("all 50 numbers and texts known of the document agree", replay.Result.Output, StringComparison.Ordinal);
        Assert.Contains("23 iterations; weights, means, covariances", replay.Result.Output, StringComparison.Ordinal);
        Assert.Contains("12 iterations of 23", replay.Result.Output, StringComparison.Ordinal);
        Assert.Contains("103 iterations, log-likelihood", replay.Result.Output, StringComparison.Ordinal);
        Assert.Equal(6, replay.Result.Lines.Count(line => line.EndsWith("  agrees", StringComparison.Ordinal)));
        Assert.DoesNotContain("differs", replay.Result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3-model.json", 23, FitStatus.Converged)]
    [InlineData("5-model-after-12.json", 12, FitStatus.MaxIterations)]
    [InlineData("8-pictures-model.json", 103, FitStatus.Converged)]
    public void The_models_are_those_of_the_runs(string name, int iterations, FitStatus status)
    {
        using var stream = File.OpenRead(Path.Combine(replay.Folder, name));
        var fit = FitResult.Load(stream)!;
        Assert.Equal((iterations, status), (fit.Iterations, fit.Status));
    }

    [Theory]
    [InlineData("0.3007102300609823")]
    [InlineData("0.17993710074247007")]
    [InlineData("0.51935266919654721")]
    [InlineData("4.94239235")]
    [InlineData("-0.01494875")]
    [InlineData("-318.8308214856092")]
    [InlineData("last line Iteration 22")]
    [InlineData("Iteration 0, 5, 10, 11")]
    [InlineData("0.301")]
    [InlineData("4.942")]
    [InlineData("0.671")]
    [InlineData("Iteration 118")]
    [InlineData("last line of the log Iteration 118 Iteration 102 other data")]
    [InlineData("16.5271595911")]
    [InlineData("400 synthetic pictures")]
    [InlineData("seed 1 of .NET's generator")]
    [InlineData("sunsets_000.png is assigned to component")]
    public void The_page_shows(string text) => Assert.Contains(text, replay.Text, StringComparison.Ordinal);

    [Fact]
    public void No_number_of_the_points_differs_and_every_number_of_the_pictures_is_marked()
    {
        Assert.DoesNotContain(">differs<", replay.Page, StringComparison.Ordinal);
        Assert.Equal(55, Regex.Count(replay.Page, ">agrees<"));
        Assert.Equal(11, Regex.Count(replay.Page, ">other data<"));
    }

    [Fact]
    public void The_page_asks_nothing_of_any_network()
    {
        Assert.DoesNotMatch("""<[^>]*(src|href|action|data)="(?!data:|#)""", replay.Markup);
        Assert.DoesNotMatch("""https?://""", replay.Markup);
        Assert.Contains("default-src &#x27;none&#x27;", replay.Page, StringComparison.Ordinal);
        Assert.True(replay.Page.Length < 12_000_000);
    }

    [Theory]
    [InlineData("1-points-and-truth.png")]
    [InlineData("5-components-on-the-way.png")]
    [InlineData("6-log-likelihood.png")]
    [InlineData("6-log-likelihood-without-first-3.png")]
    [InlineData("8-pictures-log-likelihood.png")]
    [InlineData("9-pictures-red-green.png")]
    [InlineData("9-pictures-green-blue.png")]
    [InlineData("9-pictures-red-blue.png")]
    [InlineData("11-pictures-responsibilities.png")]
    public void The_figures_are_pictures_and_stand_in_the_page(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(replay.Folder, name));
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], bytes[..8]);
        using var picture = SKBitmap.Decode(bytes);
        Assert.True(picture.Width > 800 && picture.Height > 400);
        Assert.Contains(Convert.ToBase64String(bytes).Replace("+", "&#x2B;", StringComparison.Ordinal), replay.Markup, StringComparison.Ordinal);
        Assert.Contains($"File: {name}", replay.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_no_other_files_than_the_page_names()
    {
        var files = Directory.GetFiles(replay.Folder).Select(Path.GetFileName).ToList();
        Assert.Equal(14, files.Count);
        Assert.All(files.Where(file => file != "notebook.html"), file => Assert.Contains(file!, replay.Text, StringComparison.Ordinal));
        Assert.Equal(401, File.ReadLines(Path.Combine(replay.Folder, "7-pictures-features.csv")).Count());
    }

    [Fact]
    public void The_commands_shown_give_the_models_shown()
    {
        using var scratch = new Scratch();
        string[] common = ["--stop", "total", "--tol", "1e-4", "--reg-covar", "0", "--quiet", "-o", scratch.Path("m.json")];
        Tool.Run(["fit", Tool.Data("notebook.csv"), "--init", Tool.Data("notebook-init.json"), "--max-iter", "1000", .. common]).Clean();
        Assert.Contains("gmm fit data/notebook.csv --init data/notebook-init.json \\ --stop total --tol 1e-4 --reg-covar 0 --max-iter 1000 "
            + "-o 3-model.json", replay.Text, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(Path.Combine(replay.Folder, "3-model.json")), File.ReadAllText(scratch.Path("m.json")));
    }

    [Fact]
    public void Pictures_of_ones_own_take_the_place_of_the_synthetic_ones()
    {
        using var scratch = new Scratch();
        var folder = Directory.CreateDirectory(scratch.Path("mine")).FullName;
        var random = new Random(5);
        for (var i = 0; i < 24; i++)
        {
            var pixels = new byte[8 * 8 * 3];
            var center = 60 + (i % 4 * 50);
            for (var j = 0; j < pixels.Length; j++) pixels[j] = (byte)random.Next(center - (20 * (j % 3)), center + 40);
            PhotoFile(Path.Combine(folder, $"p{i:00}.png"), pixels);
        }
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "not a picture");
        var result = Tool.Run("notebook", "--images", folder, "-o", scratch.Path("out"));
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("gmm: warning: notes.txt: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("24, mean colors", result.Output, StringComparison.Ordinal);
        var page = File.ReadAllText(scratch.Path("out/notebook.html"));
        Assert.Contains("24 pictures of a folder of your own", page, StringComparison.Ordinal);
        Assert.DoesNotContain("synthetic", Regex.Replace(page, "<script.*?</script>", "", RegexOptions.Singleline), StringComparison.Ordinal);

        static void PhotoFile(string path, byte[] pixels) => Gmm.Data.Images.PhotoFile.WritePng(path, 8, 8, pixels);
    }

    [Fact]
    public void What_cannot_be_used_is_one_line()
    {
        using var scratch = new Scratch();
        var file = scratch.Write("file", "");
        Tool.Run("notebook", "-o", file).Fails(3, $"{file}: is a file; a folder is required");
        var empty = Directory.CreateDirectory(scratch.Path("empty")).FullName;
        Tool.Run("notebook", "-o", scratch.Path("out"), "--images", empty)
            .Fails(3, $"{empty}: there is no picture that can be used; the notebook's 4 components need at least 4");
        Tool.Run("notebook", "-o", scratch.Path("empty/out"), "--images", empty)
            .Fails(2, $"-o is '{scratch.Path("empty/out")}', in the folder of --images; its figures would be taken for pictures "
                + "(see gmm notebook --help)");
        Assert.Equal(["file"], scratch.Files);
        Assert.False(Directory.Exists(scratch.Path("out")));
    }

    [Fact]
    public void A_cancelled_replay_leaves_nothing()
    {
        using var scratch = new Scratch();
        Tool.RunCancelled("notebook", "-o", scratch.Path("out")).Fails(130, "cancelled; notebook.html was not written");
        Assert.False(Directory.Exists(scratch.Path("out")));
    }

    [Fact]
    public void A_number_that_differs_is_marked()
    {
        var check = NotebookCheck.Rounded("weight", "0.301", 0.30151, 3);
        Assert.False(check.Agrees);
        Assert.Equal("0.302", check.Ours);
        Assert.Equal("5.1e-4", check.Difference);
        Assert.True(NotebookCheck.Rounded("weight", "0.301", 0.3014999, 3).Agrees);
        Assert.False(NotebookCheck.AllDigits("weight", "0.3007102300609823", 0.30071023007).Agrees);
        Assert.Equal("differs in 1 of 2", NotebookCheck.Verdict([check, NotebookCheck.Text("log", "a", "a")]));
    }
}
