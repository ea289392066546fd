using System.Buffers.Binary;

namespace Gmm.Data.Images;

/// <summary>
/// Recognizes the first bytes of a file. They decide before any decoder runs: some formats that the decoders know besides these five have no
/// signature, and random bytes pass for them.
/// </summary>
internal static class PictureSignature
{
    private const int BitmapLength = 18;

    internal static bool IsKnown(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xD8, 0xFF, ..] => true,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => true,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => true,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => true,
        [(byte)'B', (byte)'M', ..] => IsBitmap(start),
        _ => false,
    };

    /// <summary>Recognizes a bitmap: two letters say little; the size of the second header is one of a few.</summary>
    private static bool IsBitmap(ReadOnlySpan<byte> start) =>
        start.Length >= BitmapLength && BinaryPrimitives.ReadUInt32LittleEndian(start[14..]) is 12 or 16 or 40 or 52 or 56 or 64 or 108 or 124;
}
