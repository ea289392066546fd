using System.IO.Pipelines;
using System.Text;
using CsCheck;
using ScoringService.Problems;
using ScoringService.Rows;

namespace ScoringService.Tests;

/// <summary>Reads bodies that arrive in pieces, and bodies with damage.</summary>
public class JsonRowsTests
{
    private const string Body = """
        { "columns": ["width", "a name with \u00e9 and \"quotes\""],
          "rows": [[1, -2.5e-3], [0.1, 12345678901234567890]] }
        """;

    private static readonly RowShape s_shape = new(2, ["a name with \u00e9 and \"quotes\"", "width"], false, 100);

    [Fact]
    public async Task PiecesOfAnyLengthGiveTheSameRows()
    {
        var bytes = Encoding.UTF8.GetBytes(Body);
        for (var length = 1; length <= bytes.Length; length++)
        {
            using var rows = await ReadAsync(bytes, length);
            Assert.Equal([-2.5e-3, 1, 12345678901234567890, 0.1], rows.Numbers.ToArray());
        }
    }

    [Fact]
    public async Task EveryTruncationIsAProblem()
    {
        var bytes = Encoding.UTF8.GetBytes(Body.TrimEnd());
        for (var length = 0; length < bytes.Length; length++)
        {
            var problem = (await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(bytes[..length], 7))).Problem;
            Assert.Equal((400, "bad-json"), (problem.Status, problem.Code));
        }
    }

    [Theory]
    [InlineData("{\"rows\": [[\"")]
    [InlineData("{\"rows\": [[1")]
    [InlineData("{\"")]
    public async Task AnEndlessWordIsRefusedBeforeItsEnd(string start)
    {
        var body = Encoding.UTF8.GetBytes(start + new string('1', 1 << 20));
        var problem = (await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(body, 4096))).Problem;
        Assert.Equal("a word or number is longer than 64 KiB", problem.Detail);
    }

    [Fact]
    public void DamagedBodiesAreReadOrRefused() => Gen.Select(Gen.Byte, Gen.Int[0, Body.Length - 1], Gen.Int[1, 40]).Sample((value, at, piece) =>
    {
        var bytes = Encoding.UTF8.GetBytes(Body);
        bytes[at] = value;
        try
        {
            ReadAsync(bytes, piece).GetAwaiter().GetResult().Dispose();
        }
        catch (ProblemException e)
        {
            Assert.Equal(400, e.Problem.Status);
        }
    }, iter: 3000);

    private static async Task<RowBatch> ReadAsync(byte[] bytes, int length)
    {
        var pipe = new Pipe();
        var reading = JsonRows.ReadAsync(pipe.Reader, s_shape, CancellationToken.None).AsTask();
        for (var at = 0; at < bytes.Length && !reading.IsCompleted; at += length)
            await pipe.Writer.WriteAsync(bytes.AsMemory(at, Math.Min(length, bytes.Length - at)));
        await pipe.Writer.CompleteAsync();
        return await reading;
    }
}
