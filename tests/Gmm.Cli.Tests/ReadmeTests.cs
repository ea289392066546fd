namespace Gmm.Cli.Tests;

/// <summary>What the README shows is what the tool prints.</summary>
public class ReadmeTests
{
    private const string Run = "dotnet run -c Release --project src/Gmm.Cli -- ";

    [Fact]
    public void TheOutputShownForTheFirstCommandIsReal()
    {
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));
        var arguments = readme.Split(Run)[1].Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var shown = readme.Split("```text\n")[1].Split("```")[0];
        Assert.Equal(shown, Tool.Run(Array.ConvertAll(arguments, InTestFolder)).Clean().Output);
    }

    // The data are copied beside the tests.
    private static string InTestFolder(string argument) =>
        argument.StartsWith("data/", StringComparison.Ordinal) ? Tool.Data(argument["data/".Length..]) : argument;
}
