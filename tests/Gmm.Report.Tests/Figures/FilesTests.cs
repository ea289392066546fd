using System.Globalization;
using System.Xml.Linq;
using Gmm.Report.Figures;
using ScottPlot;

namespace Gmm.Report.Tests.Figures;

public class FilesTests
{
    public static TheoryData<string> Names => [.. Examples.All().Select(example => example.Name)];

    [Theory]
    [InlineData(0, 0, 2, 1800, 1520)]
    [InlineData(0, 0, 1, 900, 760)]
    [InlineData(640, 480, 1, 640, 480)]
    [InlineData(301, 200, 1.5, 452, 300)]
    public void APngFileHasTheSizeAskedFor(int width, int height, double scale, int pixelWidth, int pixelHeight)
    {
        using var file = new MemoryStream();
        Figure.Components(Examples.Sampled(Examples.Tilted, 20)).SavePng(file, width, height, scale);
        using var bitmap = SkiaSharp.SKBitmap.Decode(file.ToArray());
        Assert.Equal((pixelWidth, pixelHeight), (bitmap.Width, bitmap.Height));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], file.ToArray()[..4]);
    }

    [Theory]
    [InlineData(199, 0, 1)]
    [InlineData(0, 20_001, 1)]
    [InlineData(0, 0, 0.2)]
    [InlineData(0, 0, double.NaN)]
    [InlineData(20_000, 20_000, 1)]
    public void ASizeThatCannotBeIsRefused(int width, int height, double scale) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Figure.LogLikelihood([-1, 0]).SavePng(Stream.Null, width, height, scale));

    [Theory]
    [MemberData(nameof(Names))]
    public void AFigureGivesTheSameBytesEachTime(string name)
    {
        Assert.Equal(Png(), Png());
        Assert.Equal(Svg(), Svg());

        byte[] Png() => Bytes((figure, stream) => figure.SavePng(stream, scale: 1));

        byte[] Svg() => Bytes((figure, stream) => figure.SaveSvg(stream));

        byte[] Bytes(Action<FigureFile, Stream> save)
        {
            using var file = new MemoryStream();
            save(Of(name), file);
            return file.ToArray();
        }
    }

    [Fact]
    public void NamesWithinSvgFilesDifferBetweenFiguresAndAreAllDefined()
    {
        var seen = new HashSet<string>();
        foreach (var (_, figure) in Examples.All())
        {
            var elements = Picture.Svg(figure).Descendants().ToList();
            var defined = elements.Select(element => element.Attribute("id")?.Value).OfType<string>().ToList();
            Assert.All(defined, name => Assert.True(seen.Add(name), name));
            var used = elements.Select(element => element.Attribute("clip-path")?.Value).OfType<string>().ToList();
            Assert.NotEmpty(used);
            Assert.All(used, name => Assert.Contains(name[5..^1], defined));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AnSvgFileIsWellFormedAndHasAllTexts(string name)
    {
        var figure = Of(name);
        var svg = Picture.Svg(figure);
        Assert.Equal("svg", svg.Root!.Name.LocalName);
        var texts = Picture.Texts(svg);
        Assert.Contains(figure.Title, texts);
        Assert.All(figure.Scene.Legend, entry => Assert.Contains(entry.Text, texts));
        foreach (var panel in figure.Scene.Panels)
        {
            if (panel is null) continue;
            if (panel.ShowsX) Assert.Contains(panel.X.Name, texts);
            if (panel.ShowsY) Assert.Contains(panel.Y.Name, texts);
            if (panel.Title.Length > 0) Assert.Contains(panel.Title, texts);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryTextIsInTheFontOfTheAssembly(string name)
    {
        var texts = Picture.Svg(Of(name)).Descendants().Where(element => element.Name.LocalName == "text").ToList();
        Assert.NotEmpty(texts);
        Assert.All(texts, text => Assert.Equal("DejaVu Sans, Verdana, sans-serif", text.Attribute("font-family")!.Value));
    }

    [Fact]
    public void TheFontDoesNotComeFromTheSystem()
    {
        using var font = BundledFont.Of(12);
        Assert.Equal("DejaVu Sans", font.Typeface.FamilyName);
        Assert.Same(font.Typeface, Fonts.GetTypeface(BundledFont.Name, bold: false, italic: false));
        Assert.IsType<BundledFont>(Fonts.FontResolvers[0]);
        Assert.NotNull(typeof(Figure).Assembly.GetManifestResourceInfo("LICENSE-DejaVu.txt"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TextIsDrawnAndNothingReachesTheEdge(string name)
    {
        var figure = Of(name);
        using var picture = Picture.Of(figure);
        Assert.Equal(0, Margin(0, 0, figure.Width, 8) + Margin(0, figure.Height - 8, figure.Width, figure.Height));
        Assert.Equal(0, Margin(0, 0, 8, figure.Height) + Margin(figure.Width - 6, 0, figure.Width, figure.Height));
        Assert.InRange(Dark(0, 10, figure.Width, 40), 300, 40_000);
        foreach (var placed in picture.Panels)
        {
            var data = placed.Data;
            if (placed.Panel.ShowsX) Assert.True(Dark(data.Left, data.Bottom + 22, data.Right, data.Bottom + 40) > 10, "name of x");
            if (placed.Panel.ShowsX) Assert.True(Dark(data.Left, data.Bottom + 6, data.Right, data.Bottom + 20) > 20, "labels of x");
            if (placed.Panel.ShowsY) Assert.True(Dark(data.Left - 40, data.Top, data.Left - 6, data.Bottom) > 20, "labels of y");
        }

        int Dark(double left, double top, double right, double bottom) => picture.Count(left, top, right, bottom, Picture.IsDark);

        int Margin(double left, double top, double right, double bottom) =>
            picture.Count(left, top, right, bottom, color => color != new Rgb(255, 255, 255));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NoTextOfAnSvgFileRunsOutOfThePicture(string name)
    {
        var figure = Of(name);
        foreach (var text in Picture.Svg(figure).Descendants().Where(element => element.Name.LocalName == "text"))
        {
            // Turned or moved: its positions are not those of the picture.
            if (text.AncestorsAndSelf().Any(element => element.Attribute("transform") is not null)) continue;
            var letters = Numbers(text.Attribute("x")!);
            Assert.InRange(letters[0], 0, figure.Width);
            Assert.InRange(letters[^1], 0, figure.Width - 4);
        }

        static double[] Numbers(XAttribute list) =>
        [
            .. list.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(x => double.Parse(x, CultureInfo.InvariantCulture)),
        ];
    }

    [Fact]
    public void AnSvgFileHasOneMarkForEachPoint()
    {
        var svg = Picture.Svg(Figure.Components(Examples.Sampled(Examples.Tilted, 300)));
        var marks = svg.Descendants()
            .Where(element => element.Attribute("stroke-linecap")?.Value == "round" && element.Attribute("d") is not null)
            .Sum(path => path.Attribute("d")!.Value.Count(letter => letter == 'M'));
        Assert.Equal(300, marks);
    }

    [Fact]
    public void NamesFromFilesAreShownAsText()
    {
        string[] names = ["<script>alert(1)</script> & \"quoted\"", "tab\there \ud800\u0000 \u6e29\u5ea6"];
        var model = new Gmm.Fast.GaussianMixture(Gmm.Fast.CovarianceType.Spherical, 2, [1.0], [0, 0], [1.0], names);
        var texts = Picture.Texts(Picture.Svg(Figure.Components(Examples.Sampled(model, 10, "a<b>&c\n"))));
        Assert.Contains("<script>alert(1)</script> & \"quoted\"", texts);
        Assert.Contains("Components: a<b>&c", texts);
        Assert.Contains("tab here \uFFFD \uFFFD\uFFFD", texts);
    }

    [Fact]
    public void AVeryLongNameIsShortenedAndKeepsItsOffset()
    {
        var model = new Gmm.Fast.GaussianMixture(Gmm.Fast.CovarianceType.Spherical, 2, [1.0], [1e8, 0], [1.0], [new string('w', 100_000), "y"]);
        var texts = Picture.Texts(Picture.Svg(Figure.Components(Examples.Sampled(model, 50, new string('n', 100_000)))));
        var axis = Assert.Single(texts, text => text.StartsWith("www", StringComparison.Ordinal));
        Assert.EndsWith("… − 100,000,000", axis);
    }

    private static FigureFile Of(string name) => Examples.All().Single(example => example.Name == name).Figure;
}
