using System.IO.Compression;
using System.Text;

namespace Gmm.Data.Tests;

/// <summary>Files of other kinds are named, whatever their name says.</summary>
public class FileKindTests
{
    [Theory]
    [InlineData("FEA1\0\0", "is a Feather file of the first version")]
    [InlineData("\u0089HDF\r\n\u001a\n\0", "is an HDF5 file")]
    [InlineData("MATLAB 5.0 MAT-file, Platform: GLNXA64", "is a MATLAB file")]
    [InlineData("MATLAB 7.3 MAT-file, Platform: GLNXA64", "is a MATLAB file")]
    [InlineData("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1", "is an Excel workbook (.xls)")]
    [InlineData("$FL2@(#) IBM SPSS", "is an SPSS file")]
    [InlineData("RDX3\nX\n", "is an R workspace")]
    [InlineData("X\n\0\0\0\u0003", "is an R object (.rds)")]
    [InlineData("SQLite format 3\0", "is an SQLite database")]
    [InlineData("\u0080\u0004\u0095\0\0", "is a Python pickle")]
    [InlineData("%PDF-1.7\n", "is a PDF document")]
    [InlineData("\u0089PNG\r\n\u001a\n", "is a picture")]
    [InlineData("BM\u0036\0\0\0\0\0\0\0\u0036", "is a picture")]
    [InlineData("II*\0", "is a TIFF picture")]
    [InlineData("{\"a\": [1, 2]}", "is JSON")]
    [InlineData("[\n  [1, 2],\n  [3, 4]\n]", "is JSON")]
    [InlineData("<!DOCTYPE html><html>", "is a web page")]
    [InlineData("\n<?xml version=\"1.0\"?>", "is an XML document")]
    [InlineData("@relation iris\n", "is an ARFF file")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n3 3 2\n1 1 2.5\n2 2 3.5\n", "is a Matrix Market file")]
    [InlineData("ply\nformat ascii 1.0\n", "is a point cloud")]
    [InlineData("# .PCD v0.7 - Point Cloud Data\n", "is a point cloud")]
    [InlineData("LASF\0\0", "is a LAS point cloud")]
    [InlineData("##fileformat=VCFv4.2\n", "is a VCF file")]
    [InlineData("1 1:0.5 2:3\n-1 2:1\n", "is in the sparse format of LIBSVM")]
    [InlineData("# two rows\r\n# of three\r\n1 1:0.5 3:2\r\n-1 2:1\r\n", "is in the sparse format of LIBSVM")]
    [InlineData("+1 qid:3 5:1 19:1 23:1 # a\n", "is in the sparse format of LIBSVM")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "is a pointer of Git LFS")]
    [InlineData("BZh91AY", "is compressed by bzip2")]
    [InlineData("BZh11AY", "is compressed by bzip2")]
    [InlineData("]\0\0\u0080\0\u00ff\u00ff", "is compressed by lzma")]
    [InlineData("\u001f\u009d\u0090a", "is compressed by compress")]
    [InlineData("r\u0002\u0001\0\u0005\0", "is a Stata file")]
    [InlineData("s\u0001\u0001\0\u0005\0", "is a Stata file")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\u00c2\u00ea\u0081\u0060\u00b3\u0014", "is a SAS data set")]
    [InlineData("HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000", "is a SAS transport file (.xpt)")]
    [InlineData("ASCII SPSS PORT FILE                    ASCII SPSS PORT FILE", "is a portable SPSS file (.por)")]
    [InlineData("FCS3.0         256    1545", "is an FCS file of a flow cytometer")]
    [InlineData("ORC\n\u000b\n\u0003\0\0\0", "is an ORC file")]
    [InlineData("Octave-1-L\0", "is a file that Octave saves")]
    [InlineData("# Created by Octave 8.4.0, Mon Jan 01\n# name: x\n# type: matrix\n# rows: 2\n# columns: 2\n 1 2\n 3 4\n", "is a file that Octave saves")]
    [InlineData(" [1] 10.99 11.02\n [3]  9.98\n", "is a vector as R prints it")]
    [InlineData("structure(list(x = c(1, 2)), row.names = c(NA, -2L))\n", "is R code as dput writes it")]
    public void OtherKindsAreNamed(string start, string problem)
    {
        var bytes = Encoding.Latin1.GetBytes(start);
        foreach (var stream in new Stream[] { new MemoryStream(bytes), new Samples.Pipe(bytes, 2) })
        {
            Assert.StartsWith($"data.csv: the file {problem}", Samples.Error(() => TableFile.Read(stream, "data.csv")));
        }
    }

    [Theory]
    [InlineData("xl/workbook.xml", "is an Excel workbook (.xlsx); save the sheet as .csv")]
    [InlineData("content.xml", "is an OpenDocument file; save the sheet as .csv")]
    [InlineData("wine.csv", "is a zip archive of 'wine.csv'; unpack it")]
    public void ZipArchivesAreNamedByWhatTheyHold(string entry, string problem)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true)) archive.CreateEntry(entry);
        stream.Position = 0;
        Assert.Equal($"data.xlsx: the file {problem}", Samples.Error(() => TableFile.Read(stream, "data.xlsx")));
    }

    [Theory]
    [InlineData("BMI,age\n1,2\n")]
    [InlineData("PARITY,age\n1,2\n")]
    [InlineData("[mm],age\n1,2\n")]
    [InlineData("{x},age\n1,2\n")]
    [InlineData("Xn,age\n1,2\n")]
    [InlineData("ply,age\n1,2\n")]
    public void NamesThatBeginAlikeAreText(string text) => Assert.Equal([1, 2], Samples.ReadCsv(text).Values);

    [Fact]
    public void TimesOfDayAreNoSparseRows()
    {
        var table = Samples.ReadCsv("1 10:30 11:45\n2 10:31 11:46\n");
        Assert.Equal([1, 2], table.Values);
        Assert.Contains("(dates or times)", Assert.Single(table.Notes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnArrayOfSeveralIsChosen()
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, value) in new[] { ("X", 1.0), ("y", 2.0) })
            {
                using var entry = archive.CreateEntry(name + ".npy").Open();
                entry.Write(Samples.Npy("<f8", "(1,)", Samples.Bytes(value)));
            }
        }

        Assert.Equal([2], TableFile.Read(Again(stream), "a", new() { Array = "y" }).Values);
        Assert.Equal([1], TableFile.Read(Again(stream), "a", new() { Array = "X.npy" }).Values);
        Assert.Equal("a: no array is named 'z'; the arrays are 'X', 'y'", Samples.Error(() => TableFile.Read(Again(stream), "a", new() { Array = "z" })));
        Assert.Equal("a: the file holds 2 arrays, 'X', 'y'; --array chooses one", Samples.Error(() => TableFile.Read(Again(stream), "a", new() { ForCommandLine = true })));
        Assert.Equal("a: the file is no .npz archive, of which --array could choose an array",
            Samples.Error(() => TableFile.Read(new MemoryStream("1,2\n"u8.ToArray()), "a", new() { Array = "y", ForCommandLine = true })));
    }

    private static MemoryStream Again(MemoryStream stream) => new(stream.ToArray());
}
