using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;

namespace Gmm.Fast.Starts;

/// <summary>Finds initial parameters: requests a sample of points, and makes a mixture of them.</summary>
internal interface IStart
{
    /// <summary>Requests the points of one start from a pass over all points.</summary>
    /// <param name="request">The points and options of the fit.</param>
    /// <param name="random">The stream for points without weights.</param>
    /// <param name="restart">The number of the start.</param>
    /// <param name="isWeighted">Whether points are drawn by weight.</param>
    SampleRequest Sample(StartRequest request, Xoshiro256 random, int restart, bool isWeighted);

    /// <summary>Gives factored parameters, or null when canceled.</summary>
    /// <param name="request">The points and options of the fit.</param>
    /// <param name="sample">The requested points.</param>
    /// <param name="random">The stream of the start.</param>
    Factored? Start(StartRequest request, Sample sample, Xoshiro256 random);
}

/// <summary>Holds the points and options of a fit for a start, and the steps that all starts share.</summary>
/// <param name="Survey">The points.</param>
/// <param name="Family">The family of the covariances.</param>
/// <param name="Components">K.</param>
/// <param name="Seed">Seed of the fit.</param>
/// <param name="Wording">The words of messages.</param>
internal sealed record StartRequest(
    Survey Survey, Family Family, int Components, long Seed, Wording Wording)
{
    /// <summary>Says that no variance can describe the data.</summary>
    public const string LeavesRange = "the variances of the data leave the range of a double; rescale the data";

    /// <summary>What is added to the variances; known after the survey.</summary>
    public Ridge Regularization { get; set; } = null!;

    /// <summary>The mean and covariance of all points as a mixture of one component, without factors.</summary>
    public Parameters Pooled { get; private set; } = null!;

    /// <summary>Computes the pooled mixture from the moments of the survey.</summary>
    public void Pool()
    {
        Pooled = new Parameters(Family, 1, Survey.Dimension);
        Maximization.Estimate(Survey.Pooled!.As(Family.Moments), Pooled, Regularization);
    }

    /// <summary>
    /// Factors <paramref name="start"/>. A cluster too small or too flat for a covariance of its own gets that of all points.
    /// </summary>
    /// <exception cref="ArgumentException">The covariance of all points is singular too.</exception>
    public Factored Factor(Parameters start)
    {
        var factored = new Factored(start);
        var replaced = new bool[start.Components];
        var team = new MatrixTeam(Survey.Team, Survey.Cancellation);
        while (!factored.TryFactor(out var failure, team))
        {
            if (replaced[failure.Component])
            {
                if (!double.IsFinite(failure.Value)) Throw.Argument("rows", LeavesRange);
                ThrowSingular(failure.Pivot);
            }
            replaced[failure.Component] = true;
            Pooled.CovarianceOf(0).CopyTo(start.CovarianceOf(failure.Component));
        }
        return factored;
    }

    private void ThrowSingular(int pivot)
    {
        var more = Wording.MoreThan(Regularization.IsZero);
        if (Survey.Precision.Explain(Pooled, 0, Regularization, null, Wording) is { } digits)
            Throw.Argument("rows", $"the covariance of the data is singular: {digits}; or, if it is constant, leave it out, or use {more}");
        var reason = Singularity.Explain(Pooled, 0, Regularization, Survey.PointCount - 1, "every point", Wording, out var areFew)
            ?? $"{Wording.Column(pivot)} nearly follows from others";
        Throw.Argument("rows", $"the covariance of the data is singular: {reason}; {(areFew ? "use a simpler covariance type" : "leave out such columns")}, or use {more}");
    }

    /// <summary>
    /// Draws <paramref name="count"/> different numbers below <paramref name="limit"/>, in random order (Floyd's algorithm, CACM 30(9), 1987).
    /// </summary>
    public static long[] Draw(Xoshiro256 random, int count, long limit)
    {
        var seen = new HashSet<long>(count);
        var drawn = new List<long>(count);
        for (var top = limit - count; top < limit; top++)
        {
            var index = random.NextBelow(top + 1);
            if (!seen.Add(index)) seen.Add(index = top);
            drawn.Add(index);
        }
        return [.. drawn];
    }
}
