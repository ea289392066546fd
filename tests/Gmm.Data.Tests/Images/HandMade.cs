using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using SkiaSharp;

namespace Gmm.Data.Tests.Images;

/// <summary>Pictures put together byte by byte, in the forms that no encoder here writes, and where everything is known.</summary>
internal static class HandMade
{
    internal static string DataFolder { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "data"));

    /// <summary>A PNG (ISO/IEC 15948) of rows that are already packed, without filters.</summary>
    internal static byte[] Png(int width, int height, byte depth, byte colorType, byte[] rows, byte[]? chunks = null)
    {
        using var raw = new MemoryStream();
        using (var zlib = new ZLibStream(raw, CompressionLevel.Fastest, leaveOpen: true))
        {
            var rowBytes = height == 0 ? 0 : rows.Length / height;
            for (var y = 0; y < height && rowBytes > 0; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(rows, y * rowBytes, rowBytes);
            }
        }

        byte[] header = [.. BigEndian(width), .. BigEndian(height), depth, colorType, 0, 0, 0];
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR"u8, header), .. chunks ?? [],
            .. Chunk("IDAT"u8, raw.ToArray()), .. Chunk("IEND"u8, [])];
    }

    /// <summary>A PNG of 16 bits.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="colorType">0, 2, 4 or 6.</param>
    /// <param name="values">[height x width x samples].</param>
    /// <param name="isInterlaced">Whether it is stored in the seven passes of Adam7.</param>
    /// <param name="filter">Of every row; 5 for each in turn.</param>
    /// <param name="chunks">Before the data.</param>
    internal static byte[] DeepPng(
        int width, int height, byte colorType, ushort[] values, bool isInterlaced = false, byte filter = 0, byte[]? chunks = null)
    {
        var samples = values.Length / width / height;
        using var raw = new MemoryStream();
        using (var zlib = new ZLibStream(raw, CompressionLevel.Fastest, leaveOpen: true))
        {
            (int, int, int, int)[] passes = isInterlaced
                ? [(0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2)]
                : [(0, 1, 0, 1)];
            foreach (var (firstX, stepX, firstY, stepY) in passes)
            {
                var above = new byte[2 * samples * width];
                for (var y = firstY; y < height && firstX < width; y += stepY)
                {
                    List<byte> row = [];
                    for (var x = firstX; x < width; x += stepX)
                    {
                        foreach (var value in values.AsSpan(((y * width) + x) * samples, samples)) row.AddRange([(byte)(value >> 8), (byte)value]);
                    }

                    var own = filter == 5 ? (byte)(y % 5) : filter;
                    zlib.WriteByte(own);
                    for (var i = 0; i < row.Count; i++)
                    {
                        int left = i < 2 * samples ? 0 : row[i - (2 * samples)], corner = i < 2 * samples ? 0 : above[i - (2 * samples)];
                        zlib.WriteByte((byte)(row[i] - Predicted(own, left, above[i], corner)));
                    }

                    row.CopyTo(above);
                }
            }
        }

        // Two chunks of data: one may end anywhere.
        var (data, cut) = (raw.ToArray(), (int)raw.Length / 3);
        byte[] header = [.. BigEndian(width), .. BigEndian(height), 16, colorType, 0, 0, (byte)(isInterlaced ? 1 : 0)];
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR"u8, header), .. chunks ?? [], .. Chunk("IDAT"u8, data[..cut]),
            .. Chunk("IDAT"u8, data[cut..]), .. Chunk("IEND"u8, [])];
    }

    /// <summary>A picture of 8 x 8 pixels of one color (ITU-T T.81): one block per channel, constant term only, no color transform.</summary>
    internal static byte[] Jpeg(params byte[] channels)
    {
        byte[] result = [0xFF, 0xD8];
        result = [.. result, .. Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0])];
        result = [.. result, .. Segment(0xDB, [0, .. Enumerable.Repeat((byte)8, 64)])];
        byte count = (byte)channels.Length;
        result = [.. result, .. Segment(0xC0, [8, 0, 8, 0, 8, count, .. channels.SelectMany((_, i) => new byte[] { (byte)(i + 1), 0x11, 0 })])];

        // Constant terms: nine codes of four bits, code i for i further bits. Others: one code of one bit, "end of block".
        result = [.. result, .. Segment(0xC4, [0x00, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])];
        result = [.. result, .. Segment(0xC4, [0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])];
        result = [.. result, .. Segment(0xDA, [count, .. channels.SelectMany((_, i) => new byte[] { (byte)(i + 1), 0 }), 0, 63, 0])];
        var bits = string.Concat(channels.Select(value =>
        {
            var level = value - 128;
            var size = 32 - int.LeadingZeroCount(Math.Abs(level));
            var amplitude = level < 0 ? level + (1 << size) - 1 : level;
            return Convert.ToString(size, 2).PadLeft(4, '0') + (size == 0 ? "" : Convert.ToString(amplitude, 2).PadLeft(size, '0')) + "0";
        }));
        foreach (var chunk in bits.PadRight((bits.Length + 7) / 8 * 8, '1').Chunk(8))
        {
            var value = Convert.ToByte(new string(chunk), 2);
            result = value == 0xFF ? [.. result, value, 0] : [.. result, value];
        }

        return [.. result, 0xFF, 0xD9];
    }

    /// <summary>An animated GIF of two frames of 1 x 1 pixel, each with the color of its index.</summary>
    internal static byte[] Gif(byte[] first, byte[] second)
    {
        byte[] Frame(byte code) => [0x21, 0xF9, 4, 0, 10, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, code, 1, 0];
        return [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, .. first, .. second, .. Frame(0x44), .. Frame(0x4C), 0x3B];
    }

    /// <summary>A BMP of 24 bits per pixel, bottom row first, each row padded to four bytes.</summary>
    internal static byte[] Bmp(int width, int height, Func<int, int, (byte R, byte G, byte B)> color)
    {
        var rowBytes = ((3 * width) + 3) / 4 * 4;
        var file = new byte[54 + (rowBytes * height)];
        "BM"u8.CopyTo(file);
        foreach (var (at, value) in new[] { (2, file.Length), (10, 54), (14, 40), (18, width), (22, height), (26, 1 | (24 << 16)) })
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        }

        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var pixel = file.AsSpan(54 + ((height - 1 - y) * rowBytes) + (3 * x));
                (pixel[2], pixel[1], pixel[0]) = color(x, y);
            }
        }

        return file;
    }

    /// <summary>Encoded by Skia.</summary>
    internal static byte[] Encode(int width, int height, Func<int, int, SKColor> color, SKEncodedImageFormat format, int quality = 90)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Pixels = [.. Enumerable.Range(0, width * height).Select(i => color(i % width, i / width))];
        using var data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    /// <summary>Puts an EXIF segment with an orientation behind the first marker.</summary>
    internal static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] exif = [.. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], .. Segment(0xE1, exif), .. jpeg[2..]];
    }

    private static byte[] Segment(byte marker, byte[] content) =>
        [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    private static int Predicted(byte filter, int left, int above, int corner) => filter switch
    {
        1 => left,
        2 => above,
        3 => (left + above) / 2,
        4 => new[] { left, above, corner }.MinBy(value => Math.Abs(left + above - corner - value)),
        _ => 0,
    };

    internal static byte[] Chunk(ReadOnlySpan<byte> type, byte[] content)
    {
        byte[] body = [.. type, .. content];
        var crc = uint.MaxValue;
        foreach (var value in body)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return [.. BigEndian(content.Length), .. body, .. BigEndian((int)~crc)];
    }

    internal static byte[] BigEndian(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
