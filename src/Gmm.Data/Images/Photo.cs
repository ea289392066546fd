namespace Gmm.Data.Images;

/// <summary>Holds one picture as points: a row of red, green and blue per pixel.</summary>
public sealed class Photo
{
    /// <summary>Steps of 16 bits in one of 8: both scales end at white, 65535 = 257 x 255 (ISO/IEC 15948:2004, clause 13.12).</summary>
    private const int Steps = 257;

    private byte[]? _rgb;

    internal Photo(int width, int height, byte[] rgb)
    {
        Width = width;
        Height = height;
        _rgb = rgb;
    }

    internal Photo(int width, int height, ushort[] rgb)
    {
        Width = width;
        Height = height;
        Rgb16 = rgb;
    }

    /// <summary>In pixels, as shown: after the rotation that the camera asks for.</summary>
    public int Width { get; }

    /// <summary>In pixels, as shown.</summary>
    public int Height { get; }

    /// <summary>
    /// Levels from 0 to 255, row-major [Height x Width x 3]: the top row first, each from the left. Of a picture of 16 bits they are the nearest
    /// ones, made when they are asked for first.
    /// </summary>
    public byte[] Rgb => _rgb ??= Array.ConvertAll(Rgb16!, value => (byte)((value + (Steps / 2)) / Steps));

    /// <summary>
    /// The same in all bits, from 0 to 65535 = 257 x 255, row-major [Height x Width x 3]; null for a picture of 8 bits.
    /// </summary>
    public ushort[]? Rgb16 { get; }
}
