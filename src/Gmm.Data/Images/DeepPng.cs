using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using SkiaSharp;

namespace Gmm.Data.Images;

/// <summary>Receives pixels of one row: those in the columns x, x + step, x + 2 step and so on.</summary>
/// <param name="pixels">[count x 4]: red, green, blue, alpha in 16 bits, the colors not multiplied by alpha.</param>
/// <param name="x">The column of the first one.</param>
/// <param name="step">Columns from one to the next: 1, or more in an interlaced picture.</param>
/// <param name="y">The row.</param>
internal delegate void DeepRow(ReadOnlySpan<ushort> pixels, int x, int step, int y);

/// <summary>
/// Decodes a PNG of 16 bits per channel (ISO/IEC 15948:2004) row by row, with all its bits. Skia, which decodes all other pictures, keeps the upper
/// 8 bits of gray and at most half precision of colors. The numbers are those of the file: no chunk about gamma, profile or background changes them.
/// </summary>
internal sealed class DeepPng
{
    /// <summary>The bytes at the start of a file that tell its kind: the signature and the header without its checksum.</summary>
    internal const int HeaderLength = 29;

    /// <summary>The largest value of a channel.</summary>
    internal const int White = ushort.MaxValue;

    private const int Channels = 4;
    private const int BufferLength = 1 << 16;

    /// <summary>Columns and rows of the seven passes of an interlaced picture, first and step (clause 8.2).</summary>
    private static readonly (int X, int StepX, int Y, int StepY)[] s_passes =
        [(0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2)];

    private readonly PngChunks _chunks;
    private readonly SKSizeI _size;
    private readonly int _samples;
    private readonly bool _isInterlaced;
    private ushort[]? _transparent;

