using Gmm.Data.Images;
using SkiaSharp;

namespace Gmm.Data.Tests.Images;

public sealed class PhotoFileTests : PictureTestFolder
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(640, 427)]
    public void WhatIsWrittenIsRead(int width, int height)
    {
        var rgb = new byte[3 * width * height];
        new Random(5).NextBytes(rgb);
        PhotoFile.WritePng(At("p.png"), width, height, rgb);
        var photo = PhotoFile.Read(At("p.png"));
        Assert.Equal((width, height), (photo.Width, photo.Height));
        Assert.Equal(rgb, photo.Rgb);

        using var stream = new MemoryStream();
        PhotoFile.WritePng(stream, width, height, rgb);
        Assert.Equal(File.ReadAllBytes(At("p.png")), stream.ToArray());
        Assert.Equal(["p.png"], Directory.EnumerateFiles(Root).Select(Path.GetFileName));
    }

    [Fact]
    public void SizesThatDoNotFitAreRefused()
    {
        Assert.Equal("rgb has 17 values; 2 x 3 x 3 = 18 are required. (Parameter 'rgb')",
            Assert.Throws<ArgumentException>(() => PhotoFile.WritePng(At("p.png"), 3, 2, new byte[17])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => PhotoFile.WritePng(At("p.png"), 0, 2, Array.Empty<byte>()));
        Assert.Throws<ArgumentOutOfRangeException>(() => PhotoFile.WritePng(At("p.png"), int.MaxValue, int.MaxValue, Array.Empty<ushort>()));
        Assert.Empty(Directory.EnumerateFiles(Root));
        Assert.Equal($"{At("no/p.png")}: the folder does not exist", Samples.Error(() => PhotoFile.WritePng(At("no/p.png"), 1, 1, new byte[3])));
    }

    [Fact]
    public void ErrorsAreOneLineWithThePath()
    {
        Assert.Equal($"{At("none.jpg")}: the file does not exist", Samples.Error(() => PhotoFile.Read(At("none.jpg"))));
        Assert.Equal($"{Root}: is a folder; a file is required", Samples.Error(() => PhotoFile.Read(Root)));
        Assert.Equal($"{Put("a.jpg", "text"u8.ToArray())}: {NoPicture}", Samples.Error(() => PhotoFile.Read(At("a.jpg"))));
        Assert.Equal($"{Put("b.png", HandMade.Png(60_000, 60_000, 8, 2, []))}: too large: 60000 x 60000 pixels; at most 100000000 are read",
            Samples.Error(() => PhotoFile.Read(At("b.png"))));
        var photo = HandMade.Encode(50, 50, (x, y) => new SKColor((byte)(x * y), 1, 2), SKEncodedImageFormat.Jpeg);
        Assert.Equal($"{Put("c.jpg", photo[..^100])}: {Truncated}", Samples.Error(() => PhotoFile.Read(At("c.jpg"))));
        Assert.Equal($"{Put("c.jpg", photo[..^100])}: {Truncated}", Samples.Error(() => PictureFile.Thumbnail(At("c.jpg"), 20)));
        Assert.Throws<ArgumentOutOfRangeException>(() => PhotoFile.Read(At("c.jpg"), 0));
    }

    [Fact]
    public void PixelsTurnAsTheCameraAsks()
    {
        // 32 x 16 in four quarters: A B / C D. How each orientation shows them: EXIF 2.32, tag 274.
        var quarters = new Dictionary<char, SKColor>
        {
            ['A'] = new(200, 30, 30),
            ['B'] = new(30, 200, 30),
            ['C'] = new(30, 30, 200),
            ['D'] = new(200, 200, 200),
        };
        var jpeg = HandMade.Encode(32, 16, (x, y) => quarters["ABCD"[(y / 8 * 2) + (x / 16)]], SKEncodedImageFormat.Jpeg, 100);
        string[] shown = ["ABCD", "BADC", "DCBA", "CDAB", "ACBD", "CADB", "DBCA", "BDAC"];
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            var path = Put("o.jpg", HandMade.WithOrientation(jpeg, (byte)orientation));
            var turned = orientation > 4;
            foreach (var photo in new[] { PhotoFile.Read(path), PhotoFile.Read(Put("t.jpg", PictureFile.Thumbnail(path, 64))) })
            {
                Assert.Equal(turned ? (16, 32) : (32, 16), (photo.Width, photo.Height));
                var (x, y) = (photo.Width / 4, photo.Height / 4);
                Assert.Equal(shown[orientation - 1], string.Concat(
                    Nearest(photo, x, y), Nearest(photo, 3 * x, y), Nearest(photo, x, 3 * y), Nearest(photo, 3 * x, 3 * y)));
            }

            // The mean does not care.
            Assert.Equal(ReadOne(jpeg), ReadOne(File.ReadAllBytes(path)));
        }

        string Nearest(Photo photo, int x, int y)
        {
            var pixel = photo.Rgb.AsSpan(3 * ((y * photo.Width) + x), 3).ToArray();
            int Distance(SKColor color) => Math.Abs(color.Red - pixel[0]) + Math.Abs(color.Green - pixel[1]) + Math.Abs(color.Blue - pixel[2]);
            return quarters.MinBy(quarter => Distance(quarter.Value)).Key.ToString();
        }
    }

    [Theory]
    [InlineData(800, 600, 96, 96, 72)]
    [InlineData(600, 800, 96, 72, 96)]
    [InlineData(64, 48, 96, 64, 48)]
    [InlineData(1000, 16, 50, 50, 1)]
    public void ThumbnailsAreSmallAndLookTheSame(int width, int height, int side, int expectedWidth, int expectedHeight)
    {
        foreach (var format in new[] { SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp })
        {
            var content = HandMade.Encode(width, height, (x, y) => new SKColor((byte)(x * 255 / width), (byte)(y * 255 / height), 90), format);
            var thumbnail = PictureFile.Thumbnail(Put("p", content), side);
            Assert.Equal([0xFF, 0xD8, 0xFF], thumbnail[..3]);
            Assert.InRange(thumbnail.Length, 1, 10_000);
            var (small, large) = (ReadOne(thumbnail), ReadOne(content));
            Assert.Equal((expectedWidth, expectedHeight), (small.Width, small.Height));
            Assert.Equal(large.Red, small.Red, 0.01);
            Assert.Equal(large.Green, small.Green, 0.02);
            Assert.Equal(large.Blue, small.Blue, 0.01);
        }
    }

    [Fact]
    public void ThumbnailsHaveASize()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PictureFile.Thumbnail(At("p"), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PictureFile.Thumbnail(At("p"), 4097));
    }
}
