using System.Runtime.InteropServices;
using Gmm.Data.Images;
using SkiaSharp;

namespace Gmm.Data.Tests.Images;

/// <summary>Pictures of 16 bits keep them.</summary>
public sealed class DeepPngTests : PictureTestFolder
{
    private const byte Gray = 0;
    private const byte Color = 2;
    private const byte GrayAlpha = 4;
    private const byte ColorAlpha = 6;

    [Theory]
    [InlineData(Gray, 1)]
    [InlineData(Color, 3)]
    [InlineData(GrayAlpha, 2)]
    [InlineData(ColorAlpha, 4)]
    public void EveryKindOfPixelKeepsAllBits(byte colorType, int samples)
    {
        const int Width = 37;
        const int Height = 23;
        var random = new Random(16);
        var values = new ushort[Width * Height * samples];
        for (var i = 0; i < values.Length; i++) values[i] = (ushort)random.Next(1 << 16);
        var expected = new ushort[3 * Width * Height];
        var sums = new decimal[3];
        for (var i = 0; i < Width * Height; i++)
        {
            var pixel = values.AsSpan(i * samples, samples);
            var alpha = samples % 2 == 0 ? pixel[^1] : ushort.MaxValue;
            for (var j = 0; j < 3; j++)
            {
                var onWhite = ((decimal)alpha * pixel[samples < 3 ? 0 : j] + (65535m - alpha) * 65535m) / 65535m;
                sums[j] += onWhite;
                expected[3 * i + j] = (ushort)Math.Round(onWhite, MidpointRounding.AwayFromZero);
            }
        }
        foreach (var isInterlaced in new[] { false, true })
        {
            foreach (var filter in new byte[] { 0, 1, 2, 3, 4, 5 })
            {
                var png = HandMade.DeepPng(Width, Height, colorType, values, isInterlaced, filter);
                var photo = PhotoFile.Read(Put("deep.png", png));
                Assert.Equal((Width, Height), (photo.Width, photo.Height));
                Assert.Equal(expected, photo.Rgb16);
                Assert.Equal(expected.Select(value => (byte)Math.Round(value / 257.0)), photo.Rgb);
                var picture = ReadOne(png);
                foreach (var (mean, sum) in new[] { picture.Red, picture.Green, picture.Blue }.Zip(sums))
                    Assert.Equal((double)(sum / (257m * 256 * Width * Height)), mean, 1e-15);
            }
        }
    }

    [Fact]
    public void PicturesSmallerThanAPassAreRead()
    {
        foreach (var (width, height) in new[] { (1, 1), (1, 9), (9, 1), (2, 3), (4, 4), (5, 8), (3, 2) })
        {
            ushort[] values = [.. Enumerable.Range(1, width * height).Select(i => (ushort)(i * 251))];
            var photo = PhotoFile.Read(Put("deep.png", HandMade.DeepPng(width, height, Gray, values, isInterlaced: true)));
            Assert.Equal(values, photo.Rgb16!.Where((_, i) => i % 3 == 0));
        }
    }

    [Fact]
    public void AnotherEncoderIsUnderstood()
    {
        // Skia chooses filters row by row.
        var rgb = new ushort[3 * 64 * 48];
        for (var i = 0; i < rgb.Length; i++) rgb[i] = (ushort)(i * i % 65521 / (1 + i % 3));
        PhotoFile.WritePng(At("p.png"), 64, 48, rgb);
        var bytes = File.ReadAllBytes(At("p.png"));
        Assert.Equal(16, bytes[24]);
        Assert.Equal(rgb, PhotoFile.Read(At("p.png")).Rgb16);
    }

    [Fact]
    public void TheSameLevelsGiveTheBitsOfAPictureOfEightBits()
    {
        var random = new Random(8);
        var bytes = new byte[3 * 50 * 40];
        random.NextBytes(bytes);
        var shallow = ReadOne(HandMade.Png(50, 40, 8, 2, bytes));
        Assert.Equal(shallow, ReadOne(HandMade.DeepPng(50, 40, Color, [.. bytes.Select(value => (ushort)(257 * value))])));
    }

    [Fact]
    public void OneColorMayBeTransparent()
    {
        ushort[] gray = [1000, 1001, 1000, 65535];
        var png = HandMade.DeepPng(4, 1, Gray, gray, chunks: HandMade.Chunk("tRNS"u8, [0x03, 0xE8]));
        Assert.Equal([65535, 1001, 65535, 65535], PhotoFile.Read(Put("t.png", png)).Rgb16!.Where((_, i) => i % 3 == 0).Select(value => (int)value));
        Assert.Equal((1001 + 3 * 65535.0) / (257 * 256 * 4), ReadOne(png).Red, 1e-15);

        ushort[] colors = [1, 2, 3, 1, 2, 4];
        png = HandMade.DeepPng(2, 1, Color, colors, chunks: HandMade.Chunk("tRNS"u8, [0, 1, 0, 2, 0, 3]));
        Assert.Equal([65535, 65535, 65535, 1, 2, 4], PhotoFile.Read(Put("t.png", png)).Rgb16);
    }

