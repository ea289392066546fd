using System.CommandLine;
using Gmm.Data;

namespace Gmm.Cli;

/// <summary>Defines <c>gmm sample</c>.</summary>
internal static class SampleCommand
{
    public static Command Create(StandardStreams streams)
    {
        var model = Arguments.Model();
        var count = Arguments.Count("-n", "Number of points.");
        var seed = Arguments.Seed();
        var labels = new Option<bool>("--labels") { Description = "Add a last column, label: the component, from 0, of each point." };
        var type = Arguments.ElementType();
        var output = Arguments.FilePath("-o", "FILE", $"Write to a file, {TableFile.WritableExtensions} (default: CSV to standard output).");
        var command = new Command("sample", "Draw points from a model. The same seed gives the same points.") { model, count, seed, labels, type, output };
        command.SetAction(parse =>
        {
            var (path, file) = (parse.GetRequiredValue(model), parse.GetValue(output));
            OutputFile.CheckTable("-o", file, path);
            var isSingle = OutputFile.IsSingle(parse.GetValue(type), file);
            var sample = MembershipTable.Sample(
                ModelFile.Load(path).Model, parse.GetValue(count)!.Value, parse.GetValue(seed) ?? 0, parse.GetValue(labels));
            if (file is null) streams.Write(stream => TableFile.WriteCsv(stream, sample));
            else TableFile.Write(file, sample with { IsSingle = isSingle });
            return ExitCode.Done;
        });
        return command;
    }
}
