using System.CommandLine;

namespace Gmm.Cli;

/// <summary>Defines <c>gmm info</c>.</summary>
internal static class InfoCommand
{
    public static Command Create(StandardStreams streams)
    {
        var model = Arguments.Model();
        var all = ModelReport.All();
        var command = new Command("info", "Print a readable table of a model and how it was fitted.") { model, all };
        command.SetAction(parse =>
        {
            var (mixture, fit) = ModelFile.Load(parse.GetRequiredValue(model));
            streams.Print(ModelReport.Of(mixture, fit, all: parse.GetValue(all)));
            return ExitCode.Done;
        });
        return command;
    }
}
