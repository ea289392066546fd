namespace ScoringService.Problems;

/// <summary>Holds the answer to a request that cannot be served: problem details (RFC 9457) with a code for programs and the place of the error.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">What is wrong, for programs; docs/service.md lists the codes.</param>
/// <param name="Detail">What is wrong, where, and what is required, for people.</param>
internal sealed record Problem(int Status, string Code, string Detail)
{
    /// <summary>The row of the request, from 0.</summary>
    public int? Row { get; init; }

    /// <summary>The column of the request, from 0.</summary>
    public int? Column { get; init; }

    /// <summary>The name of the column.</summary>
    public string? ColumnName { get; init; }

    /// <summary>The line of the JSON text, from 1.</summary>
    public long? Line { get; init; }

    /// <summary>The byte in that line, from 1.</summary>
    public long? BytePosition { get; init; }

    /// <summary>Names of models that may have been meant.</summary>
    public IReadOnlyList<string> Near { get; init; } = [];
}

/// <summary>Ends a request with a problem.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem => problem;
}
