using ScoringService.Host;
using ScoringService.Problems;

namespace ScoringService.Models;

/// <summary>
/// Holds the models of a folder. A look at the folder makes a new table and puts it in the place of the old one in one step, so a request has one
/// version from beginning to end. A file that cannot be read takes nothing away.
/// </summary>
internal sealed partial class ModelCatalog(ServiceSettings settings, ServiceMetrics metrics, TimeProvider clock, ILogger<ModelCatalog> logger)
{
    private const string Extension = ".json";
    private const int LongestName = 128;

    // A file may change twice within one tick of its clock. Until it is older than the coarsest clock in use, 2 s, its content decides.
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(3);

    private readonly HashSet<string> _refusedNames = new(StringComparer.Ordinal);
    private Dictionary<string, ModelEntry> _entries = new(StringComparer.Ordinal);
    private bool _folderFails;

    /// <summary>The models by name, as of the last look at the folder.</summary>
    public IReadOnlyDictionary<string, ModelEntry> Entries => Volatile.Read(ref _entries);

    /// <summary>Gives the model of a name.</summary>
    /// <exception cref="ProblemException">There is no such model, or its file cannot be read.</exception>
    public LoadedModel Find(string name)
    {
        var entry = FindEntry(name);
        return entry.Model ?? throw new ProblemException(new Problem(
            StatusCodes.Status503ServiceUnavailable, "model-broken", $"the file of model '{name}' cannot be used: {entry.Failure?.Message}"));
    }

    /// <summary>Gives what is known of a name.</summary>
    /// <exception cref="ProblemException">There is no such model.</exception>
    public ModelEntry FindEntry(string name)
    {
        var entries = Volatile.Read(ref _entries);
        if (entries.TryGetValue(name, out var entry)) return entry;
        var near = NearNames.Of(name, entries.Keys);
        var hint = near.Count == 0 ? "/v1/models lists them" : $"did you mean {string.Join(" or ", near.Select(other => $"'{other}'"))}?";
        throw new ProblemException(new Problem(StatusCodes.Status404NotFound, "model-not-found", $"there is no model '{Shown.Of(name)}'; {hint}")
        {
            Near = near,
        });
    }

    /// <summary>Looks at the folder. Called by one thread at a time.</summary>
    /// <param name="isReported">Whether the system reported a change: then files are read whose length and time are as they were.</param>
    public void Scan(bool isReported = false)
    {
        if (Files() is not { } files) return;
        var (before, after) = (_entries, new Dictionary<string, ModelEntry>(StringComparer.Ordinal));
        foreach (var (name, path) in files)
        {
            if (Look(name, path, before.GetValueOrDefault(name), isReported) is { } entry) after.Add(name, entry);
        }
        foreach (var entry in before.Values.Where(entry => !after.ContainsKey(entry.Name)))
        {
            var since = entry.MissingSince ?? clock.GetUtcNow();
            if ((clock.GetUtcNow() - since).TotalSeconds < settings.RemoveAfterSeconds) after.Add(entry.Name, entry with { MissingSince = since, Stamp = null });
            else Removed(entry);
        }
        Volatile.Write(ref _entries, after);
    }

    // Gives the files by name, or null where the folder cannot be read: a network drive may be away for a while.
    private List<(string Name, string Path)>? Files()
    {
        try
        {
            var files = Directory.GetFiles(settings.Models, "*" + Extension);
            _folderFails = false;
            return [.. files.Select(path => (Name: Path.GetFileNameWithoutExtension(path), path)).Where(file => IsName(file.Name))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_folderFails) LogFolder(settings.Models, e.Message);
            _folderFails = true;
            return null;
        }
    }

    // Names stand in paths of requests and in metrics. A name that begins with a dot is a file of the system, or one that is being written.
    private bool IsName(string name)
    {
        if (name.StartsWith('.')) return false;
        var isName = name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        if (!isName && _refusedNames.Add(name)) LogName(Shown.Of(name));
        return isName;
    }

    // Gives the entry of a file, or null where it is gone by now.
    private ModelEntry? Look(string name, string path, ModelEntry? before, bool isReported)
    {
        try
        {
            if (FileStamp.Of(path) is not { } stamp) return null;
            if (!isReported && before is { MissingSince: null } && before.Stamp == stamp) return before;

            // A pipe or a device has no length, and reading it may have no end.
            if (stamp.Length == 0) return Unread(name, "the file is empty", before);
            if (stamp.Length > settings.MaxModelBytes)
                return Unread(name, FormattableString.Invariant($"the file has {stamp.Length} bytes; at most MaxModelBytes, {settings.MaxModelBytes}, are read"), before);
            var file = File.ReadAllBytes(path);
            var version = LoadedModel.VersionOf(file);
            FileStamp? settled = clock.GetUtcNow().UtcDateTime - stamp.Written > s_settled ? stamp : null;
            var entry = before?.Seen == version ? before : Load(name, file, version, before);
            return entry with { Stamp = settled, Seen = version, MissingSince = null };
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e)
        {
            // Whatever a file does, the other models go on. The system's words name the folder, which clients need not know.
            LogUnread(name, e.Message);
            return Unread(name, e is UnauthorizedAccessException ? "the service may not read the file" : "the file cannot be read", before);
        }
    }

    private ModelEntry Unread(string name, string message, ModelEntry? before) => Broken(name, message, before) with { Stamp = null, Seen = null, MissingSince = null };

    private ModelEntry Load(string name, byte[] file, string version, ModelEntry? before)
    {
        // The file that was served before a broken one is back.
        if (before?.Model is { } served && served.Version == version) return before with { Failure = null };
        try
        {
            var model = LoadedModel.Read(file, version, TimeSpan.FromSeconds(settings.WindowSeconds), clock);
            metrics.ModelLoaded(name);
            LogLoaded(name, version, model.Mixture.ComponentCount, model.Mixture.Dimension);
            return new ModelEntry(name, model, null);
        }
        catch (Exception e)
        {
            // Whatever a file does, the other models go on.
            return Broken(name, e.Message, before);
        }
    }

    // Says it once for each file, however often it is read.
    private ModelEntry Broken(string name, string message, ModelEntry? before)
    {
        if (before?.Failure?.Message == message && before.Seen is null) return before;
        metrics.ModelBroken(name);
        LogBroken(name, message, before?.Model is null ? "no model is served" : $"version {before.Model.Version} is served as before");
        return new ModelEntry(name, before?.Model, new LoadFailure(message, clock.GetUtcNow()));
    }

    private void Removed(ModelEntry entry)
    {
        metrics.ModelRemoved(entry.Name);
        LogRemoved(entry.Name);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Name}: version {Version} with {Components} components of {Dimension} columns is served")]
    private partial void LogLoaded(string name, string version, int components, int dimension);

    [LoggerMessage(Level = LogLevel.Error, Message = "Model {Name}: its file cannot be used: {Reason}; {Consequence}")]
    private partial void LogBroken(string name, string reason, string consequence);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Model {Name}: {Reason}")]
    private partial void LogUnread(string name, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Model {Name}: its file is gone, and so is the model")]
    private partial void LogRemoved(string name);

    [LoggerMessage(Level = LogLevel.Error, Message = "The folder {Folder} cannot be read: {Reason}; models are served as before")]
    private partial void LogFolder(string folder, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The file '{Name}.json' is left out: names of models are letters, digits, '-', '_' and '.'")]
    private partial void LogName(string name);
}
