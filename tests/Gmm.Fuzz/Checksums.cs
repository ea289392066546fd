using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gmm.Fuzz;

/// <summary>Gives damaged content the checksums that it asks for, so that the damage is looked at.</summary>
internal static class Checksums
{
    private const int Signature = 8;
    private const int Frame = 12;

    internal static void Mend(byte[] file)
    {
        if (file.AsSpan(Math.Min(1, file.Length)).StartsWith("PNG"u8)) MendChunks(file);
        else if (file.AsSpan().StartsWith("gmm-"u8) && file.Length > SHA256.HashSizeInBytes) SHA256.HashData(file.AsSpan()[..^SHA256.HashSizeInBytes], file.AsSpan()[^SHA256.HashSizeInBytes..]);
    }

    /// <summary>Gives every chunk of a PNG its checksum (ISO/IEC 15948, annex D).</summary>
    private static void MendChunks(byte[] file)
    {
        for (long at = Signature; at + Frame <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan((int)at));
            if (at + Frame + length > file.Length) return;
            var body = file.AsSpan((int)at + 4, 4 + (int)length);
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan((int)at + 8 + (int)length), Crc(body));
            at += Frame + length;
        }
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }
        return ~crc;
    }
}
