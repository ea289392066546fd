using Gmm.Data.Images;
using SkiaSharp;

namespace Gmm.Data.Tests.Images;

/// <summary>Every kind of pixel that these formats hold, by pictures whose means are known.</summary>
public sealed class PictureFormatTests : PictureTestFolder
{
    [Fact]
    public void PngOfEveryKind()
    {
        Mean((100 + 200) / 512.0, (50 + 0) / 512.0, (0 + 255) / 512.0, HandMade.Png(2, 1, 8, 2, [100, 50, 0, 200, 0, 255]));
        Mean(30 / 512.0, 30 / 512.0, 30 / 512.0, HandMade.Png(2, 1, 8, 0, [10, 20]));
        Mean(1 / 512.0, 21 / 512.0, 255 / 512.0, HandMade.Png(1, 2, 8, 3, [1, 0], HandMade.Chunk("PLTE"u8, [0, 20, 255, 1, 1, 0])));
        Mean(255 / 512.0, 255 / 512.0, 255 / 512.0, HandMade.Png(2, 1, 1, 0, [0b0100_0000]));

        // 16 bits: 257 steps for each level.
        Mean(0x12 / 256.0, 0x8010 / 257.0 / 256, 0xFE / 256.0, HandMade.Png(1, 1, 16, 2, [0x12, 0x12, 0x80, 0x10, 0xFE, 0xFE]), 1e-16);
        Mean(0x40 / 256.0, 0x40 / 256.0, 0x40 / 256.0, HandMade.Png(1, 1, 16, 0, [0x40, 0x40]));
    }

    [Fact]
    public void NoChunkOfAPngChangesTheNumbersOfAMean()
    {
        byte[] gamma = HandMade.Chunk("gAMA"u8, HandMade.BigEndian(100_000));
        byte[] bits = HandMade.Chunk("sBIT"u8, [5, 5, 5]);
        foreach (var chunks in new[] { gamma, bits })
        {
            Mean(100 / 256.0, 50 / 256.0, 7 / 256.0, HandMade.Png(1, 1, 8, 2, [100, 50, 7], chunks));
            Mean(255 * (1 + 2) / (3.0 * 4 * 256), 255 * (1 + 2) / (3.0 * 4 * 256), 255 * (1 + 2) / (3.0 * 4 * 256),
                HandMade.Png(4, 1, 2, 0, [0b0001_1000], chunks == bits ? HandMade.Chunk("sBIT"u8, [1]) : chunks));
        }
    }

    [Fact]
    public void TransparentPixelsCountAsTheyLookOnWhite()
    {
        byte[] rows = [10, 20, 30, 255, 10, 20, 30, 0, 10, 20, 30, 51];
        double Expected(int color) => (((255 + 51) * color) + ((255 + 204) * 255)) / (255 * 256.0 * 3);
        Mean(Expected(10), Expected(20), Expected(30), HandMade.Png(3, 1, 8, 6, rows));
        Assert.Equal([10, 20, 30, 255, 255, 255, 206, 208, 210], PhotoFile.Read(Put("alpha.png", HandMade.Png(3, 1, 8, 6, rows))).Rgb);

        // An alpha channel that hides nothing changes nothing.
        Mean(10 / 256.0, 20 / 256.0, 30 / 256.0, HandMade.Png(1, 1, 8, 6, [10, 20, 30, 255]));
    }

    [Fact]
    public void JpegGreyAndInPrintingInks()
    {
        Mean(77 / 256.0, 77 / 256.0, 77 / 256.0, HandMade.Jpeg(77));
        Mean(200 / 256.0, 100 / 256.0, 50 / 256.0, HandMade.Jpeg(200, 100, 50));

        // Stored inverted, as Adobe does: 255 is no ink, so black alone scales the three colors.
        Mean(200 / 256.0, 100 / 256.0, 50 / 256.0, HandMade.Jpeg(200, 100, 50, 255));
        Mean(100 / 256.0, 50 / 256.0, 25 / 256.0, HandMade.Jpeg(200, 100, 50, 128), 1 / 256.0);
    }

    [Fact]
    public void GifByItsFirstFrame()
    {
        Mean(9 / 256.0, 8 / 256.0, 7 / 256.0, HandMade.Gif([9, 8, 7], [200, 201, 202]));
        Mean(200 / 256.0, 201 / 256.0, 202 / 256.0, HandMade.Gif([200, 201, 202], [9, 8, 7]));
    }

