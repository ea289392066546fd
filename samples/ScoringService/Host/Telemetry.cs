using Gmm.Fast;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ScoringService.Scoring;

namespace ScoringService.Host;

/// <summary>
/// Publishes metrics and traces. The OTLP exporter runs where its standard variable OTEL_EXPORTER_OTLP_ENDPOINT is set; the other OTEL_ variables
/// hold too.
/// </summary>
internal static class Telemetry
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServiceName = "gmm-scoring";
    private const string RuntimeMeter = "System.Runtime";

    public static void AddServiceTelemetry(this IServiceCollection services, ServiceSettings settings, IConfiguration configuration)
    {
        var exports = !string.IsNullOrEmpty(configuration[EndpointVariable]);
        if (!exports && !settings.Prometheus) return;

        EngineMeter.Publish();

        // The variables OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last and win.
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(ServiceName).AddEnvironmentVariableDetector());
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(EngineMeter.Name, ServiceMetrics.MeterName, RuntimeMeter).AddAspNetCoreInstrumentation();
            if (settings.Prometheus) metrics.AddPrometheusExporter();
            if (exports) metrics.AddOtlpExporter();
        });
        if (!exports) return;
        telemetry.WithTracing(traces => traces
            .AddSource(ScoreEndpoint.SourceName)
            .AddAspNetCoreInstrumentation(options => options.Filter = context => context.Request.Path.StartsWithSegments("/v1"))
            .AddOtlpExporter());
    }
}
