using System.CommandLine;

namespace Gmm.Cli;

/// <summary>Defines <c>gmm info</c>.</summary>
internal static class InfoCommand
{
    public static Command Create(StandardStreams streams)
    {
        var model = Arguments.Model();
        var sort = Arguments.Sorting("Show the components by weight, the largest first, or by the mean of a column");
        var all = ModelReport.All();
        var command = new Command("info", "Print a readable table of a model and how it was fitted.") { model, sort, all };
        command.SetAction(parse =>
        {
            var path = parse.GetRequiredValue(model);
            var (mixture, fit) = ModelFile.Load(path);

            // Each keeps the number that it has in the file, and so in labels.
            var order = parse.GetValue(sort)?.Order(mixture.ColumnNames, mixture.Dimension, path).Of(mixture);
            streams.Print(ModelReport.Of(mixture, fit, order: order, all: parse.GetValue(all)));
            return ExitCode.Done;
        });
        return command;
    }
}
