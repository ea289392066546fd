namespace Gmm.Cli.Tests;

/// <summary>The language settings of the system change no byte of any output, also where the tool runs with the languages of the system.</summary>
public sealed class CultureTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("de_DE.UTF-8")]
    [InlineData("tr_TR.UTF-8")]
    public async Task OutputsHaveTheSameBytesInEveryLanguage(string language)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the language is set as Linux does it");
        var data = _scratch.Write("data.csv", File.ReadAllText(Tool.Faithful).Replace("eruptions,waiting", "VARIANCE i,variance I", StringComparison.Ordinal));
        string[] fit =
        [
            "fit", "data.csv", "-k", "2", "--covariance", "diag", "--init", "points", "--tol", "1e-2", "--reg-covar", "0.5", "-o", "m.json",
            "--responsibilities", "r.csv", "--plot", "p.svg",
        ];
        string[] bad = ["score", "m.json", "bad.csv"];
        _scratch.Write("bad.csv", "VARIANCE i,variance I\n1.5,-2.5\n3,\"1,5\"\n5,6\n");

        var plain = await Run("C", "1", fit);
        var files = Read();
        Assert.Equal(plain, await Run(language, "0", fit));
        Assert.Equal(files, Read());

        // The Turkish capital of i is none of ASCII; .CSV and --covariance diag are found all the same.
        File.Copy(data, _scratch.Path("DATA.CSV"));
        string[] predict = ["predict", "m.json", "DATA.CSV"];
        Assert.Equal(Tool.Run("predict", _scratch.Path("m.json"), data).Clean().Output, (await Run(language, "0", predict)).Output);
        Assert.Equal((3, "", "gmm: bad.csv:3: column 2 (variance I): '1,5' is not a number where the decimal separator is '.'; --decimal , says another, and thousands separators are not accepted\n"),
            await Run(language, "0", bad));
    }

    private async Task<(int ExitCode, string Output, string Error)> Run(string language, string invariant, string[] arguments)
    {
        var start = Tool.Info(_scratch.Folder, arguments);
        foreach (var name in (string[])["LANG", "LC_ALL"]) start.Environment[name] = language;
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = invariant;
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_PREDEFINED_CULTURES_ONLY"] = invariant;
        using var process = System.Diagnostics.Process.Start(start)!;
        var result = await Tool.Finish(process);
        Assert.SkipWhen(result.Error.Contains("valid ICU package", StringComparison.Ordinal), "this machine has no languages");
        return (result.ExitCode, result.Output, result.Error);
    }

    private byte[][] Read() => [.. ((string[])["m.json", "r.csv", "p.svg"]).Select(file => File.ReadAllBytes(_scratch.Path(file)))];
}
