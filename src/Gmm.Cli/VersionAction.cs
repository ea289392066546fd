using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gmm.Fast.Simd;

namespace Gmm.Cli;

/// <summary>Prints the version, and below it how the tool was compiled and which vectors it uses: a native build has those that it was built for.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override bool Terminating => true;

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(typeof(VersionAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
        output.WriteLine($"{Vectors}, compiled {Compiler}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");
        return ExitCode.Done;
    }

    private static string Compiler => RuntimeFeature.IsDynamicCodeCompiled ? "just in time" : "ahead of time";

    private static string Vectors => LaneWidths.Bits(LaneWidths.Widest) is > 0 and var bits ? $"vectors of {bits} bits" : "no vectors";
}
