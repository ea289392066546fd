using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Gmm.Documents.Tests;

/// <summary>Finds an interpreter that has the modules of a script, and runs programs.</summary>
/// <param name="Name">What to install, for people.</param>
/// <param name="Commands">Where it may be; the first one that has the modules is taken.</param>
/// <param name="Import">Finds the names of modules in a script, as group 1.</param>
/// <param name="Evaluate">The option that evaluates a line.</param>
/// <param name="Load">What loads a module, before and after its name.</param>
internal sealed record Interpreter(string Name, string[] Commands, Regex Import, string Evaluate, (string Before, string After) Load)
{
    public static Interpreter Python { get; } = new(
        "python3", ["python3", "/usr/bin/python3"], new Regex(@"^(?:import|from) +(\w+)", RegexOptions.Multiline), "-c", ("import ", ""));

    public static Interpreter R { get; } = new("R", ["Rscript"], new Regex(@"^library\((\w+)\)", RegexOptions.Multiline), "-e", ("library(", ")"));

    /// <summary>Gives the command for a script; null where none has its modules.</summary>
    public string? For(IEnumerable<string> modules)
    {
        var load = string.Join("; ", modules.Select(module => Load.Before + module + Load.After));
        return Commands.FirstOrDefault(command => Run(command, [Evaluate, load], Environment.CurrentDirectory) is { ExitCode: 0 });
    }

    /// <summary>Gives the modules that a script loads.</summary>
    public IReadOnlyList<string> Modules(string script) => [.. Import.Matches(script).Select(match => match.Groups[1].Value).Distinct()];

    /// <summary>Runs a program to its end; null where there is none.</summary>
    public static (int ExitCode, string Output, string Error)? Run(string program, string[] arguments, string folder)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(info)!;
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
