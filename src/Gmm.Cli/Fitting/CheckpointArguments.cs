using System.CommandLine;
using Gmm.Fast;

namespace Gmm.Cli.Fitting;

/// <summary>Defines the options of a fit that may end before it is done: its checkpoint, going on from one, and its time.</summary>
internal sealed class CheckpointArguments
{
    private readonly Option<string?> _checkpoint = Arguments.FilePath(
        "--checkpoint", "FILE", "Write what the fit needs to go on after the end of its process, between iterations over all rows.");
    private readonly Option<TimeSpan?> _every = Arguments.Duration("--every", "TIME", mayBeZero: true, "Least time between two checkpoints (default: 60s).");
    private readonly Option<string?> _resume = Arguments.FilePath(
        "--resume", "FILE", "Go on from a checkpoint, with the same DATA and options, to the bits of a fit that was never interrupted. With --checkpoint, "
            + "which may name the same file, it writes further ones.");
    private readonly Option<TimeSpan?> _budget = Arguments.Duration(
        "--time-budget", "TIME", mayBeZero: false, "End after this time, as 90s, 10m or 2h, with the best model so far: after the iteration under way.");

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [_checkpoint, _every, _resume, _budget];

    /// <summary>Tells whether one of them was given.</summary>
    public bool AreGiven(ParseResult parse) => All.Any(option => parse.GetResult(option) is not null);

    /// <summary>Adds them to the options of a fit; complains of what contradicts.</summary>
    /// <param name="parse">What was typed.</param>
    /// <param name="options">The options.</param>
    /// <param name="others">Files that are read or written, null for none.</param>
    public FitOptions Apply(ParseResult parse, FitOptions options, params ReadOnlySpan<string?> others)
    {
        var (checkpoint, every, resume) = (parse.GetValue(_checkpoint), parse.GetValue(_every), parse.GetValue(_resume));
        if (every is not null && checkpoint is null) throw CommandFailure.Usage("--every is given without --checkpoint; a file is required");
        OutputFile.Check("--checkpoint", checkpoint, others);
        if (resume is not null && Directory.Exists(resume)) throw CommandFailure.Input($"{resume}: is a folder; a file is required");
        if (resume is not null && !File.Exists(resume)) throw CommandFailure.Input($"{resume}: the file does not exist");
        var file = checkpoint is null ? null : new FitCheckpoint(checkpoint);
        return options with
        {
            Checkpoint = file is not null && every is { } pause ? file with { Every = pause } : file,
            ResumeFrom = resume,
            TimeBudget = parse.GetValue(_budget),
        };
    }
}
