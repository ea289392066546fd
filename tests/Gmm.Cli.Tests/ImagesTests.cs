using System.Globalization;
using CsvHelper;
using Gmm.Data.Images;
using Gmm.Fast;

namespace Gmm.Cli.Tests;

public class ImagesTests
{
    private static readonly string s_pictures = Tool.Data("pictures");

    [Fact]
    public void TheDefaultStartIsThatOfTheNotebook()
    {
        using var scratch = new Scratch();
        Tool.Run("images", s_pictures, "-k", "4", "--seed", "7", "--stop", "fixed", "--max-iter", "0", "-o", scratch.Path("out"), "--quiet").Clean();
        var start = Fit(scratch).Model;
        var rows = PictureFolder.Read(s_pictures, token: TestContext.Current.CancellationToken).Rows();
        Assert.Equal([0.25, 0.25, 0.25, 0.25], start.Weights.ToArray());
        var matrix = new double[9];
        for (var k = 0; k < 4; k++)
        {
            var mean = start.Mean(k).ToArray();
            Assert.Contains(Enumerable.Range(0, 400), i => rows.AsSpan(3 * i, 3).SequenceEqual(mean));
            start.Covariance(k, matrix);
            for (var i = 0; i < 3; i++)
            {
                for (var j = 0; j < 3; j++) Assert.Equal(i == j ? Variance(rows, i) : 0, matrix[3 * i + j], 1e-15);
            }
        }
    }

    [Theory]
    [InlineData("full")]
    [InlineData("tied")]
    [InlineData("diag")]
    [InlineData("spherical")]
    [InlineData("tied-diag")]
    [InlineData("tied-spherical")]
    public void EveryCovarianceTypeStartsFromPictures(string type)
    {
        using var scratch = new Scratch();
        Tool.Run("images", s_pictures, "-k", "3", "--covariance", type, "-o", scratch.Path("out"), "--quiet").Clean();
        Assert.Equal(type, Fit(scratch).Model.CovarianceName);
    }

    [Theory]
    [InlineData("full", 9)]
    [InlineData("tied", 9)]
    [InlineData("diag", 3)]
    [InlineData("spherical", 1)]
    [InlineData("tied-diag", 3)]
    [InlineData("tied-spherical", 1)]
    public void TheStartHasTheVariancesOfAllPicturesInEveryCovarianceType(string type, int numbers)
    {
        // Three components in three dimensions: no length says by itself what it counts.
        using var scratch = new Scratch();
        string[] fit = ["images", s_pictures, "-k", "3", "--covariance", type, "--stop", "fixed", "--max-iter", "0"];
        Tool.Run([.. fit, "-o", scratch.Path("out"), "--quiet"]).Clean();
        var start = Fit(scratch).Model;
        var rows = PictureFolder.Read(s_pictures, token: TestContext.Current.CancellationToken).Rows();
        double[] variances = [Variance(rows, 0), Variance(rows, 1), Variance(rows, 2)];
        var matrix = new double[9];
        for (var k = 0; k < 3; k++)
        {
            start.Covariance(k, matrix);
            for (var i = 0; i < 3; i++)
            {
                for (var j = 0; j < 3; j++) Assert.Equal(i != j ? 0 : numbers == 1 ? variances.Average() : variances[i], matrix[3 * i + j], 1e-15);
            }
        }
    }

    [Fact]
    public void OfSeveralStartsTheBestIsKept()
    {
        using var scratch = new Scratch();
        double Run(params string[] more)
        {
            Tool.Run(["images", s_pictures, "-k", "4", "--max-iter", "20", "--stop", "fixed", "-o", scratch.Path("out"), "--quiet", .. more]).Clean();
            return Fit(scratch).TotalLogLikelihood;
        }
        var each = Enumerable.Range(0, 3).Select(seed => Run("--seed", seed.ToString(CultureInfo.InvariantCulture))).ToArray();
        Assert.Equal(each.Max(), Run("--restarts", "3"));
        Assert.Equal(3, each.Distinct().Count());
    }

