using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Defines <c>gmm generate</c>: <c>gmm sample</c> for a mixture that is typed instead of read, or read.</summary>
internal static class GenerateCommand
{
    private const string Description =
        "Draw points from a mixture given by its parameters: MODEL, or --weights, --means and --covariances. The same seed gives the same points.";

    public static Command Create(StandardStreams streams)
    {
        var model = Arguments.Model();
        model.Arity = ArgumentArity.ZeroOrOne;
        model.Description = "Model with the parameters, as gmm sample takes it.";
        var weights = Json("--weights", "[w1,...]", "K numbers that sum to 1: '[0.25,0.5,0.25]'.");
        var means = Json("--means", "[[x,...],...]", "K means of D numbers: '[[5,0],[1,1],[0,5]]'.");
        var covariances = Json("--covariances", "[[[...]]]", "K symmetric matrices of D x D numbers: '[[[1,0],[0,1]],...]'.");
        var count = Arguments.Count("-n", "Number of points.");
        var seed = Arguments.Seed();
        var labels = new Option<bool>("--labels") { Description = "Add a last column, label: the component, from 0, of each point." };
        var type = Arguments.ElementType();
        var output = Arguments.FilePath("-o", "FILE", $"Write to a file, {TableFile.WritableExtensions} (default: CSV to standard output).");
        var command = new Command("generate", Description) { model, weights, means, covariances, count, seed, labels, type, output };
        command.SetAction(parse =>
        {
            var (path, file) = (parse.GetValue(model), parse.GetValue(output));
            OutputFile.CheckTable("-o", file, path);
            var isSingle = OutputFile.IsSingle(parse.GetValue(type), file);
            var mixture = Mixture(path, parse.GetValue(weights), parse.GetValue(means), parse.GetValue(covariances));
            var sample = MembershipTable.Sample(mixture, parse.GetValue(count)!.Value, parse.GetValue(seed) ?? 0, parse.GetValue(labels));
            if (file is null) streams.Write(stream => TableFile.WriteCsv(stream, sample));
            else TableFile.Write(file, sample with { IsSingle = isSingle });
            return ExitCode.Done;
        });
        return command;
    }

    private static GaussianMixture Mixture(string? path, string? weights, string? means, string? covariances)
    {
        var given = new[] { weights, means, covariances }.Count(text => text is not null);
        if (path is not null)
        {
            if (given > 0) throw CommandFailure.Usage("MODEL has all parameters; it cannot stand with --weights, --means or --covariances");
            return ModelFile.Load(path).Model;
        }
        if (given < 3) throw CommandFailure.Usage("MODEL, or --weights, --means and --covariances are required");
        try
        {
            return GaussianMixture.FromJson($$"""{"covarianceType":"full","weights":{{weights}},"means":{{means}},"covariances":{{covariances}}}""");
        }
        catch (InvalidDataException e)
        {
            throw CommandFailure.Usage(e.Message);
        }
    }

    // Each text must be one array by itself, since the three of them are put together to a model document.
    private static Option<string?> Json(string name, string value, string description) => new(name)
    {
        Description = description,
        HelpName = value,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!IsArray(text)) result.AddError($"{((OptionResult)result.Parent!).Option.Name} is '{text}'; a JSON array is required");
            return text;
        },
    };

    private static bool IsArray(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
