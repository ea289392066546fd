using System.Runtime.InteropServices;
using SkiaSharp;

namespace Gmm.Data.Images;

/// <summary>Converts rows of 16 bits from one color space to another. Skia computes in single precision.</summary>
internal sealed class DeepConversion(int width, SKColorSpace from, SKColorSpace to)
{
    private const int Channels = 4;

    private readonly ushort[] _source = GC.AllocateUninitializedArray<ushort>(Channels * width, pinned: true);
    private readonly ushort[] _target = GC.AllocateUninitializedArray<ushort>(Channels * width, pinned: true);

    /// <summary>Converts at most a row.</summary>
    /// <param name="pixels">[count x 4]: red, green, blue, alpha.</param>
    /// <returns>[count x 4], until the next call.</returns>
    internal ReadOnlySpan<ushort> Convert(ReadOnlySpan<ushort> pixels)
    {
        pixels.CopyTo(_source);
        var info = new SKImageInfo(pixels.Length / Channels, 1, SKColorType.Rgba16161616, SKAlphaType.Unpremul, from);
        using var source = new SKPixmap(info, Marshal.UnsafeAddrOfPinnedArrayElement(_source, 0), info.RowBytes);
        return source.ReadPixels(info.WithColorSpace(to), Marshal.UnsafeAddrOfPinnedArrayElement(_target, 0), info.RowBytes)
            ? _target.AsSpan(0, pixels.Length)
            : throw new InvalidDataException("the color profile cannot be used");
    }
}
