using Gmm.Data.Images;

namespace Gmm.Cli.Segmenting;

/// <summary>Holds the different colors of a photograph of 8 bits, in the order in which they first occur, so that each is looked at once.</summary>
internal sealed class PhotoColors
{
    private const int Channels = 3;
    private const int ChannelBits = 8;

    // A table of all colors costs more than it gains beside fewer pixels.
    private const int FewestPixels = 1 << 18;

    // [2^24]: the number of a color among the different ones, from 1; 0 for a color that does not occur.
    private readonly int[] _numbers = new int[1 << (Channels * ChannelBits)];

    private PhotoColors(byte[] rgb)
    {
        List<byte> colors = [];
        List<long> counts = [];
        for (var i = 0; i < rgb.Length; i += Channels)
        {
            ref var number = ref _numbers[Code(rgb.AsSpan(i, Channels))];
            if (number == 0)
            {
                colors.AddRange(rgb.AsSpan(i, Channels));
                counts.Add(0);
                number = counts.Count;
            }
            counts[number - 1]++;
        }
        (Rgb, Counts) = ([.. colors], counts.ToArray());
    }

    /// <summary>[C x 3].</summary>
    public byte[] Rgb { get; }

    /// <summary>[C]: the number of pixels of each color.</summary>
    public ReadOnlyMemory<long> Counts { get; }

    /// <summary>Finds the colors of a photograph; null where it has few pixels, 16 bits, or fewer colors than components.</summary>
    /// <param name="photo">The photograph.</param>
    /// <param name="components">K.</param>
    public static PhotoColors? Of(Photo photo, int components)
    {
        if (photo.Rgb16 is not null || photo.Rgb.Length < Channels * FewestPixels) return null;
        var colors = new PhotoColors(photo.Rgb);
        return colors.Counts.Length < components ? null : colors;
    }

    /// <summary>Gives every pixel what belongs to its color.</summary>
    /// <param name="photo">The photograph of these colors.</param>
    /// <param name="painted">[C x 3].</param>
    /// <param name="parallel">How many threads; may cancel.</param>
    public byte[] Paint(Photo photo, byte[] painted, ParallelOptions parallel)
    {
        var (rgb, line) = (GC.AllocateUninitializedArray<byte>(photo.Rgb.Length), photo.Width * Channels);
        Parallel.For(0, photo.Height, parallel, y =>
        {
            var from = photo.Rgb.AsSpan(y * line, line);
            var to = rgb.AsSpan(y * line, line);
            for (var i = 0; i < line; i += Channels)
                painted.AsSpan((_numbers[Code(from.Slice(i, Channels))] - 1) * Channels, Channels).CopyTo(to[i..]);
        });
        return rgb;
    }

    private static int Code(ReadOnlySpan<byte> color) => (color[0] << (2 * ChannelBits)) | (color[1] << ChannelBits) | color[2];
}
