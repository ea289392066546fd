using System.Globalization;
using System.Threading.RateLimiting;
using ScoringService.Problems;

namespace ScoringService.Host;

/// <summary>
/// Limits how many requests are served at the same time, so that overload ends in a queue and then in 429 and not in ever longer answers, and how
/// many one client may send.
/// </summary>
internal static class RateLimits
{
    /// <summary>The name of the limit per client.</summary>
    public const string PerClient = "per-client";

    public static void AddServiceRateLimits(this IServiceCollection services, ServiceSettings settings)
    {
        services.AddRateLimiter(limiter =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(_ => RateLimitPartition.GetConcurrencyLimiter("all", _ => new ConcurrencyLimiterOptions
            {
                PermitLimit = settings.MaxConcurrentRequests,
                QueueLimit = settings.MaxQueuedRequests,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            }));
            limiter.AddPolicy(PerClient, context => settings.RequestsPerSecond == 0
                ? RateLimitPartition.GetNoLimiter("")
                : RateLimitPartition.GetTokenBucketLimiter(context.Connection.RemoteIpAddress?.ToString() ?? "", _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = settings.RequestBurst,
                    TokensPerPeriod = settings.RequestsPerSecond,
                    ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                    AutoReplenishment = true,
                }));
            limiter.OnRejected = (rejected, _) => new ValueTask(RefuseAsync(rejected.HttpContext, rejected.Lease));
        });
    }

    private static Task RefuseAsync(HttpContext context, RateLimitLease lease)
    {
        var seconds = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return ProblemWriter.WriteAsync(context, new Problem(
            StatusCodes.Status429TooManyRequests, "too-many-requests", $"too many requests at the same time, or from one client; try again in {seconds} s"));
    }
}