    [Fact]
    public void BmpAndWebp()
    {
        Mean(1 / 256.0, 1 / 256.0, 7 / 256.0, HandMade.Bmp(3, 3, (x, y) => ((byte)x, (byte)y, 7)));
        var webp = HandMade.Encode(3, 3, (x, y) => new SKColor((byte)x, (byte)y, 7), SKEncodedImageFormat.Webp, 100);
        Assert.Equal("WEBP"u8, webp.AsSpan(8, 4));
        var picture = ReadOne(webp);
        Assert.Equal((3, 3), (picture.Width, picture.Height));
        Assert.InRange(picture.Blue, 3 / 256.0, 11 / 256.0);
    }

    [Theory]
    [InlineData(1600, 1200)]
    [InlineData(1601, 1203)]
    [InlineData(263, 257)]
    public void AtOneEighthTheMeanStaysWithinTheDocumentedDifference(int width, int height)
    {
        const double Levels = 1 / 256.0;
        var random = new Random(20260701);
        var differs = 0;
        Compare(0.3 * Levels, (x, y) => new SKColor((byte)(x * 255 / width), (byte)(y * 255 / height), (byte)((x + y) * 255 / (width + height))));
        Compare(0.75 * Levels, (_, _) => new SKColor((uint)random.Next(1 << 24) | 0xFF000000));
        Compare(0.75 * Levels, (_, _) => random.Next(2) == 0 ? SKColors.Black : SKColors.White);

        // The last column is one pixel wide and has the weight of one, not of a block.
        Compare(1 * Levels, (x, _) => x == width - 1 ? SKColors.White : SKColors.Black);
        Compare(13.5 * Levels, (_, _) => random.Next(8) == 0 ? SKColors.Red : SKColors.Black);
        Assert.InRange(differs, 7, 10);

        void Compare(double bound, Func<int, int, SKColor> color)
        {
            foreach (var quality in new[] { 50, 90 })
            {
                var jpeg = HandMade.Encode(width, height, color, SKEncodedImageFormat.Jpeg, quality);
                var (exact, scaled) = (ReadOne(jpeg), ReadOne(jpeg, exact: false));
                Assert.Equal((width, height), (scaled.Width, scaled.Height));
                Assert.InRange(Math.Abs(scaled.Red - exact.Red), 0, bound);
                Assert.InRange(Math.Abs(scaled.Green - exact.Green), 0, bound);
                Assert.InRange(Math.Abs(scaled.Blue - exact.Blue), 0, bound);
                differs += exact == scaled ? 0 : 1;
            }
        }
    }

    [Fact]
    public void SmallJpegsAreExactAnyway()
    {
        var jpeg = HandMade.Encode(256, 256, (x, y) => new SKColor((byte)(x * y), (byte)x, (byte)y), SKEncodedImageFormat.Jpeg);
        Assert.Equal(ReadOne(jpeg), ReadOne(jpeg, exact: false));
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("jpeg scaled")]
    [InlineData("png")]
    [InlineData("webp")]
    [InlineData("bmp")]
    [InlineData("gif")]
    public void AFileCutAnywhereIsSkippedOrLosesNothing(string kind)
    {
        SKColor Color(int x, int y) => new((byte)((x * x) + y), (byte)(x * 7), (byte)(y * 5));
        var side = kind == "jpeg scaled" ? 300 : 40;
        var whole = kind switch
        {
            "png" => HandMade.Encode(side, side, Color, SKEncodedImageFormat.Png),
            "webp" => HandMade.Encode(side, side, Color, SKEncodedImageFormat.Webp),
            "bmp" => HandMade.Bmp(side, side, (x, y) => (Color(x, y).Red, Color(x, y).Green, Color(x, y).Blue)),
            "gif" => HandMade.Gif([9, 8, 7], [200, 201, 202]),
            _ => HandMade.Encode(side, side, Color, SKEncodedImageFormat.Jpeg),
        };
        var exact = kind != "jpeg scaled";
        var expected = ReadOne(whole, exact);
        var step = Math.Max(1, whole.Length / 150);
        foreach (var length in Enumerable.Range(0, whole.Length).Where(length => length % step == 0 || length > whole.Length - 30))
        {
            var table = ReadAlone(whole[..length], exact);
            Assert.Equal(1, table.Pictures.Count + table.Skipped.Count);
            Assert.All(table.Pictures, picture => Assert.Equal(expected, picture));
            Assert.All(table.Skipped, skipped => Assert.Contains(skipped.Reason, new[]
            {
                Truncated, NoPicture, "the file is empty", "damaged: its header cannot be read", "damaged: it cannot be decoded",
            }));
        }
    }

    private void Mean(double red, double green, double blue, byte[] content, double tolerance = 0)
    {
        var picture = ReadOne(content);
        Assert.Equal(red, picture.Red, tolerance);
        Assert.Equal(green, picture.Green, tolerance);
        Assert.Equal(blue, picture.Blue, tolerance);
    }
}
