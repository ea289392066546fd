using System.Runtime.Versioning;
using System.Text;

namespace Gmm.Data.Tests;

public sealed class FileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gmm-data-").FullName;

    private string[] Files => [.. Directory.EnumerateFileSystemEntries(_folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("t.csv", "a,b\n1.5,-2\n3,4E+20\n")]
    [InlineData("t.CSV", "a,b\n1.5,-2\n3,4E+20\n")]
    [InlineData("t.txt", "a,b\n1.5,-2\n3,4E+20\n")]
    [InlineData("t.tsv", "a\tb\n1.5\t-2\n3\t4E+20\n")]
    [InlineData("t.npy", null)]
    public void TheExtensionSaysTheFormat(string name, string? text)
    {
        var path = At(name);
        TableFile.Write(path, new NumericTable([1.5, -2, 3, 4e20], 2, ["a", "b"]));
        var table = TableFile.Read(path);
        Assert.Equal([1.5, -2, 3, 4e20], table.Values);
        Assert.Equal([name], Files);
        Assert.Equal(text is null ? null : ["a", "b"], table.ColumnNames);
        if (text is not null)
        {
            Assert.Equal(text, File.ReadAllText(path));
        }
    }

    [Fact]
    public void OtherExtensionsAreReadByContentAndNotWritten()
    {
        var path = At("t.xlsx");
        File.WriteAllText(path, "1,2\n");
        Assert.Equal([1, 2], TableFile.Read(path).Values);
        Assert.Equal($"{path}: the extension '.xlsx' cannot be written; .csv, .tsv, .txt, .npy, .parquet, .arrow or .feather is required",
            Samples.Error(() => TableFile.Write(path, new NumericTable([1], 1))));
        Assert.Equal($"{At("t")}: there is no extension; .csv, .tsv, .txt, .npy, .parquet, .arrow or .feather is required",
            Samples.Error(() => TableFile.Write(At("t"), new NumericTable([1], 1))));
        Assert.Equal($"{At("t.npz")}: the extension '.npz' cannot be written; .csv, .tsv, .txt, .npy, .parquet, .arrow or .feather is required",
            Samples.Error(() => TableFile.Write(At("t.npz"), new NumericTable([1], 1))));
        Assert.Equal("1,2\n", File.ReadAllText(path));
    }

    [Theory]
    [InlineData("t.csv", true)]
    [InlineData("t.TSV", true)]
    [InlineData("t.npy", true)]
    [InlineData("t.npz", false)]
    [InlineData("t.xlsx", false)]
    [InlineData("t", false)]
    public void TheExtensionTellsWhatCanBeWritten(string path, bool writable) => Assert.Equal(writable, TableFile.CanWrite(path));

    [Fact]
    public void WithoutAnExtensionTheContentIsCommaSeparated()
    {
        File.WriteAllText(At("data"), "1,2\n");
        Assert.Equal([1, 2], TableFile.Read(At("data")).Values);
    }

    [Fact]
    public void ADashReadsStandardInput()
    {
        Assert.Equal([2], TableFile.Read("-", new() { Columns = ["b"] }, Input("a,b\n1,2\n")).Values);
        Assert.Equal("standard input:2: column 1 (a): 'x' is not a number; MissingMarkers = [\"x\"] makes it a missing value, Exclude = [\"a\"] leaves the column out", Samples.Error(() => TableFile.Read("-", null, Input("a,b\nx,2\n1,2\n"))));
        Assert.Equal("standard input: the file is empty; rows of numbers are required", Samples.Error(() => TableFile.Read("-", null, Stream.Null)));
    }

    [Fact]
    public void ErrorsNameThePathAsGiven()
    {
        File.WriteAllText(At("t.csv"), "1,2\n3,x\n5,6\n");
        Assert.Equal($"{At("t.csv")}:2: column 2: 'x' is not a number; MissingMarkers = [\"x\"] makes it a missing value, Exclude = [\"2\"] leaves the column out", Samples.Error(() => TableFile.Read(At("t.csv"))));
        Assert.Equal($"{At("none.csv")}: the file does not exist", Samples.Error(() => TableFile.Read(At("none.csv"))));
        Assert.Equal($"{At("no/t.npy")}: the folder does not exist", Samples.Error(() => TableFile.Read(At("no/t.npy"))));
        Assert.Equal($"{_folder}: is a folder; a file is required", Samples.Error(() => TableFile.Read(_folder)));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void AFileWithoutPermission()
    {
        Assert.Equal("t.csv: cannot be read: permission denied",
            FileFailure.Describe("t.csv", "cannot be read", new UnauthorizedAccessException("Access to the path '/t.csv' is denied.")).Message);
        Assert.Equal("t.csv: cannot be read: Input/output error",
            FileFailure.Describe("t.csv", "cannot be read", new IOException("Input/output error : '/t.csv'\n")).Message);

        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "an administrator may read everything");
        var path = At("t.csv");
        File.WriteAllText(path, "1\n");
        File.SetUnixFileMode(path, UnixFileMode.None);
        Assert.Equal($"{path}: cannot be read: permission denied", Samples.Error(() => TableFile.Read(path)));
    }

    [Fact]
    public void AFailureInTheMiddleLeavesTheOldFileAndNothingElse()
    {
        File.WriteAllText(At("t.json"), "old");
        var error = Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(At("t.json"), stream =>
        {
            stream.Write("half of the n"u8);
            stream.Flush();
            Assert.Equal(2, Files.Length);
            throw new InvalidOperationException("stop");
        }));
        Assert.Equal("stop", error.Message);
        Assert.Equal("old", File.ReadAllText(At("t.json")));
        Assert.Equal(["t.json"], Files);

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(At("new.json"), _ => throw new InvalidOperationException("stop")));
        Assert.Equal(["t.json"], Files);
    }

    [Fact]
    public void TheOldFileIsWholeUntilTheNewOneIs()
    {
        File.WriteAllText(At("t.json"), "a much longer old content");
        AtomicFile.Write(At("t.json"), stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("a much longer old content", File.ReadAllText(At("t.json")));
        });
        Assert.Equal("new", File.ReadAllText(At("t.json")));
        Assert.Equal(["t.json"], Files);
    }

    [Fact]
    public void PlacesThatCannotBeWritten()
    {
        var table = new NumericTable([1], 1);
        Assert.Equal($"{At("no/t.csv")}: the folder does not exist", Samples.Error(() => TableFile.Write(At("no/t.csv"), table)));
        Directory.CreateDirectory(At("d.csv"));
        Assert.Equal($"{At("d.csv")}: is a folder; a file is required", Samples.Error(() => TableFile.Write(At("d.csv"), table)));
        Assert.Equal(["d.csv"], Files);
    }

    [Fact]
    public void AFullDiskIsOneLine()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        Assert.Equal("/dev/full: cannot be written: No space left on device", Samples.Error(() => AtomicFile.Write("/dev/full", stream =>
        {
            stream.Write(new byte[10]);
            stream.Flush();
        })));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void DevicesLinksAndPermissionsStay()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links and modes of Unix");
        AtomicFile.Write("/dev/null", stream => stream.Write("x"u8));
        Assert.Empty(File.ReadAllBytes("/dev/null"));

        File.WriteAllText(At("real.csv"), "old");
        File.SetUnixFileMode(At("real.csv"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(At("link.csv"), "real.csv");
        TableFile.Write(At("link.csv"), new NumericTable([1], 1));
        Assert.Equal("1\n", File.ReadAllText(At("real.csv")));
        Assert.Equal("real.csv", new FileInfo(At("link.csv")).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("real.csv")));
        Assert.Equal(["link.csv", "real.csv"], Files);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void ALinkToADeviceIsADevice()
    {
        // Asked, not written to: renaming a file over a device would break this machine.
        Assert.SkipWhen(OperatingSystem.IsWindows(), "devices of Unix");
        File.CreateSymbolicLink(At("link.csv"), "/dev/null");
        File.CreateSymbolicLink(At("second.csv"), "link.csv");
        File.WriteAllText(At("file.csv"), "");
        File.CreateSymbolicLink(At("plain.csv"), "file.csv");
        File.CreateSymbolicLink(At("nowhere.csv"), "none.csv");
        Assert.All(["/dev/null", At("link.csv"), At("second.csv")], path => Assert.True(AtomicFile.IsDevice(path)));
        Assert.All([At("file.csv"), At("plain.csv"), At("nowhere.csv"), At("none.csv")], path => Assert.False(AtomicFile.IsDevice(path)));
    }

    private static MemoryStream Input(string text) => new(Encoding.UTF8.GetBytes(text));

    private string At(string name) => Path.Combine(_folder, name);
}
