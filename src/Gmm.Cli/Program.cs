using System.CommandLine;
using Gmm.Cli.Images;
using Gmm.Cli.Ranks;
using Gmm.Cli.Rounds;
using Gmm.Cli.Segmenting;
using Gmm.Data;

namespace Gmm.Cli;

internal static class Program
{
    private const string Trace = "GMM_TRACE";

    private const string Description = """
        Fits, scores and samples Gaussian mixtures.

        Exit codes: 0 done (also when the largest number of iterations was reached or the time used up, with a warning), 2 wrong usage, 3 a file that cannot be used, or too little memory for it,
        4 the fit failed (what there is of the model is still written), 130 canceled (Ctrl-C; a fit still writes its model).
        """;

    public static int Main(string[] args)
    {
        using var output = Console.OpenStandardOutput();
        if (MpiProcess.IsAsked(args)) MpiProcess.KeepTerminal();
        using var unfinished = new UnfinishedFiles();
        var streams = new StandardStreams(Console.OpenStandardInput(), output, Console.Error, !Console.IsErrorRedirected);
        return MpiProcess.IsAsked(args) ? MpiProcess.Run(args, streams) : Run(args, streams, CancellationToken.None);
    }

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The words behind the name of the tool.</param>
    /// <param name="streams">Where it reads and writes.</param>
    /// <param name="cancellation">Cancels a fit.</param>
    /// <param name="ranks">The processes of which this is one, which all run the same command line; null for a process alone.</param>
    internal static int Run(string[] args, StandardStreams streams, CancellationToken cancellation, CommandRanks? ranks = null)
    {
        var (exitCode, message) = Try(args, streams, cancellation, ranks);
        if (ranks is not null) (exitCode, message) = ranks.End(exitCode, message);
        if (message is not null) streams.Complain(message);
        return exitCode;
    }

    private static (int ExitCode, string? Message) Try(string[] args, StandardStreams streams, CancellationToken cancellation, CommandRanks? ranks)
    {
        var parse = Parse(args, streams, cancellation, ranks);
        try
        {
            if (parse.Errors.Count > 0) throw CommandFailure.Usage(FirstError(parse));
            return (Invoke(parse, streams), null);
        }
        catch (CommandFailure e)
        {
            return (e.ExitCode, e.ExitCode == ExitCode.Usage ? $"{e.Message} (see {HelpFor(parse)})" : e.Message);
        }
        catch (TableFormatException e)
        {
            return (ExitCode.Input, e.Message);
        }
        catch (OutOfMemoryException)
        {
            return (ExitCode.Input, "there is not enough memory");
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable(Trace) is not "1")
        {
            return (ExitCode.Internal, $"internal error: {e.GetType().Name}: {e.Message} (set {Trace}=1 to see where)");
        }
    }

    /// <summary>Reads a command line, without doing what it says.</summary>
    internal static ParseResult Parse(string[] args, StandardStreams streams, CancellationToken cancellation, CommandRanks? ranks = null)
    {
        var root = new RootCommand(Description)
        {
            FitCommand.Create(streams, cancellation, ranks),
            SelectCommand.Create(streams, cancellation),
            PredictCommand.Create(streams),
            ScoreCommand.Create(streams),
            ConvertCommand.Create(streams),
            SampleCommand.Create(streams),
            GenerateCommand.Create(streams),
            PlotCommand.Create(streams),
            ImputeCommand.Create(streams),
            ImagesCommand.Create(streams, cancellation),
            SegmentCommand.Create(streams, cancellation),
            ExpectCommand.Create(streams, cancellation),
            MaximizeCommand.Create(streams),
            InfoCommand.Create(streams),
            CompareCommand.Create(streams),
            ExportCommand.Create(streams),
            ImportCommand.Create(streams),
        };
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();

        // A file name may start with '@'.
        return root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    private static int Invoke(ParseResult parse, StandardStreams streams)
    {
        // Help and version only; commands write to the streams themselves.
        using var text = new StringWriter();
        var code = parse.Invoke(new InvocationConfiguration
        {
            Output = text,
            Error = streams.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
        if (text.GetStringBuilder().Length > 0) streams.Print(text.ToString());
        return code;
    }

    private static string FirstError(ParseResult parse)
    {
        // "Required command was not provided" comes first when the command was misspelt.
        var error = parse.Errors.FirstOrDefault(error => parse.UnmatchedTokens.Any(error.Message.Contains)) ?? parse.Errors[0];
        var message = error.Message.TrimEnd('.');
        return char.IsLower(message[1]) ? char.ToLowerInvariant(message[0]) + message[1..] : message;
    }

    private static string HelpFor(ParseResult parse) =>
        parse.CommandResult.Command is RootCommand ? "gmm --help" : $"gmm {parse.CommandResult.Command.Name} --help";
}
