using System.CommandLine;

namespace Gmm.Cli;

/// <summary>Defines <c>--memory</c>, the limit of commands that fit.</summary>
internal static class MemoryBudget
{
    public static Option<long?> Option() => Arguments.Memory(
        "Most memory of the fit beside the program's own, as 2GB. Points that do not fit are read from their files in every pass (default: half of "
            + "what is free; a single file that fits is then read whole).");
}