    private DeepPng(PngChunks chunks, ReadOnlySpan<byte> header, SKSizeI size)
    {
        (_chunks, _size) = (chunks, size);
        _samples = header[9] switch
        {
            0 => 1,
            2 => 3,
            4 => 2,
            6 => 4,
            var other => throw new InvalidDataException($"color type {other} has no 16 bits"),
        };
        var sizes = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..]));
        if (sizes != (size.Width, size.Height) || header[8] != 16 || header[10] != 0 || header[11] != 0 || header[12] > 1)
        {
            throw new InvalidDataException("the header is not the one that was looked at");
        }

        _isInterlaced = header[12] == 1;
    }

    /// <summary>Whether pixels have a color, not only a gray.</summary>
    internal bool HasColor => _samples >= 3;

    /// <summary>Whether pixels may be transparent.</summary>
    internal bool HasAlpha => _samples % 2 == 0 || _transparent is not null;

    /// <summary>Whether the file brings a color profile.</summary>
    internal bool HasProfile { get; private set; }

    private int BytesPerPixel => _samples * sizeof(ushort);

    /// <summary>Recognizes a PNG of 16 bits by its first <see cref="HeaderLength"/> bytes.</summary>
    internal static bool Is(ReadOnlySpan<byte> start) =>
        start.Length >= HeaderLength && start.StartsWith(PngChunks.Signature) && start[12..16].SequenceEqual("IHDR"u8) && start[24] == 16;

    /// <summary>Decodes a file.</summary>
    /// <param name="path">A PNG of 16 bits.</param>
    /// <param name="size">Its size, as looked at before.</param>
    /// <param name="receiver">Gives, for what is known before the pixels, who takes them.</param>
    /// <returns>Why the pixels are not complete; empty when they are.</returns>
    internal static string Read(string path, SKSizeI size, Func<DeepPng, DeepRow> receiver)
    {
        try
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferLength, FileOptions.SequentialScan);
            using var chunks = new PngChunks(file);
            var png = new DeepPng(chunks, chunks.Header(), size);
            if ((long)size.Width * Channels > Array.MaxLength / sizeof(ushort))
            {
                return string.Create(CultureInfo.InvariantCulture, $"too large: a row of {size.Width} pixels of 16 bits");
            }

            png.ReadToData();
            png.ReadData(receiver(png));
            return "";
        }
        catch (EndOfStreamException)
        {
            return PictureCodec.Truncated;
        }
        catch (InvalidDataException)
        {
            return PictureCodec.Damaged;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return PictureCodec.Reason(e);
        }
    }

    /// <summary>Reads the chunks before the pixels.</summary>
    private void ReadToData()
    {
        for (_chunks.Next(); !_chunks.IsData; _chunks.Next())
        {
            if (_chunks.Is("tRNS"u8) && _samples % 2 == 1)
            {
                // One color, all of whose pixels are transparent (clause 11.3.2.1).
                var bytes = _chunks.Content(_samples * sizeof(ushort));
                _transparent = new ushort[_samples];
                Words(bytes, _transparent);
                continue;
            }

            HasProfile |= _chunks.Is("iCCP"u8);
            _chunks.Skip();
        }
    }

    private void ReadData(DeepRow receive)
    {
        using var data = new ZLibStream(_chunks, CompressionMode.Decompress, leaveOpen: true);
        var rowBytes = 1 + (_size.Width * BytesPerPixel);
        var rows = new Rows(new byte[rowBytes], new byte[rowBytes], new ushort[_size.Width * _samples], new ushort[_size.Width * Channels]);
        if (_isInterlaced)
        {
            foreach (var (x, stepX, y, stepY) in s_passes)
            {
                ReadPass(data, rows, receive, x, stepX, y, stepY);
            }
        }
        else
        {
            ReadPass(data, rows, receive, 0, 1, 0, 1);
        }

        // The checksums stand behind the last pixel.
        _ = data.ReadByte();
        _chunks.FinishData();
    }

    private void ReadPass(ZLibStream data, Rows rows, DeepRow receive, int x, int stepX, int y, int stepY)
    {
        var count = (_size.Width - x + stepX - 1) / stepX;
        if (count <= 0)
        {
            return;
        }

        var row = rows.Row.AsSpan(0, 1 + (count * BytesPerPixel));
        var above = rows.Above.AsSpan(1, count * BytesPerPixel);
        var samples = rows.Samples.AsSpan(0, count * _samples);
        var pixels = rows.Pixels.AsSpan(0, count * Channels);
        above.Clear();
        for (; y < _size.Height; y += stepY)
        {
            if (data.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length)
            {
                throw new InvalidDataException("the data end before the picture does");
            }

            Unfilter(row[0], row[1..], above, BytesPerPixel);
            row[1..].CopyTo(above);
            Words(above, samples);
            Spread(samples, pixels);
            receive(pixels, x, stepX, y);
        }
    }

    /// <summary>Adds what the filter took off (clause 9.2).</summary>
    private static void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int pixel)
    {
        switch (filter)
        {
            case 0:
                return;
            case 1:
                for (var i = pixel; i < row.Length; i++)
                {
                    row[i] += row[i - pixel];
                }

                return;
            case 2:
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] += above[i];
                }

                return;
            case 3:
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] += (byte)(((i < pixel ? 0 : row[i - pixel]) + above[i]) / 2);
                }

                return;
            case 4:
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] += i < pixel ? above[i] : Paeth(row[i - pixel], above[i], above[i - pixel]);
                }

                return;
            default:
                throw new InvalidDataException($"filter {filter} is none of 0 to 4");
        }
    }

    /// <summary>Chooses of left, upper and upper left the one nearest to left + upper - upper left, of equals the first (clause 9.4).</summary>
    private static byte Paeth(byte left, byte upper, byte corner)
    {
        var (toLeft, toUpper, toCorner) = (Math.Abs(upper - corner), Math.Abs(left - corner), Math.Abs(left + upper - (2 * corner)));
        return toLeft <= toUpper && toLeft <= toCorner ? left : toUpper <= toCorner ? upper : corner;
    }

    private static void Words(ReadOnlySpan<byte> bytes, Span<ushort> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * i)..]);
        }
    }

    /// <summary>Makes red, green, blue and alpha of the samples of each pixel.</summary>
    private void Spread(ReadOnlySpan<ushort> samples, Span<ushort> pixels)
    {
        for (int from = 0, to = 0; from < samples.Length; from += _samples, to += Channels)
        {
            var sample = samples.Slice(from, _samples);
            pixels[to] = sample[0];
            pixels[to + 1] = sample[HasColor ? 1 : 0];
            pixels[to + 2] = sample[HasColor ? 2 : 0];
            pixels[to + 3] = Alpha(sample);
        }
    }

    private ushort Alpha(ReadOnlySpan<ushort> sample)
    {
        if (_samples % 2 == 0)
        {
            return sample[^1];
        }

        return _transparent is not null && sample.SequenceEqual(_transparent) ? (ushort)0 : (ushort)White;
    }

    private sealed record Rows(byte[] Row, byte[] Above, ushort[] Samples, ushort[] Pixels);
}
