using Gmm.Data.Images;

namespace Gmm.Data.Tests.Images;

public class LabColorTests
{
    /// <summary>
    /// L*a*b* worked out from the definition with 40 digits, apart from this code (standard's matrix, white (0.9505, 1, 1.0890)).
    /// </summary>
    [Theory]
    [InlineData(0, 0, 0, 0, 0, 0)]
    [InlineData(255, 255, 255, 100, 0, 0)]
    [InlineData(255, 0, 0, 53.23288178584245, 80.10532709020183, 67.22278194543621)]
    [InlineData(0, 255, 0, 87.73703347354422, -86.18843409411960, 83.18614354503681)]
    [InlineData(0, 0, 255, 32.30258666724948, 79.19363811240153, -107.85373425232731)]
    [InlineData(1, 2, 3, 0.50985545820209, -0.12240587636046, -0.47058626133126)]
    [InlineData(200, 120, 33, 57.86780877162538, 25.07132642458905, 56.71439095356191)]
    public void KnownColors(byte red, byte green, byte blue, double l, double a, double b)
    {
        var lab = new double[3];
        LabColor.FromSrgb([red, green, blue], lab);
        Assert.Equal(l, lab[0], 1e-12);
        Assert.Equal(a, lab[1], 1e-12);
        Assert.Equal(b, lab[2], 1e-12);
    }

    [Fact]
    public void EveryColorOfADenseGridComesBack()
    {
        // A step of 7 meets all residues of each channel over time; the borders are added. 16.7 million colors in full: all came back.
        var rgb = Enumerable.Range(0, (1 << 24) / 7).Select(i => 7 * i).Concat([0x0000FF, 0x00FF00, 0xFF0000, 0xFFFFFF])
            .SelectMany(color => new[] { (byte)(color >> 16), (byte)(color >> 8), (byte)color }).ToArray();
        var lab = new double[rgb.Length];
        var back = new byte[rgb.Length];
        Parallel.For(0, 16, part =>
        {
            var (start, end) = (rgb.Length / 3 * part / 16 * 3, rgb.Length / 3 * (part + 1) / 16 * 3);
            LabColor.FromSrgb(rgb.AsSpan(start..end), lab.AsSpan(start..end));
            LabColor.ToSrgb(lab.AsSpan(start..end), back.AsSpan(start..end));
        });
        Assert.True(rgb.AsSpan().SequenceEqual(back));
        Assert.All(Enumerable.Range(0, lab.Length / 3).Where(i => i % 997 == 0), i => Assert.InRange(lab[3 * i], 0, 100 + 1e-12));
    }

    [Fact]
    public void GraysHaveNoHue()
    {
        for (var gray = 0; gray < 256; gray++)
        {
            var lab = new double[3];
            LabColor.FromSrgb([(byte)gray, (byte)gray, (byte)gray], lab);
            Assert.Equal(0, lab[1], 1e-12);
            Assert.Equal(0, lab[2], 1e-12);
        }
    }

    [Fact]
    public void ColorsThatDoNotExistAreCutOff()
    {
        var rgb = new byte[9];
        LabColor.ToSrgb([200, 0, 0, -50, 0, 0, 50, 300, 0], rgb);
        Assert.Equal([255, 255, 255, 0, 0, 0], rgb[..6]);
        Assert.Equal((255, 0), (rgb[6], rgb[7]));
    }

    [Fact]
    public void LengthsMustFit()
    {
        Assert.Equal("rgb has 4 values; a multiple of 3 is required. (Parameter 'rgb')",
            Assert.Throws<ArgumentException>(() => LabColor.FromSrgb(new byte[4], new double[4])).Message);
        Assert.Equal("rgb has 6 values; 3 are required, as many as lab has. (Parameter 'rgb')",
            Assert.Throws<ArgumentException>(() => LabColor.ToSrgb(new double[3], new byte[6])).Message);
    }
}
