using System.CommandLine;
using Gmm.Data;
using Gmm.Data.Models;
using Gmm.Fast;
using Gmm.Fast.Internals;
using Gmm.Onnx;

namespace Gmm.Cli;

/// <summary>Defines <c>gmm export</c>.</summary>
internal static class ExportCommand
{
    private static readonly (string Name, string Extension, Action<Stream, GaussianMixture, FitResult?, bool> Write)[] s_formats =
    [
        ("onnx", ".onnx", (stream, model, _, isSingle) => model.SaveOnnx(stream, isSingle ? OnnxPrecision.Single : OnnxPrecision.Double)),
        ("sklearn", ".npz", (stream, model, fit, _) => ScikitLearnModel.Write(stream, model, fit)),
        ("mclust", ".json", (stream, model, _, _) => MclustModel.Write(stream, model)),
    ];

    public static Command Create(StandardStreams streams)
    {
        var model = Arguments.Model();
        var format = new Option<string?>("--format")
        {
            Description = "onnx, for ONNX runtimes; sklearn, the fitted attributes of scikit-learn's GaussianMixture; mclust, the parameters of R's mclust "
                + "(default: by the extension of -o, .onnx, .npz or .json).",
            HelpName = string.Join('|', s_formats.Select(row => row.Name)),
            CustomParser = result => Arguments.Parse(result, "onnx, sklearn or mclust is required", text => s_formats.Any(row => row.Name == text) ? text : null),
        };
        var isSingle = new Option<bool>("--float") { Description = "ONNX in floats, in place of doubles." };
        var output = Arguments.FilePath("-o", "FILE", "The file to write.");
        output.Required = true;
        var command = new Command("export", "Write a model for another system.") { model, output, format, isSingle };
        command.SetAction(parse => Run(
            parse.GetRequiredValue(model), parse.GetRequiredValue(output)!, parse.GetValue(format), parse.GetValue(isSingle), streams));
        return command;
    }

    private static int Run(string path, string output, string? format, bool isSingle, StandardStreams streams)
    {
        var chosen = s_formats.FirstOrDefault(row => format is null ? output.EndsWith(row.Extension, StringComparison.OrdinalIgnoreCase) : row.Name == format);
        if (chosen.Name is null)
            throw CommandFailure.Usage($"-o is '{output}'; a path that ends in .onnx, .npz or .json, or --format, is required");
        if (isSingle && chosen.Name != "onnx") throw CommandFailure.Usage($"--float is for ONNX; {chosen.Name} takes doubles");
        OutputFile.Check("-o", output, path);
        var (model, fit) = ModelFile.Load(path);
        if (model.MissingValues != MissingValues.Error) streams.Warn($"{path}: the model takes missing values; {output} will not");
        try
        {
            AtomicFile.Write(output, stream => chosen.Write(stream, model, fit, isSingle));
        }
        catch (ArgumentException e)
        {
            throw CommandFailure.Input($"{path}: {Throw.Message(e)}", e);
        }
        return ExitCode.Done;
    }
}
