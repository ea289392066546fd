using System.Globalization;
using System.Text.RegularExpressions;
using Gmm.Data.Images;
using Gmm.Fast;

namespace Gmm.Cli.Tests;

public partial class SegmentTests
{
    private const int Width = 40;
    private const int Height = 30;
    private static readonly (byte, byte, byte) s_orange = (230, 120, 20);
    private static readonly (byte, byte, byte) s_blue = (10, 40, 160);

    [Theory]
    [InlineData]
    [InlineData("--soft")]
    [InlineData("--space", "lab")]
    [InlineData("--space", "lab", "--soft")]
    public void TwoColorsComeBackAsTheSameTwo(params string[] options)
    {
        using var scratch = new Scratch();
        var photo = Write(scratch, (x, _) => x < Width / 4 ? s_orange : s_blue);
        var result = Tool.Run(["segment", photo, "-k", "2", "-o", scratch.Path("out.png"), .. options]).Clean();
        Assert.Equal(PhotoFile.Read(photo).Rgb, PhotoFile.Read(scratch.Path("out.png")).Rgb);
        Assert.Equal(
            [("#0a28a0", 0.75, 75.0), ("#e67814", 0.25, 25.0)],
            Palette(result).Select(line => (line.Color, Math.Round(line.Weight, 2), line.Share)));
    }

    [Fact]
    public void NoisyColorsBecomeTheMeansOfTheirComponents()
    {
        using var scratch = new Scratch();
        var photo = Write(scratch, Noisy);
        var result = Tool.Run("segment", photo, "-k", "2", "-o", scratch.Path("out.png")).Clean();
        var painted = Colors(scratch.Path("out.png"));
        Assert.Equal(Palette(result).Select(line => line.Color).Order(), painted.Order());
        Assert.Equal(2, painted.Length);
    }

    [Fact]
    public void SoftMixesTheMeansByResponsibility()
    {
        using var scratch = new Scratch();

        // A ramp: the pixels between the components belong to both.
        var photo = Write(scratch, (x, y) => ((byte)(40 + 4 * x + y % 3), (byte)(90 + 3 * y % 5), (byte)(60 + x % 4)));
        var result = Tool.Run("segment", photo, "-k", "2", "-o", scratch.Path("out.png"), "--soft", "--json").Clean();
        var model = result.Fit().Model;
        var (from, to) = (PhotoFile.Read(photo).Rgb, PhotoFile.Read(scratch.Path("out.png")).Rgb);
        var responsibilities = new double[2];
        for (var i = 0; i < from.Length; i += 3)
        {
            model.Responsibilities([from[i], from[i + 1], from[i + 2]], responsibilities);
            for (var j = 0; j < 3; j++)
                Assert.Equal(responsibilities[0] * model.Mean(0)[j] + responsibilities[1] * model.Mean(1)[j], to[i + j], 0.501);
        }
        Assert.True(Colors(scratch.Path("out.png")).Length > 2);
    }

    [Fact]
    public void ThePlaceTellsRegionsOfOneColorApart()
    {
        using var scratch = new Scratch();
        var photo = Write(scratch, (x, y) => ((byte)(100 + (x * 7 + y * 3) % 5), 100, (byte)(100 + (x * 3 + y) % 4)));
        var fit = Tool.Run("segment", photo, "-k", "2", "--position", "2", "-o", scratch.Path("out.png"), "--json").Clean().Fit();
        Assert.Equal(["red", "green", "blue", "x", "y"], fit.Model.ColumnNames);

        // Left and right half of 2 x 255.
        double[] centers = [.. new[] { fit.Model.Mean(0)[3], fit.Model.Mean(1)[3] }.Order()];
        Assert.Equal(510 * 0.25, centers[0], 25.0);
        Assert.Equal(510 * 0.75, centers[1], 25.0);
        Assert.Equal(510.0 * (Height - 1) / (Width - 1) / 2, (fit.Model.Weights[0] * fit.Model.Mean(0)[4]) + (fit.Model.Weights[1] * fit.Model.Mean(1)[4]), 1e-6);
    }

    [Fact]
    public void WithoutWeightThePlaceIsLeftOut()
    {
        using var scratch = new Scratch();
        var photo = Write(scratch, Noisy);
        Assert.Equal(3, Tool.Run("segment", photo, "-k", "2", "--position", "0", "-o", scratch.Path("out.png"), "--json").Clean().Fit().Model.Dimension);
        Assert.Equal(
            ["L", "a", "b"], Tool.Run("segment", photo, "-k", "2", "--space", "lab", "-o", scratch.Path("out.png"), "--json").Clean().Fit().Model.ColumnNames);
    }

    [Theory]
    [InlineData("--soft")]
    [InlineData("--space", "lab")]
    public void TheNumberOfThreadsChangesNoByte(params string[] options)
    {
        using var scratch = new Scratch();
        var photo = Write(scratch, Noisy, 300, 200);
        byte[] Run(string threads)
        {
            Tool.Run(["segment", photo, "-k", "3", "--threads", threads, "-o", scratch.Path("out.png"), "--quiet", .. options]).Clean();
            return File.ReadAllBytes(scratch.Path("out.png"));
        }
        Assert.Equal(Run("1"), Run("3"));
    }

