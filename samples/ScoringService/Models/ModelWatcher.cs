using ScoringService.Host;

namespace ScoringService.Models;

/// <summary>
/// Looks at the folder of the models when the system reports a change, and at intervals, because no system reports changes on network drives and in
/// some containers. The first look is over before the service listens.
/// </summary>
internal sealed partial class ModelWatcher(ModelCatalog catalog, ServiceSettings settings, ILogger<ModelWatcher> logger) : BackgroundService
{
    // A file is reported several times while it is written.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    // Never disposed: a report may come while the service stops.
    private readonly SemaphoreSlim _changed = new(0);
    private FileSystemWatcher? _watcher;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // A file that changes during the look is looked at again.
        _watcher = Watch();
        catalog.Scan();
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _watcher?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var isReported = await _changed.WaitAsync(TimeSpan.FromSeconds(settings.PollSeconds), stoppingToken);
            if (isReported) await Task.Delay(s_pause, stoppingToken);
            while (_changed.Wait(0, CancellationToken.None))
            {
                // Reports so far are answered by one look.
            }
            try
            {
                catalog.Scan(isReported);
            }
            catch (Exception e)
            {
                // Models are served as before, and the next look may succeed.
                LogScan(e);
            }
        }
    }

    // Gives null where the system has no more watches to give.
    private FileSystemWatcher? Watch()
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(settings.Models) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size };
            watcher.Created += (_, _) => _changed.Release();
            watcher.Changed += (_, _) => _changed.Release();
            watcher.Deleted += (_, _) => _changed.Release();
            watcher.Renamed += (_, _) => _changed.Release();
            watcher.Error += (_, _) => _changed.Release();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException or PlatformNotSupportedException)
        {
            watcher?.Dispose();
            LogNoWatch(settings.PollSeconds, e.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The look at the folder of the models failed")]
    private partial void LogScan(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changes of the folder are not reported, and seen every {Seconds} s: {Reason}")]
    private partial void LogNoWatch(double seconds, string reason);
}
