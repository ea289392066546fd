using System.CommandLine;
using System.Globalization;
using Gmm.Data;
using Gmm.Fast;
using Gmm.Fast.Internals;

namespace Gmm.Cli.Rounds;

/// <summary>Defines <c>gmm maximize</c>: the M-step of sums that jobs have taken, and the decision whether the fit is over.</summary>
internal static class MaximizeCommand
{
    public static Command Create(StandardStreams streams)
    {
        var model = Arguments.Model();
        var parts = new Argument<string[]>("FILE.stats")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "Sums of all parts of the rows under MODEL, by gmm expect. Of files that hold all rows of their own DATA, the order counts.",
        };
        var output = Arguments.FilePath("-o", "NEXT.json", "Write the next model, or the fitted one; may be MODEL.");
        output.Required = true;
        var stop = Arguments.Choice<StopKind>("--stop", "The stop rule, as of gmm fit (default: that of MODEL).", ModelReport.StopRuleNames);
        var tolerance = Arguments.NonNegative("--tol", "T", "Its tolerance (default: that of MODEL).");
        var iterations = Arguments.Whole("--max-iter", "M", 0, "Largest number of iterations in all (default: 100).");
        var command = new Command(
            "maximize",
            "Make the next model of a fit whose sums are jobs, see gmm expect. Prints whether it is over: 'goes on', 'repeat', 'converged', 'largest number of iterations'.")
        {
            model, parts, output, stop, tolerance, iterations,
        };
        command.SetAction(parse =>
        {
            var (modelPath, files, file) = (parse.GetRequiredValue(model), parse.GetRequiredValue(parts), parse.GetRequiredValue(output)!);
            OutputFile.Check("-o", file, files);
            var round = ModelFile.LoadRound(modelPath);
            round.Stop = FitArguments.Stop(parse.GetValue(stop) ?? round.Stop.Kind, parse.GetValue(tolerance), round.Stop);
            round.Vocabulary = FitArguments.Words;
            var sums = files.Select(ModelFile.LoadPart).ToArray();
            var next = Maximize(modelPath, round, files, sums, parse.GetValue(iterations) ?? 100);
            AtomicFile.Write(file, next.Save);
            return Report(round, next, file, streams);
        });
        return command;
    }

    private static FitRound Maximize(string modelPath, FitRound round, string[] files, PartStatistics[] sums, int iterations)
    {
        try
        {
            for (var i = 0; i < files.Length; i++)
            {
                if (!sums[i].IsOf(round)) throw CommandFailure.Input($"{files[i]}: has sums under another model than {modelPath}; gmm expect takes them anew");
            }
            return round.Maximize(sums, iterations);
        }
        catch (ArgumentException e)
        {
            throw CommandFailure.Input(Throw.Message(e), e);
        }
    }

    private static int Report(FitRound round, FitRound next, string file, StandardStreams streams)
    {
        var number = round.Trace.Length;
        if (next.IsRepeated)
        {
            streams.Print(Invariant($"iteration {number}: repeat, about new means: the old ones are so far away that sums about them lose digits\n"));
            return ExitCode.Done;
        }
        var total = next.Trace[^1];
        var change = next.Trace.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $", change {total - next.Trace[^2]:g3}") : "";
        var state = next.Result?.Status switch
        {
            null => "goes on",
            FitStatus.Converged => "converged",
            FitStatus.MaxIterations => "largest number of iterations",
            _ => "collapsed",
        };
        streams.Print(string.Create(CultureInfo.InvariantCulture, $"iteration {number}: {state}, log-likelihood {total:R}{change}\n"));
        if (next.Result is not { } fit) return ExitCode.Done;
        FitWarnings.Write(fit, fit.Iterations, streams);
        return FitStep.Conclude(fit, $"{file} holds the model so far", streams);
    }
}
