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
        output.WriteLine($"{Vectors(LaneWidths.Widest)}, compiled {Compiler}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");
        return ExitCode.Done;
    }

    private static string Compiler => RuntimeFeature.IsDynamicCodeCompiled ? "just in time" : "ahead of time";

    private static string Vectors(LaneWidth width) => width switch
    {
        LaneWidth.Bits512 => "vectors of 512 bits",
        LaneWidth.Bits256 => "vectors of 256 bits",
        LaneWidth.Bits128 => "vectors of 128 bits",
        _ => "no vectors",
    };
}
