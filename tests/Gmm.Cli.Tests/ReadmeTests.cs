namespace Gmm.Cli.Tests;

/// <summary>What the README shows is what the tool prints.</summary>
public class ReadmeTests
{
    [Fact]
    public void The_output_shown_for_the_main_job_is_real()
    {
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));
        var shown = readme.Split("```text\n")[1].Split("```")[0];
        Assert.Contains("-- fit data/old-faithful.csv -k 2 ", readme, StringComparison.Ordinal);
        Assert.Equal(shown, Tool.Run("fit", Tool.Faithful, "-k", "2").Clean().Output);
    }
}
