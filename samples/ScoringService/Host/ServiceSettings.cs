using System.Globalization;

namespace ScoringService.Host;

/// <summary>
/// Holds the settings of the service, from the section "Scoring": appsettings.json, environment variables such as Scoring__MaxRows, and the command
/// line, --Scoring:MaxRows 500. The folder of the models is also --models.
/// </summary>
internal sealed class ServiceSettings
{
    public const string Section = "Scoring";

    // The numbers of a body, and a file, are arrays.
    private const int MostBytes = 1 << 30;

    /// <summary>The folder of the model files, NAME.json each.</summary>
    public string Models { get; set; } = "";

    /// <summary>The most rows of a request.</summary>
    public int MaxRows { get; set; } = 10_000;

    /// <summary>The most bytes of a request's body.</summary>
    public long MaxRequestBytes { get; set; } = 16 << 20;

    /// <summary>Seconds in which a request has to be read: a slow one holds a place of those that are served at the same time.</summary>
    public double RequestSeconds { get; set; } = 30;

    /// <summary>The most bytes of a model file.</summary>
    public long MaxModelBytes { get; set; } = 256 << 20;

    /// <summary>The most numbers of a response: rows times what each asks for.</summary>
    public int MaxResponseNumbers { get; set; } = 1_000_000;

    /// <summary>The share of the rows of the fit as unlikely as which a row is an outlier, 0 to 1.</summary>
    public double Anomaly { get; set; } = 0.01;

    /// <summary>The most threads that score one request, or -1 for one per processor. Requests run beside each other, so 1 is best for many clients.</summary>
    public int Threads { get; set; } = 1;

    /// <summary>Seconds between looks at the folder. Changes that the system reports are seen at once.</summary>
    public double PollSeconds { get; set; } = 5;

    /// <summary>Seconds that a file has to be missing before its model is removed.</summary>
    public double RemoveAfterSeconds { get; set; } = 15;

    /// <summary>Seconds of traffic that drift and shares are taken over.</summary>
    public double WindowSeconds { get; set; } = 300;

    /// <summary>The most requests that are served at the same time.</summary>
    public int MaxConcurrentRequests { get; set; } = 256;

    /// <summary>The most requests that wait for their turn; further ones are refused with 429.</summary>
    public int MaxQueuedRequests { get; set; } = 1024;

    /// <summary>Requests per second of one client, by its address; 0 for no limit.</summary>
    public int RequestsPerSecond { get; set; }

    /// <summary>Requests that a client may send at once, after a pause.</summary>
    public int RequestBurst { get; set; } = 100;

    /// <summary>Whether /metrics serves the metrics in Prometheus' text form.</summary>
    public bool Prometheus { get; set; } = true;

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="SettingException">A name is not known, or a value cannot be used.</exception>
    public static ServiceSettings Read(IConfiguration configuration)
    {
        ServiceSettings settings;
        try
        {
            settings = configuration.GetSection(Section).Get<ServiceSettings>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new();
        }
        catch (InvalidOperationException e)
        {
            throw new SettingException(e.Message);
        }
        settings.Check();
        return settings;
    }

    private void Check()
    {
        if (Models.Length == 0) throw new SettingException("--models DIR, the folder of the model files, is required");
        if (!Directory.Exists(Models)) throw new SettingException($"--models is '{Models}', which is no folder; a folder with model files is required");
        Require(nameof(MaxRows), MaxRows, MaxRows is >= 1 and <= MostBytes, $"1 to {MostBytes}");
        Require(nameof(MaxRequestBytes), MaxRequestBytes, MaxRequestBytes is >= 1 and <= MostBytes, $"1 to {MostBytes}");
        Require(nameof(MaxModelBytes), MaxModelBytes, MaxModelBytes is >= 1 and <= MostBytes, $"1 to {MostBytes}");
        Require(nameof(RequestSeconds), RequestSeconds, IsTime(RequestSeconds), "0.01 to 86400");
        Require(nameof(MaxResponseNumbers), MaxResponseNumbers, MaxResponseNumbers >= 1, "at least 1");
        Require(nameof(Anomaly), Anomaly, Anomaly is >= 0 and <= 1, "a share from 0 to 1");
        Require(nameof(Threads), Threads, Threads is -1 or >= 1, "at least 1, or -1 for one per processor,");
        Require(nameof(PollSeconds), PollSeconds, IsTime(PollSeconds), "0.01 to 86400");
        Require(nameof(RemoveAfterSeconds), RemoveAfterSeconds, RemoveAfterSeconds == 0 || IsTime(RemoveAfterSeconds), "0, or 0.01 to 86400,");
        Require(nameof(WindowSeconds), WindowSeconds, IsTime(WindowSeconds), "0.01 to 86400");
        Require(nameof(MaxConcurrentRequests), MaxConcurrentRequests, MaxConcurrentRequests >= 1, "at least 1");
        Require(nameof(MaxQueuedRequests), MaxQueuedRequests, MaxQueuedRequests >= 0, "at least 0");
        Require(nameof(RequestsPerSecond), RequestsPerSecond, RequestsPerSecond >= 0, "at least 1, or 0 for no limit,");
        Require(nameof(RequestBurst), RequestBurst, RequestBurst >= 1, "at least 1");
    }

    private static bool IsTime(double seconds) => seconds is >= 0.01 and <= 86_400;

    private static void Require(string name, double value, bool holds, string requirement)
    {
        if (!holds) throw new SettingException(string.Create(CultureInfo.InvariantCulture, $"{Section}:{name} is {value}; {requirement} is required"));
    }
}
