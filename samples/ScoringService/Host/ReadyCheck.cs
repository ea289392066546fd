using Microsoft.Extensions.Diagnostics.HealthChecks;
using ScoringService.Models;

namespace ScoringService.Host;

/// <summary>Tells whether requests should come here: at least one model is served, and the service is not about to stop.</summary>
internal sealed class ReadyCheck(ModelCatalog catalog, IHostApplicationLifetime lifetime) : IHealthCheck
{
    public const string Name = "models";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return Task.FromResult(HealthCheckResult.Unhealthy("the service is stopping"));
        return Task.FromResult(catalog.Entries.Values.Any(entry => entry.Model is not null)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("no model is served"));
    }
}
