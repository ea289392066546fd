using Gmm.Fuzz;

namespace Gmm.Data.Tests;

/// <summary>A short, fixed slice of what tests/Gmm.Fuzz does for as long as it is told to, and that it can find something at all.</summary>
public class FuzzTests
{
    public static TheoryData<string> Seeds =>
        [.. Reader.All.SelectMany(reader => reader.Corpus().Select(entry => $"{reader.Name}/{entry.File}"))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void EverySeedIsReadOrRefusedAsDocumented(string seed)
    {
        var parts = seed.Split('/');
        var reader = Named(parts[0]);
        Assert.Null(Judge.Verdict(reader, reader.Corpus().Single(entry => entry.File == parts[1]).Bytes));
    }

    [Theory]
    [InlineData("csv", 1000)]
    [InlineData("npy", 2500)]
    [InlineData("npz", 1500)]
    [InlineData("columnar", 500)]
    [InlineData("json", 1000)]
    [InlineData("statistics", 1000)]
    [InlineData("images", 120)]
    [InlineData("labels", 1000)]
    [InlineData("sklearn", 500)]
    [InlineData("mclust", 1000)]
    public void DamagedFilesAreReadOrRefusedAsDocumented(string name, int inputs)
    {
        var campaign = new Campaign(Named(name), seed: 1);
        campaign.Run(i => i == inputs);
        Assert.Empty(campaign.Findings.Select(finding => $"input {finding.Index}: {finding.Problem}"));
        Assert.Equal(inputs, campaign.Count);
    }

    [Theory]
    [InlineData("throws", "undocumented exception: System.FormatException")]
    [InlineData("allocates", "bytes were allocated for")]
    [InlineData("answers badly", "it is wrong")]
    [InlineData("says too much", "the message holds control characters")]
    [InlineData("hangs", "no answer after 1 s")]
    public void AReaderThatBreaksItsWordIsFound(string what, string problem)
    {
        var reader = new Reader("csv", ["x"], typeof(TableFormatException), bytes => what switch
        {
            "throws" => throw new FormatException(),
            "allocates" => new byte[(10 * bytes.Length) + (5 << 20)],
            "says too much" => throw new TableFormatException("a\nb"),
            "hangs" => Forever(),
            _ => null,
        })
        { Check = _ => what == "answers badly" ? "it is wrong" : null };
        var campaign = new Campaign(reader, seed: 1, TimeSpan.FromSeconds(1));
        Assert.Equal(what != "hangs", campaign.Run(i => i == 1));
        Assert.Contains(problem, Assert.Single(campaign.Findings).Problem);
    }

    private static object? Forever()
    {
        Thread.Sleep(Timeout.Infinite);
        return null;
    }

    private static Reader Named(string name) => Reader.All.Single(reader => reader.Name == name);
}
