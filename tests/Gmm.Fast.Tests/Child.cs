using System.Diagnostics;

namespace Gmm.Fast.Tests;

/// <summary>Starts this program again with other settings of the runtime, to run some of its own tests.</summary>
internal static class Child
{
    /// <summary>Runs the tests of some classes, which must pass.</summary>
    /// <param name="environment">Variables of the child beside those of this process.</param>
    /// <param name="classes">The classes of the tests.</param>
    public static void Run(IEnumerable<(string Name, string Value)> environment, params IEnumerable<Type> classes)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(typeof(Child).Assembly.Location);
        foreach (var argument in (string[])["-noColor", .. classes.SelectMany(type => (string[])["-class", type.FullName!])]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;

        using var child = Process.Start(start)!;
        var error = child.StandardError.ReadToEndAsync();
        var output = child.StandardOutput.ReadToEnd() + error.Result;
        child.WaitForExit();
        Assert.SkipWhen(output.Contains("valid ICU package", StringComparison.Ordinal), "this machine has no languages");
        Assert.True(child.ExitCode == 0, output);
    }
}
