namespace Gmm.Fast;

/// <summary>
/// Says where and how often a fit writes what it needs to go on after the end of its process: <see cref="FitOptions.ResumeFrom"/> reads it. The file
/// holds the parameters, the sums of the last pass, the trace, the memory of the accelerator, the order of the points, the best start so far, the
/// options and a fingerprint of the points; not the points.
/// </summary>
/// <param name="Path">
/// The file. It is written beside, under its name with .tmp behind it, and renamed in one step: whenever the process ends, the file is complete,
/// that of before, or absent. A file that cannot be written is a warning of the fit, which tries again the next time.
/// </param>
public sealed record FitCheckpoint(string Path)
{
    /// <summary>
    /// The least time between two checkpoints, at least 0; a minute by default. They are written between iterations over all points, not while a
    /// fit looks for its start. A fit that <see cref="FitOptions.TimeBudget"/> ends writes one more.
    /// </summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);
}