    [Fact]
    public void NoChunkChangesTheNumbersOfAGray()
    {
        ushort[] gray = [0, 1, 300, 20_000, 20_200, 65_535];
        byte[] linear = HandMade.Chunk("gAMA"u8, [0, 1, 0x86, 0xA0]);
        byte[] colors = HandMade.Chunk("cHRM"u8, [.. new[] { 34_570, 35_850, 73_470, 26_530, 15_960, 84_040, 3_660, 10 }.SelectMany(HandMade.BigEndian)]);
        byte[] background = HandMade.Chunk("bKGD"u8, [0x10, 0]);
        byte[] bits = HandMade.Chunk("sBIT"u8, [12]);
        foreach (var chunks in new byte[][] { linear, [.. linear, .. colors], background, bits })
        {
            var png = HandMade.DeepPng(6, 1, Gray, gray, chunks: chunks);
            Assert.Equal(gray, PhotoFile.Read(Put("g.png", png)).Rgb16!.Where((_, i) => i % 3 == 0));
            Assert.Equal(gray.Sum(value => (double)value) / (257 * 256 * 6), ReadOne(png).Green, 1e-15);
        }
    }

    [Fact]
    public void AColorProfileIsAppliedToPhotographsAndNotToMeanColors()
    {
        using var wide = SKColorSpace.CreateRgb(SKColorSpaceTransferFn.Linear, SKColorSpaceXyz.AdobeRgb);
        using var bitmap = new SKBitmap(new SKImageInfo(2, 1, SKColorType.RgbaF32, SKAlphaType.Unpremul, wide));
        using var pixmap = bitmap.PeekPixels();
        float[] stored = [10_000, 20_000, 30_000, 65_535, 10_001, 20_000, 30_000, 65_535];
        Array.ConvertAll(stored, value => value / 65_535).CopyTo(MemoryMarshal.Cast<byte, float>(pixmap.GetPixelSpan()));
        using var data = pixmap.Encode(new SKPngEncoderOptions())!;
        var png = data.ToArray();
        Assert.Contains("iCCP", System.Text.Encoding.Latin1.GetString(png));

        // Linear Adobe RGB to linear sRGB: the matrices of both specifications, by way of XYZ.
        double[] linear = [.. new[] { 1.39836, -0.39836, 0.0, 0.0, 1.0, 0.0, 0.0, -0.04293, 1.04293 }];
        var shown = PhotoFile.Read(Put("wide.png", png)).Rgb16!;
        for (var j = 0; j < 3; j++)
        {
            var value = (linear[3 * j] * 10_000 + linear[3 * j + 1] * 20_000 + linear[3 * j + 2] * 30_000) / 65_535;
            Assert.Equal(65_535 * (1.055 * Math.Pow(value, 1 / 2.4) - 0.055), shown[j], 30.0);
        }

        // One step of the file is more than one step of the result: nothing is lost on the way.
        Assert.True(shown[3] > shown[0]);
        var mean = ReadOne(png);
        Assert.Equal(20_000 / (257 * 256.0), mean.Green, 1e-15);
        Assert.Equal(10_000.5 / (257 * 256.0), mean.Red, 1e-15);
    }

    [Fact]
    public void AFileCutAnywhereIsSkippedOrLosesNothing()
    {
        var values = new ushort[30 * 20 * 3];
        for (var i = 0; i < values.Length; i++) values[i] = (ushort)(i * 7919);
        var whole = HandMade.DeepPng(30, 20, Color, values, isInterlaced: true, filter: 5);
        var expected = ReadOne(whole);
        for (var length = 0; length < whole.Length; length += length > whole.Length - 40 ? 1 : 29)
        {
            var table = ReadAlone(whole[..length]);
            Assert.Equal(1, table.Pictures.Count + table.Skipped.Count);
            Assert.All(table.Pictures, picture => Assert.Equal(expected, picture));
            Assert.All(table.Skipped, skipped => Assert.Contains(skipped.Reason, new[]
            {
                Truncated, NoPicture, "the file is empty", "damaged: its header cannot be read",
            }));
        }
    }

    [Fact]
    public void DamageIsRefused()
    {
        var whole = HandMade.DeepPng(8, 8, Gray, new ushort[64]);
        var at = whole.AsSpan().IndexOf("IDAT"u8);
        foreach (var place in new[] { at + 6, at + 10, whole.Length - 14 })
        {
            var damaged = whole.ToArray();
            damaged[place] ^= 0x40;
            Refused(damaged);
        }

        // A filter that does not exist, fewer rows than promised, a chunk that must be understood: their checksums are right.
        Refused(HandMade.DeepPng(8, 8, Gray, new ushort[64], filter: 9));
        Refused(HandMade.Png(8, 8, 16, 0, new byte[16 * 7]));
        Refused(HandMade.DeepPng(8, 8, Gray, new ushort[64], chunks: HandMade.Chunk("tRNS"u8, [1])));

        void Refused(byte[] content)
        {
            var skipped = Assert.Single(ReadAlone(content).Skipped);
            Assert.StartsWith("damaged: ", skipped.Reason);
            Assert.Equal($"{Put("d.png", content)}: {skipped.Reason}", Samples.Error(() => PhotoFile.Read(At("d.png"))));
        }
    }

    [Fact]
    public void AnOrientationTurnsThem()
    {
        ushort[] gray = [1, 2, 3, 4, 5, 6];
        byte[] exif = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        var shallow = PhotoFile.Read(Put("e.png", HandMade.Png(3, 2, 8, 0, [1, 2, 3, 4, 5, 6], HandMade.Chunk("eXIf"u8, exif))));
        var deep = PhotoFile.Read(Put("e.png", HandMade.DeepPng(3, 2, Gray, gray, chunks: HandMade.Chunk("eXIf"u8, exif))));

        // Whatever the decoder makes of it, both depths are turned alike.
        Assert.Equal((shallow.Width, shallow.Height), (deep.Width, deep.Height));
        Assert.Equal(shallow.Rgb.Select(value => (ushort)value), deep.Rgb16);
    }
}
