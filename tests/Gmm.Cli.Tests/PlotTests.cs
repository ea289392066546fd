using System.Buffers.Binary;
using System.Xml.Linq;

namespace Gmm.Cli.Tests;

/// <summary><c>gmm plot</c>.</summary>
public sealed class PlotTests : IDisposable
{
    private const string Help = " (see gmm plot --help)";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>Width and height as the file says them.</summary>
    internal static (int Width, int Height) PngSize(string path)
    {
        var bytes = File.ReadAllBytes(path);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A], bytes[..8]);
        return (BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20)));
    }

    [Fact]
    public void TheFigureLiesBesideTheModelAndItsPathIsPrinted()
    {
        var model = _scratch.Model("faithful.json");
        var path = _scratch.Path("faithful.png");
        Assert.Equal(path + "\n", Tool.Run("plot", model, Tool.Faithful).Clean().Output);
        Assert.Equal(["faithful.json", "faithful.png"], _scratch.Files);

        // Twice the pixels, to be sharp.
        Assert.Equal((1800, 1520), PngSize(path));
    }

    [Fact]
    public void AFileThatNobodyNamedIsNotReplaced()
    {
        var model = _scratch.Model("faithful.json");
        var photograph = _scratch.Write("faithful.png", "a photograph");
        Tool.Run("plot", model, Tool.Faithful).Fails(2, $"{photograph} exists; -o {photograph} would replace it{Help}");
        Assert.Equal("a photograph", File.ReadAllText(photograph));
        Tool.Run("plot", model, Tool.Faithful, "-o", photograph).Clean();
        PngSize(photograph);
    }

    [Fact]
    public void TheExtensionMakesItSvg()
    {
        var path = _scratch.Path("two.SVG");
        Tool.Run("plot", Iris(), Tool.Iris, "--dims", "petal_length,4", "-o", path).Clean();
        var root = XDocument.Load(path).Root!;
        Assert.Equal("svg", root.Name.LocalName);
        Assert.Equal(("900", "760"), (root.Attribute("width")!.Value, root.Attribute("height")!.Value));
        var texts = Texts(root);
        Assert.Contains("petal_length", texts);
        Assert.Contains("petal_width", texts);
        Assert.DoesNotContain("sepal_width", texts);
        Assert.Contains(texts, text => text.Contains("150 points, 3 components, full covariance; converged after"));
    }

    [Theory]
    [InlineData("petal_width,sepal_length", "4,1")]
    [InlineData(" 2 , petal_length ", "2,3")]
    public void ANameAndItsNumberMeanTheSameColumn(string names, string numbers)
    {
        var model = Iris();
        Assert.Equal(Svg(names), Svg(numbers));
        Assert.NotEqual(Svg(names), Svg(string.Join(',', numbers.Split(',').Reverse())));

        byte[] Svg(string dims)
        {
            Tool.Run("plot", model, Tool.Iris, "--dims", dims, "-o", _scratch.Path("dims.svg")).Clean();
            return File.ReadAllBytes(_scratch.Path("dims.svg"));
        }
    }

    [Fact]
    public void WithoutAChoiceFourColumnsAreAMatrix()
    {
        Tool.Run("plot", Iris(), Tool.Iris, "-o", _scratch.Path("m.png")).Clean();
        var (width, height) = PngSize(_scratch.Path("m.png"));
        Assert.Equal((2 * (4 * 190 + 120), 2 * (4 * 180 + 160)), (width, height));
    }

    [Fact]
    public void ColumnsWithoutNamesAreCalledAsTheFigureCallsThem()
    {
        var data = _scratch.Write("nameless.csv", string.Join('\n', File.ReadLines(Tool.Iris).Skip(1).Select(line => line[..line.LastIndexOf(',')])));
        var model = _scratch.Path("nameless.json");
        Tool.Run("fit", data, "-k", "2", "-o", model, "--quiet").Clean();
        Tool.Run("plot", model, data, "--dims", "x3,x1", "-o", _scratch.Path("n.svg")).Clean();
        Assert.Contains("x3", Texts(XDocument.Load(_scratch.Path("n.svg")).Root!));
    }

    [Fact]
    public void StandardInputAndChosenColumnsAreRead()
    {
        Tool.Run("fit", Tool.Iris, "-k", "2", "--columns", "1,3", "-o", _scratch.Path("m.json"), "--quiet").Clean();
        var path = _scratch.Path("m.svg");
        Tool.RunWith(File.ReadAllText(Tool.Iris), ["plot", _scratch.Path("m.json"), "-", "--columns", "1,3", "-o", path]).Clean();
        var texts = Texts(XDocument.Load(path).Root!);
        Assert.Contains("Components: standard input", texts);
        Assert.Contains("petal_length", texts);
    }

    [Fact]
    public void OfOtherDataTheFigureDoesNotTellHowTheFitWent()
    {
        var model = _scratch.Model();
        var lines = File.ReadLines(Tool.Faithful).ToArray();
        var other = _scratch.Write("other.csv", string.Join('\n', lines[..^1].Append("3,70")));
        Assert.Contains("converged", Subtitle(Tool.Faithful));
        Assert.Equal("272 points, 2 components, full covariance", Subtitle(other));

        string Subtitle(string data)
        {
            Tool.Run("plot", model, data, "-o", _scratch.Path("f.svg")).Clean();
            return Texts(XDocument.Load(_scratch.Path("f.svg")).Root!).Single(text => text.StartsWith("272 points", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("1", "two names or numbers separated by a comma are required")]
    [InlineData("", "two names or numbers separated by a comma are required")]
    [InlineData("1,2,3", "two names or numbers separated by a comma are required")]
    [InlineData("1,", "two names or numbers separated by a comma are required")]
    [InlineData("1,3", "MODEL has the columns 1 to 2, and no 3")]
    [InlineData("0,1", "MODEL has the columns 1 to 2, and no 0")]
    [InlineData("waiting,Eruptions", "MODEL has the columns eruptions, waiting, and no 'Eruptions'")]
    [InlineData("2,waiting", "two different columns are required")]
    public void DimsThatAreNotTwoColumnsAreRefused(string dims, string requirement)
    {
        var model = _scratch.Model();
        Tool.Run("plot", model, Tool.Faithful, "--dims", dims).Fails(2, $"--dims is '{dims}'; {requirement.Replace("MODEL", model)}{Help}");
        Assert.Equal(["model.json"], _scratch.Files);
    }

    [Fact]
    public void OneColumnIsAHistogramWithoutAChoice()
    {
        var model = _scratch.Path("one.json");
        Tool.Run("fit", Tool.Faithful, "-k", "2", "--columns", "waiting", "-o", model, "--quiet").Clean();
        Tool.Run("plot", model, Tool.Faithful, "--dims", "1,2")
            .Fails(2, $"--dims is '1,2'; {model} has 1 column, and at least 2 are required{Help}");
        Tool.Run("plot", model, Tool.Faithful).Clean();
        Assert.Equal((1800, 1200), PngSize(_scratch.Path("one.png")));
    }

    [Fact]
    public void ANameThatTwoColumnsHaveIsRefused()
    {
        var data = _scratch.Write("twice.csv", "a,b,a\n1,2,3\n2,5,1\n4,1,1\n0,1,7\n");
        var model = _scratch.Path("m.json");
        Tool.Run("fit", data, "-k", "1", "-o", model, "--quiet").Clean();
        Tool.Run("plot", model, data, "--dims", "b,a")
            .Fails(2, $"--dims is 'b,a'; two columns of {model} are named 'a', 1 and 3; choose by number{Help}");
        Tool.Run("plot", model, data, "--columns", "1,2,3", "--dims", "b,3").Clean();
    }

    [Fact]
    public void OutputsThatCannotBeAreRefusedAndLeaveNothing()
    {
        var model = _scratch.Model();
        var data = _scratch.Write("data.png", "1,2\n");
        Tool.Run("plot", model, Tool.Faithful, "-o", "x.pdf").Fails(2, $"-o is 'x.pdf'; a path that ends in .png or .svg is required{Help}");
        Tool.Run("plot", model, data, "-o", data).Fails(2, $"-o is '{data}', the same file as '{data}'; another file is required{Help}");
        var missing = _scratch.Path("no/f.png");
        Tool.Run("plot", model, "no.csv", "-o", missing).Fails(3, $"{missing}: the folder does not exist");
        var wide = _scratch.Write("wide.csv", "1,2,3\n4,5,6\n");
        Tool.Run("plot", model, wide, "-o", _scratch.Path("f.png"))
            .Fails(3, $"{wide} has 3 columns and {model} 2 columns; choose as many with --columns");
        Assert.Equal(["data.png", "model.json", "wide.csv"], _scratch.Files);
    }

    private static string[] Texts(XElement root) => [.. root.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value.Trim())];

    private string Iris()
    {
        Tool.Run("fit", Tool.Iris, "-k", "3", "-o", _scratch.Path("iris.json"), "--quiet").Clean();
        return _scratch.Path("iris.json");
    }
}
