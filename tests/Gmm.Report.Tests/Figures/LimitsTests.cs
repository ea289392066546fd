using System.Globalization;
using Gmm.Fast;
using Gmm.Report.Figures;

namespace Gmm.Report.Tests.Figures;

public class LimitsTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 5)]
    [InlineData(5, 5)]
    [InlineData(6, 5)]
    [InlineData(1_000_003, 50_000)]
    [InlineData(int.MaxValue, 1000)]
    public void ASampleTakesOneRowOutOfEachStretch(int count, int limit)
    {
        var rows = PointSample.Rows(count, limit);
        Assert.Equal(Math.Min(count, limit), rows.Length);
        for (var i = 0; i < rows.Length; i++)
            Assert.InRange(rows[i], (long)i * count / rows.Length, (long)(i + 1) * count / rows.Length - 1);
        Assert.Equal(rows, PointSample.Rows(count, limit));
    }

    [Fact]
    public void ASampleIsTheSameOnEveryMachine() =>
        Assert.Equal([35, 165, 210, 353, 478, 518, 692, 787, 822, 928], PointSample.Rows(1000, 10));

    [Fact]
    public void ASampleIsNotInStepWithRowsThatRepeat()
    {
        var odd = PointSample.Rows(100_000, 10_000).Count(row => row % 10 == 3);
        Assert.InRange(odd, 850, 1150);
    }

    [Fact]
    public void AHundredThousandPointsTakeLittleMemoryAndTheFigureSaysWhatItShows()
    {
        var subject = Examples.Sampled(Examples.Tilted, 100_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var figure = Figure.Components(subject);
        figure.SavePng(Stream.Null);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 60L << 20);
        Assert.Contains(figure.Scene.Notes, note => note.StartsWith("50,000 of 100,000 points are drawn", StringComparison.Ordinal));
        using var file = new MemoryStream();
        figure.SaveSvg(file);
        Assert.InRange(file.Length, 500_000, 5_000_000);
    }

    [Fact]
    public void FiftyThousandPointsAreAllDrawn() =>
        Assert.DoesNotContain(Figure.Components(Examples.Sampled(Examples.Tilted, 50_000)).Scene.Notes, note => note.Contains("points are drawn"));

    public static TheoryData<string> Degenerate => [.. s_degenerate.Keys];

    private static readonly Dictionary<string, Func<Subject>> s_degenerate = new()
    {
        ["one point"] = () => new(new(CovarianceType.Full, 2, [1.0], [3, 4], [1e-6, 0, 0, 1e-6]), [3, 4]),
        ["no point"] = () => new(Examples.Tilted, []),
        ["one point of one dimension"] = () => new(new(CovarianceType.Full, 1, [1.0], [3], [1e-6]), [3]),
        ["no point of one dimension"] = () => new(Examples.OneDimension, []),
        ["one component"] = () => Examples.Sampled(Examples.Corners(1, 3), 20),
        ["constant columns"] = () => new(new(CovarianceType.Full, 2, [1.0], [7, 0], [1e-6, 0, 0, 1e-6]), [7, 0, 7, 0, 7, 0]),
        ["constant column of one dimension"] = () => new(new(CovarianceType.Full, 1, [1.0], [7], [1.0]), [7, 7, 7]),
        ["a weight of 0"] = () => new(new(CovarianceType.Spherical, 2, [1, 0], [0, 0, 9, 9], [1, 1]), [0, 0, 1, 1]),
        ["far from zero"] = () => new(new(CovarianceType.Spherical, 2, [1.0], [1e8, -1e8], [1.0]), [1e8, -1e8, 1e8 + 1, -1e8 + 1]),
        ["farther than digits reach"] = () => new(new(CovarianceType.Spherical, 2, [1.0], [1e18, 0], [1.0]), [1e18, 0, 1e18, 1]),
        ["very small"] = () => new(new(CovarianceType.Spherical, 2, [1.0], [0, 0], [1e-40]), [0, 0, 1e-20, 1e-20]),
        ["very large"] = () => new(new(CovarianceType.Spherical, 2, [1.0], [0, 0], [1e200]), [0, 0, 1e100, -1e100]),
        ["a component far away"] = () => new(new(CovarianceType.Spherical, 2, [0.5, 0.5], [0, 0, 1e6, 0], [1, 1]), [0, 0, 1, 1]),
        ["many components"] = () => Examples.Sampled(Examples.Corners(200, 2), 100),
        ["a peak in one dimension"] = () => new(new(CovarianceType.Full, 1, [0.5, 0.5], [0, 1], [1e-12, 1]), [0, 0, 0, 1, 2, 3, -1]),
    };

    [Theory]
    [MemberData(nameof(Degenerate))]
    public void DegenerateSubjectsAreDrawn(string name)
    {
        var subject = s_degenerate[name]();
        var responsibilities = subject.Responsibilities();
        FigureFile[] figures =
        [
            Figure.Components(subject), Figure.Progress(subject, [("a", subject.Model), ("b", subject.Model)]),
            Figure.Responsibilities(subject, [("a", responsibilities)]),
        ];
        foreach (var figure in figures)
        {
            using var picture = Picture.Of(figure, scale: 1);
            Assert.NotEmpty(picture.Panels);
            var texts = Picture.Texts(Picture.Svg(figure));
            Assert.DoesNotContain(texts, text => text.Contains("NaN") || text.Contains('∞'));
            Assert.All(picture.Panels, placed => Assert.True(placed.Panel.X.Min < placed.Panel.X.Max && placed.Panel.Y.Min < placed.Panel.Y.Max));
        }
    }

    [Fact]
    public void WhatIsNotDrawnIsNamed()
    {
        Assert.Contains("Component 1 has weight 0 and is not drawn.", Figure.Components(s_degenerate["a weight of 0"]()).Scene.Notes);
        Assert.Contains("The mean of component 1 lies outside the frame.", Figure.Components(s_degenerate["a component far away"]()).Scene.Notes);
        Assert.Contains("Higher peaks are cut off.", Figure.Components(s_degenerate["a peak in one dimension"]()).Scene.Notes);
        var texts = Picture.Texts(Picture.Svg(Figure.Components(s_degenerate["many components"]())));
        Assert.Contains(texts, text => text.EndsWith(" more", StringComparison.Ordinal));
    }

    [Fact]
    public void PointsFarFromZeroLieWhereTheyBelong()
    {
        var subject = new Subject(new(CovarianceType.Spherical, 2, [1.0], [1e8, 0], [1.0]), [1e8 - 3, 3, 1e8 + 3.25, -3]);
        using var picture = Picture.Of(Figure.Components(subject));
        Assert.Equal(1e8, picture.Panels[0].Panel.X.Offset);
        var color = Picture.OnWhite(Palette.Component(0), 0.85);
        Assert.True(Picture.IsNear(color, picture.At(0, 1e8 - 3, 3)));
        Assert.True(Picture.IsNear(color, picture.At(0, 1e8 + 3.25, -3)));
        Assert.True(picture.Has(Ink.Line(0), 0, 1e8 + 2, 0));
    }

    [Theory]
    [InlineData(0, 10, 600, "0,1,2,3,4,5,6,7,8,9,10")]
    [InlineData(0, 1, 300, "0.0,0.2,0.4,0.6,0.8,1.0")]
    [InlineData(-1e-7, 1e-7, 300, "−100,−50,0,50,100")]
    [InlineData(0, 3e6, 300, "0,1,2,3")]
    [InlineData(0, 10, 20, "0,10")]
    public void TicksAreRoundAndDoNotTouch(double min, double max, float pixels, string labels)
    {
        using var font = BundledFont.Of(11.5f);
        var (positions, texts) = AxisRange.Around("x", min, max, 0).Ticks(pixels, font, isVertical: false);
        Assert.Equal(labels, string.Join(",", texts));
        Assert.Equal(positions.Length, texts.Length);
    }

    [Fact]
    public void TicksOfWholeNumbersAreWhole()
    {
        using var font = BundledFont.Of(11.5f);
        Assert.Equal(["1", "2", "3"], AxisRange.Around("K", 1, 3, isWhole: true).Ticks(800, font, isVertical: false).Labels);
        Assert.Equal(["0"], AxisRange.Around("K", 0, 0, isWhole: true).Ticks(800, font, isVertical: false).Labels);
    }

    [Theory]
    [InlineData(1, 1000, 900, false, "1,2,5,10,20,50,100,200,500,1,000")]
    [InlineData(1, 1000, 450, false, "1,3,10,30,100,300,1,000")]
    [InlineData(1, 1000, 200, false, "1,10,100,1,000")]
    [InlineData(1e-6, 1e6, 700, false, "10⁻⁶,10⁻⁵,0.0001,0.001,0.01,0.1,1,10,100,1,000,10,000,10⁵,10⁶")]
    [InlineData(1e-6, 1e6, 400, false, "10⁻⁶,0.0001,0.01,1,100,10,000,10⁶")]
    [InlineData(3e5, 8e5, 300, false, "5·10⁵")]
    [InlineData(1, 128, 400, true, "1,2,4,8,16,32,64,128")]
    [InlineData(1, 128, 130, true, "1,4,16,64")]
    [InlineData(3, 24, 400, true, "4,8,16")]
    [InlineData(7, 7, 400, false, "")]
    public void LogarithmicTicksAreRoundAndDoNotTouch(double min, double max, float pixels, bool isWhole, string labels)
    {
        using var font = BundledFont.Of(11.5f);
        var axis = AxisRange.Logarithmic("x", min, max, isWhole: isWhole);
        var (positions, texts) = axis.Ticks(pixels, font, isVertical: false);
        Assert.Equal(labels, string.Join(",", texts));
        Assert.Equal("", axis.Suffix);
        Assert.All(positions, position => Assert.InRange(position, axis.Min, axis.Max));
        if (isWhole) Assert.Equal(texts.Select(text => Math.Log10(double.Parse(text, CultureInfo.InvariantCulture))), positions, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void TextsAreShortenedAndWrappedByTheirWidth()
    {
        using var font = BundledFont.Of(12);
        Assert.Equal("short", Text.Shorten("short", 100, font));
        var cut = Text.Shorten(new string('m', 50), 100, font);
        Assert.EndsWith("…", cut);
        Assert.InRange(font.MeasureText(cut), 80, 100);
        var lines = Text.Wrap("one two three four five six seven eight nine ten", 100, font, 3);
        Assert.Equal(3, lines.Count);
        Assert.All(lines, line => Assert.True(font.MeasureText(line) <= 100));
        Assert.EndsWith("…", lines[2]);
        Assert.Equal("(no name)", Text.Clean(" \n "));
        Assert.Equal("10⁻¹²", Numbers.Power(-12));
    }
}
