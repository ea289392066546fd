using System.Buffers.Binary;
using System.Text;

namespace Gmm.Data.Images;

/// <summary>Names pictures of formats that are not read, by their content, and a program that converts them.</summary>
internal static class ForeignPicture
{
    /// <summary>The bytes at the start of a file that are looked at: a drawing may begin with long comments.</summary>
    internal const int Length = 4096;

    /// <summary>Formats that begin as TIFF does, known by the names that cameras give; DNG by a number of its own too.</summary>
    private static readonly string[] s_raw =
    [
        "3fr", "arw", "cr2", "dcr", "dng", "erf", "fff", "gpr", "iiq", "kdc", "mef", "mos", "nef", "nrw", "orf", "pef", "rw2", "rwl", "sr2", "srf",
        "srw",
    ];

    /// <summary>Describes a file, or gives null for one that is no picture of a known format.</summary>
    /// <param name="start">The first <see cref="Length"/> bytes, or all.</param>
    /// <param name="path">Its name tells what raw photograph it is, and nothing else.</param>
    internal static string? Describe(ReadOnlySpan<byte> start, string path)
    {
        var extension = Path.GetExtension(path).TrimStart('.').ToLowerInvariant();
        return Tiff(start, extension) ?? Iso(start) ?? Raw(start) ?? Other(start) ?? Netpbm(start) ?? Drawing(start, extension);
    }

    private static string? Tiff(ReadOnlySpan<byte> start, string extension)
    {
        if (start is not ([(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..]))
        {
            return null;
        }

        if (start.Length > 10 && start[8..10].SequenceEqual("CR"u8))
        {
            return RawPhotograph("cr2");
        }

        if (IsDigitalNegative(start))
        {
            return RawPhotograph("dng");
        }

        return s_raw.Contains(extension) ? RawPhotograph(extension) : Magick("a TIFF", "tif");
    }

    /// <summary>Looks for the tag of the version of DNG (50706) in the first directory.</summary>
    private static bool IsDigitalNegative(ReadOnlySpan<byte> start)
    {
        const int Tag = 50706;
        const int EntryBytes = 12;
        var isLittle = start[0] == 'I';
        if (start.Length < 8 || start[isLittle ? 2 : 3] != 42)
        {
            return false;
        }

        var at = (long)(isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(start[4..]) : BinaryPrimitives.ReadUInt32BigEndian(start[4..])) + 2;
        for (; at + 2 <= start.Length; at += EntryBytes)
        {
            var entry = start[(int)at..];
            if ((isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(entry) : BinaryPrimitives.ReadUInt16BigEndian(entry)) is var tag && tag >= Tag)
            {
                return tag == Tag;
            }
        }

        return false;
    }

    /// <summary>Looks at the brands of an ISO base media file (ISO/IEC 14496-12, clause 4.3).</summary>
    private static string? Iso(ReadOnlySpan<byte> start)
    {
        if (start.Length < 12 || !start[4..8].SequenceEqual("ftyp"u8))
        {
            return null;
        }

        var length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(start), (uint)start.Length);
        var isHeif = false;
        for (var at = 8; at + 4 <= length; at += at == 8 ? 8 : 4)
        {
            switch (Encoding.Latin1.GetString(start.Slice(at, 4)))
            {
                case "avif" or "avis":
                    return Magick("an AVIF", "avif");
                case "heic" or "heix" or "heim" or "heis" or "hevc" or "hevx":
                    return Magick("a HEIC", "heic");
                case "crx ":
                    return RawPhotograph("cr3");
                case "mif1" or "msf1":
                    isHeif = true;
                    break;
                default:
                    break;
            }
        }

        return isHeif ? Magick("a HEIF", "heif") : null;
    }

    private static string? Raw(ReadOnlySpan<byte> start) => start switch
    {
        [(byte)'I', (byte)'I', (byte)'R', (byte)'O' or (byte)'S', ..] or [(byte)'M', (byte)'M', (byte)'O', (byte)'R', ..] => RawPhotograph("orf"),
        [(byte)'I', (byte)'I', (byte)'U', 0, ..] => RawPhotograph("rw2"),
        [0, (byte)'M', (byte)'R', (byte)'M', ..] => RawPhotograph("mrw"),
        [(byte)'F', (byte)'O', (byte)'V', (byte)'b', ..] => RawPhotograph("x3f"),
        _ when start.StartsWith("FUJIFILMCCD-RAW"u8) => RawPhotograph("raf"),
        _ => null,
    };

