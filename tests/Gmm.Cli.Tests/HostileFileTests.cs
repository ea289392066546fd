using System.Text;

namespace Gmm.Cli.Tests;

/// <summary>Through the tool: files that cannot be used and places that cannot be written are one line, exit code 3, the place first.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const string NotFinite = "is not finite";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("1,2\n3,NaN\n", ":2: column 2: 'NaN' " + NotFinite)]
    [InlineData("1,2\n-Infinity,4\n", ":2: column 1: '-Infinity' " + NotFinite)]
    [InlineData("1,2\n3,1e400\n", ":2: column 2: '1e400' is beyond the range of a double (1.8e308)")]
    [InlineData("", ": the file is empty; rows of numbers are required")]
    [InlineData("\n \r\n\n", ": the file has only blank lines; rows of numbers are required")]
    [InlineData("1,2\n3,4,5\n", ":2: row has 3 cells; 2 are required")]
    [InlineData("1,2\n3,\n", ":2: column 2: the cell is empty; a number is required")]
    [InlineData("1,2\n3,\"1,5\"\n", ":2: column 2: '1,5' is not a number; the decimal separator must be '.', and thousands separators are not allowed")]
    [InlineData("1,2\n3,4\0\n", ":2: column 2: '4\\0' holds a NUL byte; UTF-8 text is required")]
    [InlineData("1,2\n\"3,4\n", ":2: column 1: a quote is opened and never closed")]
    public void Text_that_is_no_table(string text, string problem)
    {
        var data = _scratch.Write("data.csv", text);
        Tool.Run("fit", data, "-k", "1").Fails(3, data + problem);
    }

    [Fact]
    public void Text_in_another_encoding()
    {
        var data = _scratch.Path("data.csv");
        File.WriteAllText(data, "1,2\n3,4\n", Encoding.Unicode);
        Tool.Run("fit", data, "-k", "1").Fails(3, $"{data}: the file is UTF-16; UTF-8 is required");
    }

    [Fact]
    public void A_mark_at_the_start_and_other_line_ends_change_nothing()
    {
        var plain = File.ReadAllText(Tool.Faithful);
        var marked = _scratch.Write("data.csv", "\uFEFF" + plain.ReplaceLineEndings("\r\n"));
        Assert.Equal(Tool.Run("fit", Tool.Faithful, "-k", "2").Output, Tool.Run("fit", marked, "-k", "2").Output);
    }

    [Theory]
    [InlineData("1,2\n3,4\n", ": the file does not start as a .npy file does")]
    [InlineData("NUMPY {'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
        ": dtype '|O' (Python objects) is not supported; f4, f8 or an integer is required")]
    [InlineData("NUMPY {'descr': '<f8', 'fortran_order': False, 'shape': (3000000000, 2), }",
        ": shape '(3000000000, 2)' holds more than 2147483591 numbers, the most that fit in one table")]
    [InlineData("NUMPY {'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }", ": the data end after 0 bytes; the shape takes 48")]
    public void Arrays_that_are_none(string text, string problem)
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
    public void Models_that_are_none(string content, string problem)
    {
        var model = _scratch.Write("model.json", "{\"covarianceType\":\"tied\"," + content + "}");
        var result = Tool.Run("score", model, Tool.Faithful);
        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith($"gmm: {model}: {problem}", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_disk_that_is_full_is_one_line()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        var result = Tool.Run("fit", Tool.Faithful, "-k", "2", "--quiet", "-o", "/dev/full");
        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith("gmm: /dev/full: cannot be written: No space left on device", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Streams_that_fail_are_one_line()
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
