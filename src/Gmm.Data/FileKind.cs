using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Gmm.Data;

/// <summary>Recognizes the kind of a file by its first bytes, and names those that cannot be read with the way to a kind that can.</summary>
internal static partial class FileKind
{
    /// <summary>So many first bytes decide.</summary>
    internal const int Length = 512;

    private const int TarMark = 257;

    /// <summary>A portable SPSS file says what it is before this.</summary>
    private const int PortableMark = 200;

    /// <summary>An ORC file has bytes that are no text among so many.</summary>
    private const int FirstStripe = 64;

    private static readonly (byte[] Start, string Problem)[] s_refused =
    [
        ([.. "FEA1"u8], "is a Feather file of the first version; pandas.read_feather(...).to_feather(...) makes one of the second"),
        ([0x89, .. "HDF\r\n\u001a\n"u8], "is an HDF5 file; h5py or pandas.read_hdf reads it, and numpy.save makes a .npy file of one array"),
        ([.. "MATLAB "u8], "is a MATLAB file; writematrix in MATLAB, or scipy.io.loadmat and numpy.save, make a table of one matrix"),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "is an Excel workbook (.xls); save the sheet as .csv"),
        ([.. "$FL2"u8], "is an SPSS file; export it as .csv"),
        ([.. "$FL3"u8], "is an SPSS file; export it as .csv"),
        ([.. "FCS2."u8], FlowCytometry),
        ([.. "FCS3."u8], FlowCytometry),
        ([.. "HEADER RECORD*******"u8], "is a SAS transport file (.xpt); export it as .csv, or pandas.read_sas(...).to_csv(..., index=False) makes a table of it"),
        ([.. "Octave-1-"u8], OctaveProblem),
        ([.. "<stata_dta>"u8], "is a Stata file; export it as .csv"),
        ([.. "RDX2\n"u8], "is an R workspace; write.csv(x, \"x.csv\", row.names = FALSE) in R makes a table of one object"),
        ([.. "RDX3\n"u8], "is an R workspace; write.csv(x, \"x.csv\", row.names = FALSE) in R makes a table of one object"),
        ([.. "X\n\0\0\0"u8], "is an R object (.rds); write.csv(readRDS(...), \"x.csv\", row.names = FALSE) in R makes a table of it"),
        ([.. "SQLite format 3"u8], "is an SQLite database; export a table as .csv"),
        ([.. "CDF\u0001"u8], "is a NetCDF file; xarray reads it, and numpy.save makes a .npy file of one array"),
        ([.. "CDF\u0002"u8], "is a NetCDF file; xarray reads it, and numpy.save makes a .npy file of one array"),
        ([.. "Obj\u0001"u8], "is an Avro file; convert it to .csv"),
        ([.. "SIMPLE  ="u8], "is a FITS file; astropy reads it, and numpy.save makes a .npy file of one table"),
        ([0x80, 0x02, (byte)'}'], "is a Python pickle, which is never read because it may run code; numpy.save makes a .npy file"),
        ([0x80, 0x03], "is a Python pickle, which is never read because it may run code; numpy.save makes a .npy file"),
        ([0x80, 0x04, 0x95], "is a Python pickle, which is never read because it may run code; numpy.save makes a .npy file"),
        ([0x80, 0x05, 0x95], "is a Python pickle, which is never read because it may run code; numpy.save makes a .npy file"),
        ([.. "LASF"u8], "is a LAS point cloud; laspy reads it, and numpy.save makes a .npy file of its points"),
        ([.. "%PDF-"u8], "is a PDF document; a table as text is required"),
        ([.. "{\\rtf"u8], "is an RTF document; save it as plain text"),
        ([0x89, .. "PNG"u8], "is a picture; gmm segment and gmm images take pictures"),
        ([0xFF, 0xD8, 0xFF], "is a picture; gmm segment and gmm images take pictures"),
        ([.. "GIF8"u8], "is a picture; gmm segment and gmm images take pictures"),
        ([.. "II*\0"u8], "is a TIFF picture; a table of numbers is required"),
        ([.. "MM\0*"u8], "is a TIFF picture; a table of numbers is required"),
        ([0x5D, 0, 0], "is compressed by lzma; unpack it with unlzma"),
        ([0x1F, 0x9D], "is compressed by compress; unpack it with uncompress"),
        ([0xFD, .. "7zXZ"u8, 0], "is compressed by xz; unpack it with unxz"),
        ([0x04, 0x22, 0x4D, 0x18], "is compressed by lz4; unpack it with unlz4"),
        ([.. "7z"u8, 0xBC, 0xAF], "is a 7-Zip archive; unpack it"),
        ([.. "Rar!"u8, 0x1A], "is a RAR archive; unpack it"),
        ([.. "version https://git-lfs"u8], "is a pointer of Git LFS and not the file itself; git lfs pull fetches it"),
    ];

    private static readonly (string Start, string Problem)[] s_refusedTexts =
    [
        ("<!doctype html", "is a web page; a download that failed leaves one in place of the file"),
        ("<html", "is a web page; a download that failed leaves one in place of the file"),
        ("<?xml", "is an XML document; a table as text is required"),
        ("<svg", "is an SVG picture; a table of numbers is required"),
        ("\"toa5\"", "is a TOA5 file of a data logger; without its lines 1, 3 and 4 it is a .csv file"),
        ("ncols ", "is an ESRI grid; the lines below its header alone make a .txt file"),
        ("%%matrixmarket", "is a Matrix Market file; scipy.io.mmread reads it, and numpy.save makes a .npy file of a dense one"),
        ("ply\n", PointCloud),
        ("ply\r", PointCloud),
        ("# .pcd", PointCloud),
        ("# created by octave", OctaveProblem),
        ("structure(list(", "is R code as dput writes it; write.csv(x, \"x.csv\", row.names = FALSE) in R makes a table of it"),
        ("##fileformat=vcf", "is a VCF file of variants; a table of numbers is required"),
    ];

    private const string FlowCytometry = "is an FCS file of a flow cytometer; flowCore in R, or fcsparser and numpy.save, make a table of its events";

    private const string OctaveProblem = "is a file that Octave saves; csvwrite(\"x.csv\", x) in Octave makes a table of one matrix";

    private const string ArffProblem = "is an ARFF file; its lines after @data alone make a .csv file";

    private const string PointCloud = "is a point cloud with a header of its own; the lines of its points alone make a .txt file, if it is of text";

    internal enum Content
    {
        /// <summary>What nothing else is.</summary>
        Text,

        /// <summary>An array of NumPy.</summary>
        Npy,

        /// <summary>A zip archive, which may be of arrays.</summary>
        Zip,

        /// <summary>A Parquet file.</summary>
        Parquet,

        /// <summary>An Arrow file, which Feather files of version 2 are, or an Arrow stream.</summary>
        Arrow,

        /// <summary>Compressed by gzip.</summary>
        Gzip,

        /// <summary>Compressed by zstd.</summary>
        Zstd,
    }

    /// <summary>Tells what begins with these bytes.</summary>
    /// <param name="start">The first bytes, <see cref="Length"/> where the file has so many.</param>
    /// <param name="place">The start of an error message.</param>
    /// <exception cref="TableFormatException">It is of a kind that cannot be read.</exception>
    internal static Content Of(ReadOnlySpan<byte> start, string place)
    {
        switch (start)
        {
            case [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..]: return Content.Npy;
            case [(byte)'P', (byte)'K', 3 or 5, 4 or 6, ..]: return Content.Zip;
            case [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..]: return Content.Parquet;
            case [(byte)'A', (byte)'R', (byte)'R', (byte)'O', (byte)'W', (byte)'1', ..]:
            case [0xFF, 0xFF, 0xFF, 0xFF, _, _, _, 0, ..]: return Content.Arrow;
            case [0x1F, 0x8B, ..]: return Content.Gzip;
            case [0x28, 0xB5, 0x2F, 0xFD, ..]: return Content.Zstd;
            case [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..]: return Content.Zstd;
            case [>= 0x68 and <= 0x73, 1 or 2, 1, 0, ..]:
                throw new TableFormatException($"{place}: the file is a Stata file; export it as .csv");
            case [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', (byte)'1' or 0x17, (byte)'A' or 0x72, ..]:
                throw new TableFormatException($"{place}: the file is compressed by bzip2; unpack it with bunzip2");
            case [(byte)'O', (byte)'R', (byte)'C', ..] when start[..Math.Min(start.Length, FirstStripe)].ContainsAnyInRange((byte)0, (byte)8):
                throw new TableFormatException($"{place}: the file is an ORC file; convert it to .csv");
            case [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..]:
            case [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..]:
                throw new TableFormatException($"{place}: the file is a picture; gmm segment and gmm images take pictures");
        }

        foreach (var (signature, problem) in s_refused)
        {
            if (start.StartsWith(signature))
            {
                throw new TableFormatException($"{place}: the file {problem}");
            }
        }

        if (start.StartsWith("\0\0\0\0\0\0\0\0\0\0\0\0"u8) && start[12..].StartsWith((ReadOnlySpan<byte>)[0xC2, 0xEA, 0x81, 0x60]))
        {
            throw new TableFormatException($"{place}: the file is a SAS data set; export it as .csv");
        }

        var text = start is [0xEF, 0xBB, 0xBF, ..] ? start[3..] : start;
        text = text.TrimStart(" \t\r\n"u8);
        foreach (var (begin, problem) in s_refusedTexts)
        {
            if (text.Length >= begin.Length && Ascii.EqualsIgnoreCase(text[..begin.Length], Encoding.ASCII.GetBytes(begin)))
            {
                throw new TableFormatException($"{place}: the file {problem}");
            }
        }

        if (start[..Math.Min(start.Length, PortableMark)].IndexOf("SPSS PORT FILE"u8) >= 0)
        {
            throw new TableFormatException($"{place}: the file is a portable SPSS file (.por); export it as .csv");
        }

        if (start.Length > TarMark + 5 && start[TarMark..].StartsWith("ustar"u8))
        {
            throw new TableFormatException($"{place}: the file is a tar archive; unpack it");
        }

        if (IsArff(text))
        {
            throw new TableFormatException($"{place}: the file {ArffProblem}");
        }

        if (text.StartsWith("[1] "u8))
        {
            throw new TableFormatException($"{place}: the file is a vector as R prints it; write.csv(x, \"x.csv\", row.names = FALSE) in R makes a table of it");
        }

        if (IsJson(text))
        {
            throw new TableFormatException($"{place}: the file is JSON, or a list as Python prints it; pandas.read_json(...).to_csv(..., index=False), or "
                + "numpy.savetxt, makes a table of it");
        }

        if (IsSparse(text))
        {
            throw new TableFormatException($"{place}: the file is in the sparse format of LIBSVM; sklearn.datasets.load_svmlight_file(...)[0].toarray() reads "
                + "it, and numpy.save makes a .npy file of that");
        }

        return Content.Text;
    }

    /// <summary>Tells whether a text begins, behind its comments, with the name of a relation.</summary>
    private static bool IsArff(ReadOnlySpan<byte> text)
    {
        while (text is [(byte)'%', ..] && text.IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var end)
        {
            text = text[end..].TrimStart(" \t\r\n"u8);
        }

        return text.Length > "@relation".Length && Ascii.EqualsIgnoreCase(text[.."@relation".Length], "@relation"u8);
    }

    /// <summary>
    /// Tells whether a text begins, behind its comments, with a label and pairs of a rising number and a value. Clock times are no such pairs.
    /// </summary>
    private static bool IsSparse(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'\n', (byte)'\r');
        while (text is [(byte)'#', ..] && end >= 0)
        {
            text = text[end..].TrimStart(" \t\r\n"u8);
            end = text.IndexOfAny((byte)'\n', (byte)'\r');
        }

        var row = Encoding.Latin1.GetString(end < 0 ? text : text[..end]);
        if (!SparseRow().IsMatch(row))
        {
            return false;
        }

        var (last, areTimes) = (-1L, true);
        foreach (Match pair in SparsePair().Matches(row))
        {
            if (!long.TryParse(pair.Groups[1].ValueSpan, out var number) || number <= last)
            {
                return false;
            }

            last = number;
            areTimes &= pair.Groups[2].Length == 2 && pair.Groups[2].ValueSpan.IndexOfAnyExceptInRange('0', '9') < 0;
        }

        return !areTimes;
    }

    // The last pair may be cut off.
    [GeneratedRegex(@"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?(,\d+)*([ \t]+qid:\d+)?([ \t]+\d+:[+-]?[\d.]+([eE][+-]?\d+)?)+([ \t]+\d*:?[-+.\deE]*)?[ \t]*(#.*)?$")]
    private static partial Regex SparseRow();

    [GeneratedRegex(@"[ \t](\d+):([+-]?[\d.]+([eE][+-]?\d+)?)(?=[ \t]|$)")]
    private static partial Regex SparsePair();

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        if (text is not [(byte)'{' or (byte)'[', ..])
        {
            return false;
        }

        var next = text[1..].TrimStart(" \t\r\n"u8);
        return text[0] == (byte)'{' ? next is [(byte)'"' or (byte)'}', ..]
            : !next.IsEmpty && (next[0] is (byte)'[' or (byte)'{' or (byte)'"' or (byte)'-' || char.IsAsciiDigit((char)next[0]));
    }

    /// <summary>Names a zip archive that holds no arrays; null for any other.</summary>
    internal static string? ZipProblem(ZipArchive archive)
    {
        var names = archive.Entries.Select(entry => entry.FullName).ToArray();
        if (names.Any(name => name.StartsWith("xl/", StringComparison.Ordinal)))
        {
            return "is an Excel workbook (.xlsx); save the sheet as .csv";
        }

        if (names.Contains("content.xml"))
        {
            return "is an OpenDocument file; save the sheet as .csv";
        }

        return names.Length > 0 && !names.Any(name => name.EndsWith(".npy", StringComparison.Ordinal))
            ? $"is a zip archive of {ErrorText.List(names)}; unpack it" : null;
    }
}
