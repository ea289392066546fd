using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using ScoringService.Models;
using ScoringService.Problems;
using ScoringService.Scoring;

namespace ScoringService.Host;

/// <summary>Puts the service together.</summary>
internal static class ServiceHost
{
    private static readonly Dictionary<string, string> s_switches = new() { ["--models"] = $"{ServiceSettings.Section}:{nameof(ServiceSettings.Models)}" };

    /// <summary>Makes the service, which has not begun to listen.</summary>
    /// <param name="args">The command line.</param>
    /// <exception cref="SettingException">A setting cannot be used.</exception>
    public static WebApplication Build(params string[] args)
    {
        // appsettings.json lies beside the program, wherever that is started.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddCommandLine(args, s_switches);
        var settings = ServiceSettings.Read(builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.MaxRequestBytes;
        });

        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ServiceMetrics>();
        services.AddSingleton<ModelCatalog>();
        services.AddSingleton<ScoreEndpoint>();
        services.AddHostedService<ModelWatcher>();
        services.AddHealthChecks().AddCheck<ReadyCheck>(ReadyCheck.Name);
        services.AddServiceRateLimits(settings);
        services.AddServiceTelemetry(settings, builder.Configuration);

        var app = builder.Build();
        var catalog = app.Services.GetRequiredService<ModelCatalog>();
        app.Services.GetRequiredService<ServiceMetrics>().Observe(() => catalog.Entries.Values);
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRateLimiter();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).DisableRateLimiting();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Name == ReadyCheck.Name }).DisableRateLimiting();
        app.MapGet("/v1/models", ModelEndpoints.ListAsync);
        app.MapGet("/v1/models/{name}", ModelEndpoints.ShowAsync);
        app.MapPost("/v1/models/{name}/score", app.Services.GetRequiredService<ScoreEndpoint>().HandleAsync).RequireRateLimiting(RateLimits.PerClient);
        if (settings.Prometheus) app.MapPrometheusScrapingEndpoint("/metrics").DisableRateLimiting();
        return app;
    }
}
