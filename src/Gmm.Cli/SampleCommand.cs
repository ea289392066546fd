using System.CommandLine;
using Gmm.Data;

namespace Gmm.Cli;

/// <summary>Defines <c>gmm sample</c>.</summary>
internal static class SampleCommand
{
    public static Command Create(StandardStreams streams)
    {
        var model = Arguments.Model();
        var count = Arguments.Whole("-n", "N", 1, "Number of points.");
        count.Required = true;
        var seed = Arguments.Seed();
        var labels = new Option<bool>("--labels") { Description = "Add a last column, label: the component, from 0, of each point." };
        var output = Arguments.FilePath("-o", "FILE", $"Write to a file, {TableFile.WritableExtensions} (default: CSV to standard output).");
        var command = new Command("sample", "Draw points from a model. The same seed gives the same points.") { model, count, seed, labels, output };
        command.SetAction(parse =>
        {
            var (path, file) = (parse.GetRequiredValue(model), parse.GetValue(output));
            OutputFile.CheckTable("-o", file, path);
            var sample = MembershipTable.Sample(
                ModelFile.Load(path).Model, parse.GetValue(count)!.Value, parse.GetValue(seed) ?? 0, parse.GetValue(labels));
            if (file is null) streams.Write(stream => TableFile.WriteCsv(stream, sample));
            else TableFile.Write(file, sample);
            return ExitCode.Done;
        });
        return command;
    }
}
