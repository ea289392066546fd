namespace ScoringService.Models;

/// <summary>Holds what the service knows of a name: the model that it serves, and why a newer file is not served. Immutable.</summary>
/// <param name="Name">The name of the file, without .json.</param>
/// <param name="Model">The model; null where no file of this name could be read yet.</param>
/// <param name="Failure">Why the newest file is not served; null where it is.</param>
internal sealed record ModelEntry(string Name, LoadedModel? Model, LoadFailure? Failure)
{
    /// <summary>The stamp of the file when it was read; null to read it again.</summary>
    public FileStamp? Stamp { get; init; }

    /// <summary>The version of the newest file that was read, served or not.</summary>
    public string? Seen { get; init; }

    /// <summary>When the file was first found missing; null where it is there.</summary>
    public DateTimeOffset? MissingSince { get; init; }

    /// <summary>The state in answers and metrics.</summary>
    public string State => Model is null ? "broken" : Failure is null ? "serving" : "stale";
}

/// <summary>Says why a file is not served.</summary>
/// <param name="Message">What is wrong with it.</param>
/// <param name="At">When it was read.</param>
internal sealed record LoadFailure(string Message, DateTimeOffset At);
