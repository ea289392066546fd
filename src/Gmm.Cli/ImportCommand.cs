using System.CommandLine;
using Gmm.Data;

namespace Gmm.Cli;

/// <summary>Defines <c>gmm import</c>.</summary>
internal static class ImportCommand
{
    public static Command Create(StandardStreams streams)
    {
        var file = Arguments.InputPath("FILE",
            "Model of scikit-learn as .npz, or of R's mclust as JSON; the content says which. docs/exchange.md has the lines that write them.");
        var output = Arguments.FilePath("-o", "MODEL", "Write the model to a file (default: standard output).");
        var command = new Command("import", "Make a model of one that scikit-learn or mclust has fitted.") { file, output };
        command.SetAction(parse => Run(parse.GetRequiredValue(file), parse.GetValue(output), streams));
        return command;
    }

    private static int Run(string path, string? output, StandardStreams streams)
    {
        OutputFile.Check("-o", output, path);
        var model = ModelFile.LoadForeign(path);
        if (output is null) streams.Write(model.Save);
        else AtomicFile.Write(output, model.Save);
        return ExitCode.Done;
    }
}