    private static string? Other(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0x0A, ..] or [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', 13, 10, 0x87, 10, ..] => Magick("a JPEG XL", "jxl"),
        [0xFF, 0x4F, 0xFF, 0x51, ..] or [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', 13, 10, 0x87, 10, ..] =>
            Magick("a JPEG 2000", "jp2"),
        [(byte)'I', (byte)'I', 0xBC, ..] => Magick("a JPEG XR", "jxr"),
        [(byte)'8', (byte)'B', (byte)'P', (byte)'S', 0, 1 or 2, ..] => Magick("a Photoshop", "psd"),
        [0x76, 0x2F, 0x31, 0x01, ..] => Magick("an OpenEXR", "exr"),
        [(byte)'D', (byte)'D', (byte)'S', (byte)' ', ..] => Magick("a DDS", "dds"),
        [(byte)'q', (byte)'o', (byte)'i', (byte)'f', ..] => Magick("a QOI", "qoi"),
        [(byte)'i', (byte)'c', (byte)'n', (byte)'s', ..] => Magick("an ICNS", "icns"),
        [0xD7, 0xCD, 0xC6, 0x9A, ..] => Magick("a WMF", "wmf"),
        [0xC5, 0xD0, 0xD3, 0xC6, ..] => Magick("an EPS", "eps"),
        [0, 0, 1 or 2, 0, ..] when IsIcon(start) => start[2] == 1 ? Magick("an ICO", "ico") : Magick("a CUR", "cur"),
        _ when start.StartsWith("%!PS"u8) => Magick("an EPS", "eps"),
        _ when start.StartsWith("%PDF-"u8) => Kind("a PDF document", "pdftoppm -png in.pdf out"),
        _ when start.StartsWith("gimp xcf"u8) => Magick("a GIMP", "xcf"),
        _ when start.StartsWith("#?RADIANCE"u8) || start.StartsWith("#?RGBE"u8) => Magick("a Radiance", "hdr"),
        _ when start.StartsWith("SIMPLE  ="u8) => Magick("a FITS", "fits"),
        _ when start.Length >= 132 && start[128..132].SequenceEqual("DICM"u8) => Magick("a DICOM", "dcm"),
        _ when start.Length >= 44 && start.StartsWith("\u0001\0\0\0"u8) && start[40..44].SequenceEqual(" EMF"u8) => Magick("an EMF", "emf"),
        _ => null,
    };

    /// <summary>Checks the first entry of an icon: four bytes say little.</summary>
    private static bool IsIcon(ReadOnlySpan<byte> start)
    {
        const int EntryBytes = 16;
        const int First = 6;
        if (start.Length < First + EntryBytes)
        {
            return false;
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(start[4..]);
        return count > 0 && start[9] == 0 && BinaryPrimitives.ReadUInt32LittleEndian(start[14..]) > 0
            && BinaryPrimitives.ReadUInt32LittleEndian(start[18..]) >= First + (count * EntryBytes);
    }

    private static string? Netpbm(ReadOnlySpan<byte> start) => start switch
    {
        [(byte)'P', >= (byte)'1' and <= (byte)'6', (byte)' ' or 9 or 10 or 13, (>= (byte)'0' and <= (byte)'9') or (byte)'#', ..]
            or [(byte)'P', (byte)'7', 10, (byte)'W' or (byte)'H' or (byte)'D' or (byte)'M' or (byte)'T' or (byte)'#', ..] =>
            Magick("a Netpbm", "pnm"),
        [(byte)'P', (byte)'F' or (byte)'f', 10, >= (byte)'0' and <= (byte)'9', ..] => Magick("a PFM", "pfm"),
        _ => null,
    };

    /// <summary>Recognizes SVG, which is text: in UTF-8 or UTF-16, behind declarations and comments.</summary>
    private static string? Drawing(ReadOnlySpan<byte> start, string extension)
    {
        const string Convert = "rsvg-convert in.svg -o out.png";
        if (start is [0x1F, 0x8B, ..])
        {
            return extension == "svgz" ? Kind("a compressed SVG drawing", Convert) : null;
        }

        var text = Encoding.Latin1.GetString(start).Replace("\0", "").TrimStart('\u00EF', '\u00BB', '\u00BF', '\u00FE', '\u00FF').TrimStart();
        var isMarkup = text.StartsWith("<?xml", StringComparison.Ordinal) || text.StartsWith("<!--", StringComparison.Ordinal)
            || text.StartsWith("<!DOCTYPE svg", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<svg", StringComparison.Ordinal);
        var isDrawing = text.Contains("<svg", StringComparison.Ordinal) && !text.Contains("<html", StringComparison.OrdinalIgnoreCase);
        return isMarkup && (isDrawing || extension == "svg") ? Kind("an SVG drawing", Convert) : null;
    }

    private static string Magick(string format, string extension) => Kind($"{format} picture", $"magick in.{extension} out.png");

    private static string RawPhotograph(string extension) =>
        Kind($"a raw photograph of a camera ({extension.ToUpperInvariant()})", $"darktable-cli in.{extension} out.png");

    private static string Kind(string kind, string command) => $"{kind}, which is not read; convert it to PNG, for example with: {command}";
}
