using ScoringService.Host;

namespace ScoringService.Problems;

/// <summary>Gives every request that is not served problem details, wherever it ended.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ServiceSettings settings, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (IsBare(context.Response)) await ProblemWriter.WriteAsync(context, OfStatus(context));
        }
        catch (ProblemException e) when (IsUntouched(context.Response))
        {
            await ProblemWriter.WriteAsync(context, e.Problem);
        }
        catch (BadHttpRequestException e) when (IsUntouched(context.Response))
        {
            await ProblemWriter.WriteAsync(context, OfRequest(e));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone, and nobody reads an answer.
        }
        catch (Exception e)
        {
            LogFailure(e, context.Request.Path);
            if (!IsUntouched(context.Response))
            {
                // Half an answer must not look like a whole one.
                context.Abort();
                return;
            }
            context.Response.Clear();
            await ProblemWriter.WriteAsync(context, new Problem(
                StatusCodes.Status500InternalServerError, "internal-error", "the service failed; its log tells more about this trace"));
        }
    }

    private static bool IsUntouched(HttpResponse response) => !response.HasStarted && response.BodyWriter.UnflushedBytes == 0;

    private static bool IsBare(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest, ContentType: null, ContentLength: null };

    private static Problem OfStatus(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new Problem(
            StatusCodes.Status404NotFound, "not-found", $"{context.Request.Path} is nothing here; /v1/models lists the models"),
        StatusCodes.Status405MethodNotAllowed => new Problem(
            StatusCodes.Status405MethodNotAllowed, "method-not-allowed",
            $"{context.Request.Path} does not take {context.Request.Method}; {context.Response.Headers.Allow} is required"),
        var status => new Problem(status, "bad-request", "the request cannot be served"),
    };

    private Problem OfRequest(BadHttpRequestException e) => e.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? new Problem(e.StatusCode, "body-too-large", $"the body has more than {settings.MaxRequestBytes} bytes; send fewer rows a request")
        : new Problem(e.StatusCode, "bad-request", e.Message);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} failed")]
    private partial void LogFailure(Exception exception, PathString path);
}
