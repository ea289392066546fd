using Gmm.Fast;
using Gmm.Fast.Tests;

namespace Gmm.Distributed.Tests;

/// <summary>Runs the example of the page about many processes.</summary>
public sealed class DocumentTests : IDisposable
{
    private readonly MpiJob _job = new();

    public void Dispose() => _job.Dispose();

    [Fact]
    public async Task TheExampleFits()
    {
        DocumentExample.IsMethod("docs/distributed.md", "Fit", Path.Combine(Repository.Root, "tests", "Gmm.RankProgram", "Example.cs"));
        using var process = _job.StartProgram(2, "example");
        Assert.Equal(new MpiEnd(0, "", ""), await MpiJob.Finish(process));
        Assert.Equal(3, GaussianMixture.FromJson(File.ReadAllText(_job.Path("model.json"))).ComponentCount);
    }
}
