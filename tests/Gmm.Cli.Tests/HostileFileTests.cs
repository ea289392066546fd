using System.Diagnostics;
using System.Text;
using Gmm.Data;
using Gmm.Data.Images;

namespace Gmm.Cli.Tests;

/// <summary>Through the tool: files that cannot be used and places that cannot be written are one line, exit code 3, the place first.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const string NotFinite = "is not finite";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("1,2\n3,NaN\n", ":2: column 2: 'NaN' stands for a missing value; 1 value in 1 of 2 rows is missing; --missing drop leaves such rows out, --missing marginalize uses the values that they have")]
    [InlineData("1,2\n-Infinity,4\n", ":2: column 1: '-Infinity' " + NotFinite)]
    [InlineData("1,2\n3,1e400\n", ":2: column 2: '1e400' is beyond the range of a double (1.8e308)")]
    [InlineData("", ": the file is empty; rows of numbers are required")]
    [InlineData("\n \r\n\n", ": the file has only blank lines; rows of numbers are required")]
    [InlineData("1,2\n3,4,5\n", ":2: row has 3 cells; 2 are required; cells are taken to be separated by ','; --separator says another")]
    [InlineData("1,2\n3,\n", ":2: column 2: the cell is empty; 1 value in 1 of 2 rows is missing; --missing drop leaves such rows out, --missing marginalize uses the values that they have")]
    [InlineData("1,2\n3,\"1,5\"\n", ":2: column 2: '1,5' is not a number where the decimal separator is '.'; --decimal , says another, and thousands separators are not accepted")]
    [InlineData("1,2\n3,4\0\n", ":2: column 2: '4\\0' holds a NUL byte; UTF-8 text is required")]
    [InlineData("1,2\n\"3,4\n", ":2: column 1: a quote is opened and never closed")]
    public void TextThatIsNoTable(string text, string problem)
    {
        var data = _scratch.Write("data.csv", text);
        Tool.Run("fit", data, "-k", "1").Fails(3, data + problem);
    }

    [Fact]
    public void TextInAnotherEncodingIsRead()
    {
        var data = _scratch.Path("data.csv");
        File.WriteAllText(data, "1,2\n3,4\n", Encoding.Unicode);
        Assert.Equal(2, Tool.Run("fit", data, "-k", "1", "--json").Fit().Points);
    }

    [Fact]
    public void AMarkAtTheStartAndOtherLineEndsChangeNothing()
    {
        var plain = File.ReadAllText(Tool.Faithful);
        var marked = _scratch.Write("data.csv", "\uFEFF" + plain.ReplaceLineEndings("\r\n"));
        Assert.Equal(Tool.Run("fit", Tool.Faithful, "-k", "2").Output, Tool.Run("fit", marked, "-k", "2").Output);
    }

    [Theory]
    [InlineData("1,2\n3,4\n", ": the file does not start as a .npy file does")]
    [InlineData("NUMPY {'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
        ": dtype '|O' (Python objects) is not supported; a float of 2, 4 or 8 bytes, an integer or bool is required")]
    [InlineData("NUMPY {'descr': '<f8', 'fortran_order': False, 'shape': (3000000000, 2), }",
        ": the data end after 0 bytes, in row 1 of 3000000000; the shape takes 48000000000")]
    [InlineData("NUMPY {'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }", ": the data end after 0 bytes; the shape takes 48")]
    public void ArraysThatAreNone(string text, string problem)
    {
        var data = _scratch.Path("data.npy");
        byte[] header = Encoding.ASCII.GetBytes(text.Replace("NUMPY ", ""));
        File.WriteAllBytes(data, text.StartsWith("NUMPY", StringComparison.Ordinal) ? [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header] : header);
        Tool.Run("fit", data, "-k", "1").Fails(3, data + problem);
    }

    [Theory]
    [InlineData("\"weights\":[1],\"means\":[[1,2]],\"covariances\":[[1,2],[2,1]]", "covariances: component 0 is not positive definite")]
    [InlineData("\"weights\":[1],\"means\":[[1,2]],\"covariances\":[[1,1],[1,1]]", "covariances: component 0 is not positive definite")]
    [InlineData("\"weights\":[1],\"means\":[[1,2]],\"covariances\":[[1,0.5],[0.1,1]]", "covariances: component 0 is not symmetric")]
    [InlineData("\"weights\":[1.5,-0.5],\"means\":[[1],[2]],\"covariances\":[[1]]", "weights[1] is -0.5; at least 0 is required")]
    [InlineData("\"weights\":[1],\"weights\":[1],\"means\":[[1]],\"covariances\":[[1]]", "not a JSON document: ")]
    [InlineData("\"weights\":null", "weights is null; an array is required")]
    [InlineData("\"weights\":[\"1\"]", "weights[0] is a string; a number is required")]
    [InlineData("\"\\ud800\":1", "not a JSON document: a name is not valid Unicode text")]
    public void ModelsThatAreNone(string content, string problem)
    {
        var model = _scratch.Write("model.json", "{\"covarianceType\":\"tied\"," + content + "}");
        var result = Tool.Run("score", model, Tool.Faithful);
        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith($"gmm: {model}: {problem}", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void ADiskThatIsFullIsOneLine()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        var result = Tool.Run("fit", Tool.Faithful, "-k", "2", "--quiet", "-o", "/dev/full");
        Assert.Equal(3, result.ExitCode);
        Assert.Equal($"gmm: /dev/full: cannot be written: No space left on device{Environment.NewLine}", result.Error);
    }

    [Theory]
    [InlineData("full.json", "fit FAITHFUL -k 2 --quiet -o FULL")]
    [InlineData("full.csv", "fit FAITHFUL -k 2 --quiet --responsibilities FULL")]
    [InlineData("full.npy", "fit FAITHFUL -k 2 --quiet --responsibilities FULL")]
    [InlineData("full.html", "fit FAITHFUL -k 2 --quiet --report FULL")]
    [InlineData("full.png", "fit FAITHFUL -k 2 --quiet --plot FULL")]
    [InlineData("full.svg", "fit FAITHFUL -k 2 --quiet --plot FULL")]
    [InlineData("full.tsv", "predict MODEL FAITHFUL -o FULL")]
    [InlineData("full.csv", "sample MODEL -n 10 -o FULL")]
    [InlineData("full.npy", "generate MODEL -n 10 -o FULL")]
    [InlineData("full.png", "plot MODEL FAITHFUL -o FULL")]
    [InlineData("full.png", "segment PHOTO -k 1 --quiet -o FULL")]
    [InlineData("model.json", "images PICTURES -k 1 --quiet -o OUT")]
    [InlineData("features.csv", "images PICTURES -k 1 --quiet -o OUT")]
    [InlineData("assignments.csv", "images PICTURES -k 1 --quiet -o OUT")]
    [InlineData("report.html", "images PICTURES -k 1 --quiet -o OUT")]
    public void EveryOutputOfEveryCommandSaysThatTheDiskIsFull(string name, string command)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        var full = command.Contains("OUT", StringComparison.Ordinal) ? Path.Combine("out", name) : name;
        Directory.CreateDirectory(_scratch.Path("out"));
        File.CreateSymbolicLink(_scratch.Path(full), "/dev/full");
        Assert.True(AtomicFile.IsDevice(_scratch.Path(full)));
        var pictures = Directory.CreateDirectory(_scratch.Path("pictures")).FullName;
        PhotoFile.WritePng(Path.Combine(pictures, "photo.png"), 2, 1, [255, 0, 0, 0, 0, 255]);
        var arguments = command.Split(' ').Select(word => word switch
        {
            "FAITHFUL" => Tool.Faithful,
            "MODEL" => _scratch.Model(),
            "PHOTO" => Path.Combine(pictures, "photo.png"),
            "PICTURES" => pictures,
            "FULL" => _scratch.Path(full),
            "OUT" => _scratch.Path("out"),
            _ => word,
        });
        var result = Tool.Run([.. arguments]);
        var errors = result.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([$"gmm: {_scratch.Path(full)}: cannot be written: No space left on device"], errors.Where(line => !line.Contains("warning")));
        Assert.Equal(3, result.ExitCode);
        Assert.DoesNotContain(Directory.EnumerateFiles(_scratch.Folder, "*", SearchOption.AllDirectories), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AFileThatOutgrowsItsRoomIsTakenAwayAgain()
    {
        // The limit of a process on the size of its files is the full disk that needs no disk: the signal is ignored, and writing fails.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "bash sets the limit");
        var tool = Tool.Info(_scratch.Folder, "predict", _scratch.Model(), Tool.Faithful, "-o", "old.csv");
        var limited = new ProcessStartInfo("bash", ["-c", "trap '' XFSZ; ulimit -f 4; exec \"$0\" \"$@\"", tool.FileName, .. tool.ArgumentList])
        {
            WorkingDirectory = _scratch.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        limited.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        _scratch.Write("old.csv", "old");
        using var process = Process.Start(limited)!;
        (await Tool.Finish(process)).Fails(3, "old.csv: cannot be written: the file would be larger than its place allows");
        Assert.Equal("old", await File.ReadAllTextAsync(_scratch.Path("old.csv"), TestContext.Current.CancellationToken));
        Assert.Equal(["model.json", "old.csv"], _scratch.Files);
    }

    [Fact]
    public void ALineWithoutEndIsRefusedBeforeItFillsTheMemory()
    {
        var model = _scratch.Model();
        foreach (var command in (string[][])[["fit", "-", "-k", "2"], ["score", model, "-"], ["predict", model, "-"], ["fit", "-", "--init", model]])
        {
            using var error = new StringWriter();
            using var endless = new Endless();
            Assert.Equal(3, Program.Run(command, new StandardStreams(endless, Stream.Null, error, false), CancellationToken.None));
            Assert.Equal($"gmm: standard input:1: row is longer than 16 MiB; a quote may be left open{Environment.NewLine}", error.ToString());
            Assert.InRange(endless.Given, 16 << 20, 64 << 20);
        }
    }

    [Fact]
    public void AFileOfThreeGigabytesIsNoModel()
    {
        var path = _scratch.Write("big.json", "{\"weights\":[");
        using (var sparse = new FileStream(path, FileMode.Open)) sparse.SetLength(3L << 30);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Tool.Run("info", path).Fails(3, $"{path}: line 1, byte 13: not a JSON document: '0x00' is an invalid start of a value");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    private sealed class Endless : MemoryStream
    {
        public long Given { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            buffer.Fill((byte)'1');
            Given += buffer.Length;
            return buffer.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    }

    [Fact]
    public void StreamsThatFailAreOneLine()
    {
        using var error = new StringWriter();
        var streams = new StandardStreams(new Failing(), new Failing(), error, false);
        Assert.Equal(3, Program.Run(["score", _scratch.Model(), "-"], streams, CancellationToken.None));
        Assert.Equal(3, Program.Run(["--help"], streams, CancellationToken.None));
        Assert.Equal(
            $"gmm: standard input: cannot be read: the disk is gone{Environment.NewLine}gmm: standard output cannot be written: the disk is gone{Environment.NewLine}",
            error.ToString());
    }

    private sealed class Failing : MemoryStream
    {
        public override int Read(Span<byte> buffer) => throw new IOException("the disk is gone");

        public override int Read(byte[] buffer, int offset, int count) => throw new IOException("the disk is gone");

        public override void CopyTo(Stream destination, int bufferSize) => throw new IOException("the disk is gone");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("the disk is gone");

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("the disk is gone");
    }
}
