using System.Text;
using Gmm.Data.Images;
using SkiaSharp;

namespace Gmm.Data.Tests.Images;

/// <summary>Formats that are not read are called by their names, whatever the name of the file.</summary>
public sealed class ForeignPictureTests : PictureTestFolder
{
    private const string Svg = "an SVG drawing, which is not read; convert it to PNG, for example with: rsvg-convert in.svg -o out.png";

    /// <summary>The first bytes, as Latin-1; what the message begins with; what it says of the way out.</summary>
    public static TheoryData<string, string, string> Kinds => new()
    {
        { "II*\0\u0008\0\0\0\0\0", "a TIFF picture", "magick in.tif out.png" },
        { "MM\0*\0\0\0\u0008\0\0", "a TIFF picture", "magick in.tif out.png" },
        { "II+\0\u0008\0\0\0\u0010\0\0\0\0\0\0\0", "a TIFF picture", "magick in.tif out.png" },
        { "II*\0\u0010\0\0\0CR\u0002\0", "a raw photograph of a camera (CR2)", "darktable-cli in.cr2 out.png" },
        { "II*\0\u0008\0\0\0\u0002\0\u000f\u0001\u0002\0\0\0\0\0\0\0\0\0\u0012\u00c6\u0001\0", "a raw photograph of a camera (DNG)", "darktable-cli" },
        { "\0\0\0\u0018ftypheic\0\0\0\0mif1heic", "a HEIC picture", "magick in.heic out.png" },
        { "\0\0\0\u001cftypmif1\0\0\0\0mif1heicmiaf", "a HEIC picture", "magick in.heic out.png" },
        { "\0\0\0\u001cftypmif1\0\0\0\0mif1avifmiaf", "an AVIF picture", "magick in.avif out.png" },
        { "\0\0\0\u001cftypavif\0\0\0\0avifmif1miaf", "an AVIF picture", "magick in.avif out.png" },
        { "\0\0\0\u0014ftypmif1\0\0\0\0mif1", "a HEIF picture", "magick in.heif out.png" },
        { "\0\0\0\u0018ftypcrx \0\0\0\u0001crx isom", "a raw photograph of a camera (CR3)", "darktable-cli in.cr3 out.png" },
        { "FUJIFILMCCD-RAW 0201", "a raw photograph of a camera (RAF)", "darktable-cli in.raf out.png" },
        { "IIRO\u0008\0\0\0", "a raw photograph of a camera (ORF)", "darktable-cli in.orf out.png" },
        { "IIU\0\u0018\0\0\0", "a raw photograph of a camera (RW2)", "darktable-cli in.rw2 out.png" },
        { "\u00ff\u000a\u00fa\u001f", "a JPEG XL picture", "magick in.jxl out.png" },
        { "\0\0\0\u000cJXL \r\n\u0087\n", "a JPEG XL picture", "magick in.jxl out.png" },
        { "\0\0\0\u000cjP  \r\n\u0087\n", "a JPEG 2000 picture", "magick in.jp2 out.png" },
        { "\u00ff\u004f\u00ff\u0051\0", "a JPEG 2000 picture", "magick in.jp2 out.png" },
        { "8BPS\0\u0001\0\0\0\0\0\0\0\u0003", "a Photoshop picture", "magick in.psd out.png" },
        { "%PDF-1.7\n", "a PDF document", "pdftoppm -png in.pdf out" },
        { "%!PS-Adobe-3.0 EPSF-3.0\n", "an EPS picture", "magick in.eps out.png" },
        { "\0\0\u0001\0\u0001\0\u0010\u0010\0\0\u0001\0 \0h\u0004\0\0\u0016\0\0\0", "an ICO picture", "magick in.ico out.png" },
        { "gimp xcf v011\0", "a GIMP picture", "magick in.xcf out.png" },
        { "P5\n640 480\n65535\n", "a Netpbm picture", "magick in.pnm out.png" },
        { "P6 # made by hand\n", "a Netpbm picture", "magick in.pnm out.png" },
        { "qoif\0\0\0\u0001", "a QOI picture", "magick in.qoi out.png" },
        { "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "an SVG drawing", "rsvg-convert in.svg -o out.png" },
        { "\u00ef\u00bb\u00bf<?xml version=\"1.0\"?>\n<!-- a -->\n<svg:svg>", "an SVG drawing", "rsvg-convert in.svg -o out.png" },
        { "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"\">\n<svg>", "an SVG drawing", "rsvg-convert in.svg -o out.png" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TheKindAndAWayOutAreNamed(string start, string kind, string command)
    {
        var content = Encoding.Latin1.GetBytes(start);
        foreach (var name in new[] { "a.jpg", "b.png", "c" })
        {
            var message = Samples.Error(() => PhotoFile.Read(Put(name, content)));
            Assert.StartsWith($"{At(name)}: {kind}, which is not read; convert it to PNG, for example with: {command}", message);
            Assert.DoesNotContain('\n', message);
        }
        var table = PictureFolder.Read(Root, null, TestContext.Current.CancellationToken);
        Assert.Equal(["a.jpg", "b.png", "c"], table.Skipped.Select(skipped => skipped.File));
        Assert.All(table.Skipped, skipped => Assert.StartsWith(kind, skipped.Reason));
        Assert.Equal(Samples.Error(() => PictureFile.Thumbnail(At("c"), 16)), Samples.Error(() => PhotoFile.Read(At("c"))));
    }

    [Fact]
    public void ADrawingIsKnownInEveryEncoding()
    {
        const string Drawing = "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>";
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode })
            Assert.Equal(Svg, Reason("d.svg", [.. encoding.Preamble, .. encoding.GetBytes(Drawing)]));

        // Comments may be longer than what is looked at.
        Assert.Equal(Svg, Reason("d.svg", [.. Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?><!--" + new string('-', 5000))]));
        Assert.StartsWith("a compressed SVG drawing", Reason("d.svgz", [0x1F, 0x8B, 8, 0]));
    }

    [Theory]
    [InlineData("d.nef", "a raw photograph of a camera (NEF)")]
    [InlineData("d.ARW", "a raw photograph of a camera (ARW)")]
    [InlineData("d.tiff", "a TIFF picture")]
    public void RawPhotographsThatBeginAsTiffAreToldByTheirNames(string name, string kind) =>
        Assert.StartsWith(kind, Reason(name, [.. "II*\0"u8, 8, 0, 0, 0, 0, 0]));

    [Theory]
    [InlineData("<!DOCTYPE html><html><svg></svg></html>")]
    [InlineData("<?xml version=\"1.0\"?><rows/>")]
    [InlineData("\0\0\u0001\0")]
    [InlineData("\0\0\0\u0018ftypmp42\0\0\0\0isommp42")]
    [InlineData("P5x")]
    [InlineData("Pictures of 2026")]
    [InlineData("II*")]
    [InlineData("\0")]
    [InlineData("\u001f\u008b\u0008\0")]
    public void OtherFilesAreNoPictures(string start) => Assert.Equal(NoPicture, Reason("x.jpg", Encoding.Latin1.GetBytes(start)));

    [Fact]
    public void APictureWithTheNameOfAnotherFormatIsRead()
    {
        var png = HandMade.Encode(2, 2, (_, _) => new SKColor(10, 20, 30), SKEncodedImageFormat.Png);
        foreach (var name in new[] { "a.jpg", "a.tif", "a.heic", "a.svg", "a.nef", "a" })
            Assert.Equal([10, 20, 30], PhotoFile.Read(Put(name, png)).Rgb[..3]);
        Assert.Equal(6, PictureFolder.Read(Root, null, TestContext.Current.CancellationToken).Pictures.Count);
    }

    private string Reason(string name, byte[] content) => Samples.Error(() => PhotoFile.Read(Put(name, content)))[(At(name).Length + 2)..];
}
