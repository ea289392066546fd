using System.Buffers.Binary;

namespace Gmm.Data;

/// <summary>Computes the CRC-32 of zip archives (ISO-HDLC, reflected polynomial EDB88320), eight bytes at a time.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Width = 256;

    /// <summary>Row i holds the remainder of each byte with i zero bytes behind it.</summary>
    private static readonly uint[] s_remainders = Remainders();

    /// <summary>Continues a CRC-32 with more bytes.</summary>
    /// <param name="crc">That of the bytes before; 0 where there are none.</param>
    /// <param name="bytes">The bytes that follow.</param>
    internal static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        var table = s_remainders;
        while (bytes.Length >= sizeof(ulong))
        {
            var eight = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ crc;
            crc = 0;
            for (var row = sizeof(ulong) - 1; row >= 0; row--, eight >>= 8)
            {
                crc ^= table[(row * Width) + (byte)eight];
            }

            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var one in bytes)
        {
            crc = (crc >> 8) ^ table[(byte)crc ^ one];
        }

        return ~crc;
    }

    private static uint[] Remainders()
    {
        var table = new uint[sizeof(ulong) * Width];
        for (var i = 0; i < Width; i++)
        {
            var crc = (uint)i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ Polynomial;
            }

            table[i] = crc;
        }

        for (var i = Width; i < table.Length; i++)
        {
            var before = table[i - Width];
            table[i] = (before >> 8) ^ table[(byte)before];
        }

        return table;
    }
}
