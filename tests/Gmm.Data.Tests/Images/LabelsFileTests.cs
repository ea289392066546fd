using System.Text;
using Gmm.Data.Images;

namespace Gmm.Data.Tests.Images;

public sealed class LabelsFileTests : PictureTestFolder
{
    [Fact]
    public void TheLabelsOfThe400PicturesFitTheirFiles()
    {
        var labels = LabelsFile.Read(Path.Combine(HandMade.DataFolder, "pictures-labels.csv"));
        Assert.Equal(400, labels.Count);
        Assert.Equal(["cloudy_sky", "rivers", "sunsets", "trees_and_forest"], labels.Categories);
        Assert.All(Directory.EnumerateFiles(Path.Combine(HandMade.DataFolder, "pictures")).Select(path => Path.GetFileName(path)),
            name => Assert.StartsWith(labels.CategoryOf(name)!, name, StringComparison.Ordinal));
    }

    [Fact]
    public void FoldersMayBeMoreOrFewerAndTheClosestNameDecides()
    {
        var labels = Read("id,Category,FILE\n1,one,a.png\n2,two,x/a.png\n3,three,y\\b.png\n4,four,./z/b.png\n5,,c.png\n6,five,\"d, e.png\"\n");
        Assert.Equal(5, labels.Count);
        Assert.Equal("one", labels.CategoryOf("a.png"));
        Assert.Equal("one", labels.CategoryOf("q/a.png"));
        Assert.Equal("two", labels.CategoryOf("x/a.png"));
        Assert.Equal("two", labels.CategoryOf("w\\x\\a.png"));
        Assert.Equal("three", labels.CategoryOf("y/b.png"));
        Assert.Equal("five", labels.CategoryOf("d, e.png"));
        Assert.Null(labels.CategoryOf("b.png"));
        Assert.Null(labels.CategoryOf("q/b.png"));
        Assert.Null(labels.CategoryOf("c.png"));
        Assert.Null(labels.CategoryOf("A.png"));
        Assert.Null(labels.CategoryOf("aa.png"));
    }

    [Fact]
    public void TheSameLabelTwiceIsOneLabel()
    {
        var labels = Read("file,category\na.png,one\na.png,one\nx/b.png,one\ny/b.png,one\n");
        Assert.Equal(3, labels.Count);
        Assert.Equal("one", labels.CategoryOf("b.png"));
    }

    [Fact]
    public void TabsByTheExtension()
    {
        Put("l.tsv", "file\tcategory\na, b.png\tone\n"u8.ToArray());
        Assert.Equal("one", LabelsFile.Read(At("l.tsv")).CategoryOf("a, b.png"));
    }

    [Theory]
    [InlineData("", ": the file is empty; columns 'file' and 'category' are required")]
    [InlineData("name,category\n", ":1: there is no column 'file'; the columns are 'name', 'category'")]
    [InlineData("file\na.png\n", ":1: there is no column 'category'; the columns are 'file'")]
    [InlineData("file,category\na.png\n", ":2: row has 1 cell; 2 are required")]
    [InlineData("file,category\na.png,x\n,y\n", ":3: column 1 (file): the cell is empty; a name is required")]
    [InlineData("file,category\na.png,x\na.png,y\n", ":3: 'a.png' is 'y' here and 'x' before; one category is required")]
    [InlineData("file,category\n\"a.png,x\n", ":2: column 1: a quote is opened and never closed")]
    public void ErrorsNameTheLine(string text, string error) =>
        Assert.Equal(At("labels.csv") + error, Samples.Error(() => Read(text)));

    [Fact]
    public void FilesThatAreNotThere()
    {
        Assert.Equal($"{At("none.csv")}: the file does not exist", Samples.Error(() => LabelsFile.Read(At("none.csv"))));
        Assert.Equal($"{Root}: is a folder; a file is required", Samples.Error(() => LabelsFile.Read(Root)));
    }

    private PictureLabels Read(string text) => LabelsFile.Read(Put("labels.csv", Encoding.UTF8.GetBytes(text)));
}
