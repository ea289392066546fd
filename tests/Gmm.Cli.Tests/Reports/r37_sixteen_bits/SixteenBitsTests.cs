using System.Globalization;
using Gmm.Data.Images;
using Gmm.Fast;

namespace Gmm.Cli.Tests.Reports;

/// <summary>Two grays of 16 bits that are one gray of 8.</summary>
public class SixteenBitsTests
{
    private static readonly string s_picture = Path.Combine(AppContext.BaseDirectory, "Reports", "r37_sixteen_bits", "gray16_close.png");

    [Theory]
    [InlineData]
    [InlineData("--space", "lab")]
    [InlineData("--soft")]
    [InlineData("--init", "points")]
    [InlineData("--covariance", "spherical")]
    public void BothGraysAreFound(params string[] options)
    {
        using var scratch = new Scratch();
        var result = Tool.Run(["segment", s_picture, "-k", "2", "-o", scratch.Path("out.png"), .. options]);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(2, result.Lines.Length - 1);
        Assert.All(result.Lines[1..], line => Assert.EndsWith(" 50.00 %", line));
        var shown = PhotoFile.Read(scratch.Path("out.png")).Rgb16!;
        var stored = PhotoFile.Read(s_picture).Rgb16!;
        for (var i = 0; i < stored.Length; i++) Assert.InRange(shown[i], stored[i] < 20_100 ? 19_990 : 20_190, stored[i] < 20_100 ? 20_010 : 20_210);
    }

    [Fact]
    public void ThePaletteHasAllDigits()
    {
        using var scratch = new Scratch();
        var result = Tool.Run("segment", s_picture, "-k", "2", "-o", scratch.Path("out.png")).Clean();
        foreach (var line in result.Lines[1..])
        {
            var color = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            Assert.Equal(1 + 12, color.Length);
            var level = int.Parse(color[1..5], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Assert.InRange(level, level < 20_100 ? 19_990 : 20_190, level < 20_100 ? 20_010 : 20_210);
            Assert.Contains((ushort)level, PhotoFile.Read(scratch.Path("out.png")).Rgb16!);
        }
    }

    [Fact]
    public void MeansAreInLevelsOfEightBitsWithFractions()
    {
        using var scratch = new Scratch();
        var fit = Tool.Run("segment", s_picture, "-k", "2", "-o", scratch.Path("out.png"), "--json").Fit();
        double[] means = [.. new[] { fit.Model.Mean(0)[0], fit.Model.Mean(1)[0] }.Order()];
        Assert.Equal(20_000 / 257.0, means[0], 0.01);
        Assert.Equal(20_200 / 257.0, means[1], 0.01);
        Assert.Equal(25 / 257.0, Math.Sqrt(fit.Model.Variance(0, 0)), 0.01);

        // What rounding to 16 bits adds.
        Assert.Equal(1 / (12 * 257.0 * 257), Added(fit), 1e-18);
        var given = Tool.Run("segment", s_picture, "-k", "2", "-o", scratch.Path("out.png"), "--json", "--reg-covar", "0.25").Fit();
        Assert.Equal(0.25, Added(given));
        var relative = Tool.Run("segment", s_picture, "-k", "2", "-o", scratch.Path("out.png"), "--json", "--reg-relative", "0.001").Fit();
        Assert.Equal(Regularization.Relative(0.001), relative.Regularization);
    }

    [Theory]
    [InlineData]
    [InlineData("--space", "lab")]
    public void APictureOfEightBitsInAFileOfSixteenIsFittedAsItself(params string[] options)
    {
        using var scratch = new Scratch();
        var random = new Random(37);
        var levels = new byte[3 * 40 * 30];
        random.NextBytes(levels.AsSpan(1800));
        PhotoFile.WritePng(scratch.Path("8.png"), 40, 30, levels);
        PhotoFile.WritePng(scratch.Path("16.png"), 40, 30, (ushort[])[.. levels.Select(level => (ushort)(257 * level))]);
        FitResult Fit(string name) =>
            Tool.Run(["segment", scratch.Path(name), "-k", "3", "-o", scratch.Path("out.png"), "--json", .. options]).Fit();
        var (shallow, deep) = (Fit("8.png"), Fit("16.png"));
        Assert.Equal(1.0 / 12, deep.Regularization);
        Assert.Equal(shallow.Trace, deep.Trace);
    }

    [Fact]
    public void TwelveBitsInAFileOfSixteenHaveTheirOwnStep()
    {
        using var scratch = new Scratch();
        var random = new Random(12);
        PhotoFile.WritePng(scratch.Path("12.png"), 40, 30, (ushort[])[.. Enumerable.Range(0, 3600).Select(_ => (ushort)(16 * random.Next(4096)))]);
        var fit = Tool.Run("segment", scratch.Path("12.png"), "-k", "2", "-o", scratch.Path("out.png"), "--json").Fit();
        Assert.Equal(16 * 16 / (12 * 257.0 * 257), Added(fit), 1e-15);
    }

    [Fact]
    public void MeanColorsTellThemApart()
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch.Path("in"));
        for (var i = 0; i < 20; i++)
        {
            var level = (ushort)((i < 10 ? 20_000 : 20_200) + 5 * (i % 10));
            PhotoFile.WritePng(scratch.Path($"in/{i:00}.png"), 2, 1, (ushort[])[level, level, level, level, level, (ushort)(level + 1)]);
        }
        Tool.Run("images", scratch.Path("in"), "-k", "2", "--reg-covar", "1e-9", "-o", scratch.Path("out"), "--quiet");
        var features = File.ReadAllLines(scratch.Path("out/features.csv"));
        Assert.Equal(20_005 / (257 * 256.0), double.Parse(features[2].Split(',')[1], CultureInfo.InvariantCulture), 1e-15);
        Assert.Equal(20_005.5 / (257 * 256.0), double.Parse(features[2].Split(',')[3], CultureInfo.InvariantCulture), 1e-15);
        var labels = File.ReadAllLines(scratch.Path("out/assignments.csv")).Skip(1).Select(line => line.Split(',')[1]).ToArray();
        Assert.Equal(2, labels.Distinct().Count());
        Assert.Single(labels[..10].Distinct());
        Assert.Single(labels[10..].Distinct());
    }

    private static double Added(FitResult fit)
    {
        Assert.False(fit.Regularization.IsRelative);
        return fit.Regularization.Value;
    }
}
