namespace Gmm.Data.Images;

/// <summary>Holds one picture as points: a row of red, green and blue per pixel.</summary>
public sealed class Photo
{
    internal Photo(int width, int height, byte[] rgb)
    {
        Width = width;
        Height = height;
        Rgb = rgb;
    }

    /// <summary>In pixels, as shown: after the rotation that the camera asks for.</summary>
    public int Width { get; }

    /// <summary>In pixels, as shown.</summary>
    public int Height { get; }

    /// <summary>sRGB, row-major [Height x Width x 3]: the top row first, each from the left.</summary>
    public byte[] Rgb { get; }
}
