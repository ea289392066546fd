using System.Diagnostics;
using System.Globalization;
using ScoringService.Host;
using ScoringService.Models;
using ScoringService.Problems;
using ScoringService.Rows;

namespace ScoringService.Scoring;

/// <summary>Serves POST /v1/models/{name}/score: reads the rows, scores them with one version of the model, and writes the answer in JSON or binary.</summary>
internal sealed class ScoreEndpoint(ModelCatalog catalog, ServiceSettings settings, ServiceMetrics metrics)
{
    public const string SourceName = "Gmm.Fast.Service";

    private const string VersionHeader = "Model-Version";

    private static readonly ActivitySource s_source = new(SourceName);

    public async Task HandleAsync(HttpContext context)
    {
        var (request, cancellation) = (context.Request, context.RequestAborted);
        var name = (string)request.RouteValues["name"]!;
        var model = catalog.Find(name);
        var query = ScoreQuery.Of(request, settings.Anomaly);
        query.CheckFor(model);
        var isBinary = MediaTypes.IsBinary(request);

        using var rows = await ReadInTimeAsync(request, model, query, isBinary);
        CheckAnswer(rows.Count, model, query);
        using var scores = Score(name, model, rows, query, cancellation);
        model.Recent.Add(scores.Sums);
        metrics.Scored(name, scores.Sums);

        context.Response.Headers[VersionHeader] = model.Version;
        if (MediaTypes.AnswersBinary(request, isBinary)) await BinaryAnswer.WriteAsync(context.Response, scores, cancellation);
        else await JsonAnswer.WriteAsync(context.Response, name, model.Version, scores, cancellation);
    }

    private async ValueTask<RowBatch> ReadInTimeAsync(HttpRequest request, LoadedModel model, ScoreQuery query, bool isBinary)
    {
        using var inTime = new CancellationTokenSource(TimeSpan.FromSeconds(settings.RequestSeconds));

        // A read that a token ends leaves the server's reader unable to pass over the rest of the body; one that is ended this way does not.
        await using var ending = inTime.Token.Register(request.BodyReader.CancelPendingRead);
        try
        {
            return await ReadAsync(request, model, query, isBinary, request.HttpContext.RequestAborted);
        }
        catch (OperationCanceledException) when (inTime.IsCancellationRequested && !request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            throw new ProblemException(new Problem(StatusCodes.Status408RequestTimeout, "request-timeout", string.Create(
                CultureInfo.InvariantCulture, $"the body was not there after {settings.RequestSeconds} s; send it faster, or fewer rows a request")));
        }
    }

    private ValueTask<RowBatch> ReadAsync(HttpRequest request, LoadedModel model, ScoreQuery query, bool isBinary, CancellationToken cancellation)
    {
        var shape = RowShape.Of(model.Mixture, settings.MaxRows);
        if (isBinary)
        {
            // Rows of another width may fill the same number of bytes, so the request says how wide they are.
            if (query.Columns is not { } columns) throw BadShape($"a binary body needs ?columns=, the number of columns of its rows; the model has {shape.Dimension}");
            if (columns != shape.Dimension) throw BadShape($"columns is {columns}; {shape.Dimension}, the number of columns of the model, is required");
            return BinaryRows.ReadAsync(request.BodyReader, request.ContentLength, query.IsSingle ?? false, shape, cancellation);
        }
        if (query is not { Columns: null, IsSingle: null }) throw BadShape("columns and dtype are for binary bodies; leave them out");
        return JsonRows.ReadAsync(request.BodyReader, shape, cancellation);
    }

    private ScoredRows Score(string name, LoadedModel model, RowBatch rows, ScoreQuery query, CancellationToken cancellation)
    {
        using var activity = s_source.StartActivity("score");
        if (activity is not null)
        {
            activity.SetTag("gmm.model.name", name);
            activity.SetTag("gmm.model.version", model.Version);
            activity.SetTag("gmm.rows", rows.Count);
        }
        return ScoredRows.Of(model, rows, query, settings.Anomaly, settings.Threads, cancellation);
    }

    private void CheckAnswer(int rows, LoadedModel model, ScoreQuery query)
    {
        var width = ScoredRows.Width(query.Wanted, model.Mixture.ComponentCount);
        if ((long)rows * width <= settings.MaxResponseNumbers) return;
        throw new ProblemException(new Problem(StatusCodes.Status413PayloadTooLarge, "answer-too-large", string.Create(
            CultureInfo.InvariantCulture,
            $"the answer has {rows} rows of {width} numbers; at most {settings.MaxResponseNumbers} are possible: send fewer rows, or ask for fewer outputs")));
    }

    private static ProblemException BadShape(string detail) => new(new Problem(StatusCodes.Status400BadRequest, "bad-query", detail));
}