    [Fact]
    public void SubFoldersAreCategories()
    {
        using var scratch = new Scratch();
        Put(scratch, "in/red/a.png", 200, 10, 10);
        Put(scratch, "in/red/b.png", 210, 12, 10);
        Put(scratch, "in/blue/c.png", 10, 10, 220);
        Put(scratch, "in/blue/d.png", 12, 10, 200);
        var result = Tool.Run("images", scratch.Path("in"), "-k", "2", "--init", "kmeans++", "--covariance", "spherical", "-o", scratch.Path("out")).Clean();
        Assert.Contains("adjusted Rand index  1.0000", result.Lines);
        Assert.Equal(["blue/c.png", "blue/d.png", "red/a.png", "red/b.png"], Records(scratch.Path("out/features.csv")).Skip(1).Select(cells => cells[0]));
    }

    [Fact]
    public void ADamagedFileIsSkippedNamedAndListed()
    {
        using var scratch = new Scratch();
        Put(scratch, "in/a.png", 1, 2, 3);
        Put(scratch, "in/b.png", 100, 2, 3);
        File.WriteAllBytes(scratch.Path("in/half.png"), File.ReadAllBytes(Path.Combine(s_pictures, "rivers_000.png"))[..700]);
        var result = Tool.Run("images", scratch.Path("in"), "-k", "1", "--covariance", "spherical", "--quiet", "-o", scratch.Path("out"));
        Assert.Equal($"gmm: warning: half.png: truncated: the file ends before the picture does{Environment.NewLine}", result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(3, Records(scratch.Path("out/features.csv")).Count);
        Assert.Contains("truncated: the file ends before the picture does", File.ReadAllText(scratch.Path("out/report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void ResultsOfARunBeforeAreNotReportedAsDamagedPictures()
    {
        using var scratch = new Scratch();
        Put(scratch, "in/a.png", 1, 2, 3);
        Put(scratch, "in/b.png", 100, 2, 3);
        string[] arguments = ["images", scratch.Path("in"), "-k", "1", "--covariance", "spherical", "--quiet", "-o"];
        Tool.Run([.. arguments, scratch.Path("in/out")]).Clean();
        Tool.Run([.. arguments, scratch.Path("in/out")]).Clean();
        Tool.Run([.. arguments, scratch.Path("in/out/")]).Clean();
    }

    [Fact]
    public void AFolderWithoutPicturesIsRefusedAndLeavesNothing()
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch.Path("in"));
        Tool.Run("images", scratch.Path("in"), "-k", "2", "-o", scratch.Path("out"))
            .Fails(ExitCode.Input, $"{scratch.Path("in")}: there is no picture that can be used");
        Assert.False(Directory.Exists(scratch.Path("out")));
    }

    [Fact]
    public void MoreComponentsThanPicturesAreRefused()
    {
        using var scratch = new Scratch();
        Put(scratch, "in/a.png", 1, 2, 3);
        Tool.Run("images", scratch.Path("in"), "-k", "2", "-o", scratch.Path("out"))
            .Fails(ExitCode.Input, $"{scratch.Path("in")} has 1 picture that can be used; -k 2 needs at least 2");
    }

    [Fact]
    public void MistakesAreNamed()
    {
        using var scratch = new Scratch();
        var absent = scratch.Path("absent");
        Tool.Run("images", absent, "-k", "2", "-o", scratch.Path("out")).Fails(ExitCode.Input, $"{absent}: the folder does not exist");
        Tool.Run("images", s_pictures, "-o", scratch.Path("out"))
            .Fails(ExitCode.Usage, "-k, the number of components, is required unless --init names a model (see gmm images --help)");
        Tool.Run("images", s_pictures, "-k", "2", "--init", "kmeans", "-o", scratch.Path("out"))
            .Fails(ExitCode.Usage, "--init is 'kmeans'; pictures, small-em, kmeans++, points or a model file is required (see gmm images --help)");
        Tool.Run("images", s_pictures, "-k", "2", "-o", scratch.Write("file", "")).Fails(ExitCode.Input, $"{scratch.Path("file")}: is a file; a folder is required");
        var labels = scratch.Write("features.csv", "file,category\na.png,x\n");
        Tool.Run("images", s_pictures, "-k", "2", "--labels", labels, "-o", scratch.Folder).Fails(
            ExitCode.Usage, $"-o is '{labels}', the same file as '{labels}'; another file is required (see gmm images --help)");
        Tool.Run("images", s_pictures, "-k", "2", "--init", scratch.Model(), "-o", scratch.Path("out")).Fails(ExitCode.Input,
            $"{s_pictures}: InitialModel has 2 components, Full covariances and 2 dimensions; 2, Full and 3 are required");
    }

    [Fact]
    public void CancelledBeforeTheFitNothingIsLeft()
    {
        using var scratch = new Scratch();
        var result = Tool.RunCancelled("images", s_pictures, "-k", "2", "-o", scratch.Path("out"));
        result.Fails(ExitCode.Cancelled, "canceled before there was a model; nothing was written");
        Assert.Empty(scratch.Files);
        Assert.False(Directory.Exists(scratch.Path("out")));
    }

    [Fact]
    public void NamesOfFilesSurviveCommasQuotesLineBreaksAndMarkup()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names.");
        using var scratch = new Scratch();
        string[] names = ["<script>alert(1)<.png", "a,b\".png", "line\nbreak.png", " space.png"];
        foreach (var name in names) Put(scratch, $"in/{name}", 1, (byte)name.Length, 3);
        Tool.Run("images", scratch.Path("in"), "-k", "1", "--covariance", "spherical", "--quiet", "-o", scratch.Path("out")).Clean();
        Assert.Equal(names.Order(StringComparer.Ordinal), Records(scratch.Path("out/features.csv")).Skip(1).Select(cells => cells[0]));
        Assert.Equal(names.Order(StringComparer.Ordinal), Records(scratch.Path("out/assignments.csv")).Skip(1).Select(cells => cells[0]));
        Assert.DoesNotContain("<script>alert", File.ReadAllText(scratch.Path("out/report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void PicturesOfOneColorAreFittedToo()
    {
        using var scratch = new Scratch();
        Put(scratch, "in/a.png", 9, 9, 9);
        Put(scratch, "in/b.png", 9, 9, 9);
        Assert.Equal(0, Tool.Run("images", scratch.Path("in"), "-k", "1", "--quiet", "-o", scratch.Path("out")).ExitCode);
    }

    [Fact]
    public void TheDocumentIsPrintedOnRequest()
    {
        using var scratch = new Scratch();
        var result = Tool.Run("images", s_pictures, "-k", "2", "--json", "-o", scratch.Path("out")).Clean();
        Assert.Equal(File.ReadAllBytes(scratch.Path("out/model.json")), result.Bytes);
        Assert.Equal(["red", "green", "blue"], result.Fit().Model.ColumnNames);
        Assert.Equal((StopRule.TotalRise(1e-4), Regularization.Absolute(1e-6)), (result.Fit().Stop, result.Fit().Regularization));
    }

    internal static FitResult Fit(Scratch scratch) => FitResult.Load(new MemoryStream(File.ReadAllBytes(scratch.Path("out/model.json"))))!;

    private static double Variance(double[] rows, int column)
    {
        double[] values = [.. Enumerable.Range(0, rows.Length / 3).Select(i => rows[3 * i + column])];
        var mean = values.Average();
        return values.Average(value => (value - mean) * (value - mean));
    }

    private static void Put(Scratch scratch, string name, byte red, byte green, byte blue)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(scratch.Path(name))!);
        PhotoFile.WritePng(scratch.Path(name), 2, 1, [red, green, blue, red, green, blue]);
    }

    internal static List<string[]> Records(string path)
    {
        using var stream = File.OpenRead(path);
        using var reader = CsvReader.Create(stream, new CsvReaderOptions { HasHeader = false });
        var records = new List<string[]>();
        while (reader.Read()) records.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => System.Text.Encoding.UTF8.GetString(reader.GetSpan(i)))]);
        return records;
    }
}