    [Theory]
    [InlineData]
    [InlineData("--soft")]
    [InlineData("--space", "lab")]
    public void EveryPixelHasTheColorThatItWouldHaveAlone(params string[] options)
    {
        using var scratch = new Scratch();

        // So many pixels that their different colors are fitted and painted.
        var photo = Write(scratch, Noisy, 640, 480);
        var result = Tool.Run(["segment", photo, "-k", "3", "--json", "-o", scratch.Path("out.png"), .. options]).Clean();
        var fit = result.Fit();
        var (from, to) = (PhotoFile.Read(photo).Rgb, PhotoFile.Read(scratch.Path("out.png")).Rgb);
        Assert.Equal(640 * 480, fit.Points);
        Assert.Equal(640.0 * 480, fit.TotalWeight);
        Assert.Equal(Colors(photo).Length, fit.DistinctPoints);

        // Few pixels are painted one by one.
        var model = scratch.Path("model.json");
        File.WriteAllText(model, result.Output);
        var small = scratch.Path("small.png");
        PhotoFile.WritePng(small, 640, 16, from.AsSpan(0, 640 * 16 * 3));
        Tool.Run(["segment", small, "--init", model, "--max-iter", "0", "--stop", "fixed", "--quiet", "-o", scratch.Path("alone.png"), .. options]);
        Assert.Equal(to[..(640 * 16 * 3)], PhotoFile.Read(scratch.Path("alone.png")).Rgb);
    }

    [Fact]
    public void FewColorsOfManyPixelsSufficeForMoreComponents()
    {
        using var scratch = new Scratch();
        var photo = Write(scratch, (x, _) => x < 160 ? s_orange : s_blue, 640, 480);
        Assert.Equal(ExitCode.Done, Tool.Run("segment", photo, "-k", "3", "--on-collapse", "keep", "-o", scratch.Path("out.png"), "--quiet").ExitCode);
        Assert.Equal(PhotoFile.Read(photo).Rgb, PhotoFile.Read(scratch.Path("out.png")).Rgb);
    }

    [Fact]
    public void TheDefaultsAreThoseOfTheHelp()
    {
        using var scratch = new Scratch();
        var fit = Tool.Run("segment", Write(scratch, Noisy), "-k", "2", "-o", scratch.Path("out.png"), "--json").Clean().Fit();
        Assert.Equal((StopRule.MeanChange(1e-3), Regularization.Absolute(1.0 / 12)), (fit.Stop, fit.Regularization));
    }

    [Fact]
    public void MistakesAreNamed()
    {
        using var scratch = new Scratch();
        var (absent, output) = (scratch.Path("absent.jpg"), scratch.Path("out.png"));
        Tool.Run("segment", absent, "-k", "2", "-o", output).Fails(ExitCode.Input, $"{absent}: the file does not exist");
        var text = scratch.Write("text.jpg", "no picture");
        Tool.Run("segment", text, "-k", "2", "-o", output)
            .Fails(ExitCode.Input, $"{text}: not a picture; JPEG, PNG, WebP, BMP and GIF are read");
        var photo = Write(scratch, Noisy);
        Tool.Run("segment", photo, "-k", "2", "-o", "out.jpg")
            .Fails(ExitCode.Usage, "-o is 'out.jpg'; a path that ends in .png is required (see gmm segment --help)");
        Tool.Run("segment", photo, "-k", "2", "-o", photo).Fails(
            ExitCode.Usage, $"-o is '{photo}', the same file as '{photo}'; another file is required (see gmm segment --help)");
        Tool.Run("segment", photo, "-k", "2000", "-o", output).Fails(ExitCode.Input, $"{photo} has 1200 pixels; -k 2000 needs at least 2000");
        Tool.Run("segment", photo, "-k", "2", "--space", "hsv", "-o", output)
            .Fails(ExitCode.Usage, "--space is 'hsv'; rgb or lab is required (see gmm segment --help)");
        Assert.Equal(ExitCode.Usage, Tool.Run("segment", photo, "-k", "2").ExitCode);
        Assert.Equal(["photo.png", "text.jpg"], scratch.Files);
    }

    private static (byte, byte, byte) Noisy(int x, int y)
    {
        var noise = (x * 31 + y * 17 + x * y * 7) % 23;
        return x < Width / 2
            ? ((byte)(200 + noise), (byte)(100 + noise / 2), (byte)20)
            : ((byte)(20 + noise / 3), (byte)(60 + noise), (byte)(150 + noise));
    }

    private static string Write(Scratch scratch, Func<int, int, (byte Red, byte Green, byte Blue)> color, int width = Width, int height = Height)
    {
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++) (rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]) = color(i % width, i / width);
        PhotoFile.WritePng(scratch.Path("photo.png"), width, height, rgb);
        return scratch.Path("photo.png");
    }

    private static string[] Colors(string path) =>
        [.. PhotoFile.Read(path).Rgb.Chunk(3).Select(pixel => $"#{pixel[0]:x2}{pixel[1]:x2}{pixel[2]:x2}").Distinct()];

    private static IEnumerable<(string Color, double Weight, double Share)> Palette(ToolResult result) => result.Lines.Skip(1)
        .Select(line => PaletteLine().Match(line).Groups).Select(groups => (groups[1].Value, Number(groups[2]), Number(groups[3])));

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\d+ +(#[0-9a-f]{6}) +([0-9.]+) +([0-9.]+) %$")]
    private static partial Regex PaletteLine();

    [Fact]
    public void SamplesAreTakenOfPixels()
    {
        using var scratch = new Scratch();
        const int Side = 512;
        var rgb = new byte[3 * Side * Side];
        new Random(4).NextBytes(rgb);
        PhotoFile.WritePng(scratch.Path("large.png"), Side, Side, rgb.AsSpan());
        var fit = Tool.Run("segment", scratch.Path("large.png"), "-k", "2", "-o", scratch.Path("out.png"), "--progressive", "on", "--max-iter", "2", "--json").Fit();
        Assert.True(fit.SamplePasses > 0);
    }
}
