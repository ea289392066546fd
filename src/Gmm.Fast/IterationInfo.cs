using Gmm.Fast.Em;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Describes one iteration of a running fit.</summary>
public readonly record struct IterationInfo
{
    private readonly EmProgress _progress;
    private readonly IReadOnlyList<string>? _columnNames;
    private readonly MissingValues _missingValues;

    internal IterationInfo(int restart, in EmProgress progress, IReadOnlyList<string>? columnNames, MissingValues missingValues) =>
        (Restart, _progress, _columnNames, _missingValues) = (restart, progress, columnNames, missingValues);

    /// <summary>The number of the start, from 0.</summary>
    public int Restart { get; }

    /// <summary>The number of the iteration, from 0 for the initial parameters.</summary>
    public int Iteration => _progress.Iteration;

    /// <summary>The total log-likelihood under the parameters after this iteration, in nats.</summary>
    public double TotalLogLikelihood => _progress.TotalLogLikelihood;

    /// <summary>Its difference from the iteration before; NaN for iteration 0.</summary>
    public double Change => _progress.Change;

    /// <summary>The passes over the points so far: one for the initial parameters, one per iteration and one per refused proposal.</summary>
    public int Passes => Iteration + 1 + RefusedProposals;

    /// <summary>The proposals of <see cref="FitOptions.Acceleration"/> that cost a pass and were not taken, so far.</summary>
    public int RefusedProposals => _progress.Refused;

    /// <summary>N, the number of points; of weighted points, those of weight above 0.</summary>
    public long Points => _progress.Points;

    /// <summary>
    /// About how many iterations follow until the stop rule is met or <see cref="FitOptions.MaxIterations"/> reached. EM converges linearly, so the last
    /// rises tell it: at their ratio, that of the rule is so many steps away. Null while rises grow or are too few, and after proposals of an accelerator.
    /// </summary>
    public int? IterationsLeft => _progress.Left;

    /// <summary>The time since this start began to iterate.</summary>
    public TimeSpan Elapsed => _progress.Elapsed;

    /// <summary>The recoveries of components that collapsed or lost their points in this iteration; null for none.</summary>
    public IReadOnlyList<Recovery>? Recoveries => _progress.Recoveries is { } recoveries ? ReadOnlyList.Of(recoveries) : null;

    /// <summary>
    /// Copies the model after this iteration, as the fit would give it, while the fit reports it: in <see cref="IProgress{T}.Report"/> itself.
    /// <see cref="Progress{T}"/> reports later, from another thread.
    /// </summary>
    /// <exception cref="InvalidOperationException">The fit has gone on, and the parameters are those of another iteration.</exception>
    public GaussianMixture Snapshot()
    {
        CheckCurrent();
        var mixture = new Model.Factored(_progress.Mixture.Family, _progress.Mixture.Components, _progress.Mixture.Dimension);
        _progress.Mixture.Parameters.Theta.CopyTo(mixture.Parameters.Theta, 0);
        CheckCurrent();
        mixture.TryFactor(out _);
        return new GaussianMixture(mixture, _columnNames).WithMissingValues(_missingValues);
    }

    private void CheckCurrent()
    {
        if (_progress.IsCurrent?.Invoke(Iteration) != true) Throw.StaleSnapshot(Iteration);
    }
}
