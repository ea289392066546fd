using Gmm.Fast.Internals;

namespace Gmm.Fast.Em;

/// <summary>Holds the options of a fit that the loop reads.</summary>
/// <param name="MaxIterations">The largest number of iterations, beside those of a run before.</param>
/// <param name="Stop">The stop rule.</param>
/// <param name="OnCollapse">The policy for a component that collapses or loses its points.</param>
/// <param name="Ridge">The part of the variances that is regularization, for messages.</param>
/// <param name="Wording">The words of messages.</param>
/// <param name="Report">Called after the initial E-step and after each iteration; may be null.</param>
internal sealed record EmSettings(
    int MaxIterations, StopRule Stop, CollapsePolicy OnCollapse, Families.Ridge Ridge, Model.Wording Wording, Action<EmProgress>? Report)
{
    /// <summary>The run that this one continues; null for none.</summary>
    public EmPast? Past { get; init; }

    /// <summary>
    /// Called between two iterations with the action that writes the state of the run; returns whether the run ends there, out of time. Null for none.
    /// </summary>
    public Func<Action<StateCarrier>, bool>? Between { get; init; }

    /// <summary>The state to go on from; null for a run from its initial mixture.</summary>
    public StateCarrier? Resume { get; init; }

    /// <summary>Whether one more pass tells what a stated cutoff of responsibilities took from the log-likelihood.</summary>
    public bool MeasuresCutoff { get; init; }
}

/// <summary>Describes one iteration of a running loop.</summary>
/// <param name="Mixture">The mixture after the iteration; later iterations change it, so keep a copy.</param>
/// <param name="Iteration">The number of the iteration, from 0 for the initial parameters.</param>
/// <param name="TotalLogLikelihood">The total log-likelihood under the mixture.</param>
/// <param name="Change">Difference from the iteration before; NaN for iteration 0.</param>
/// <param name="Elapsed">Time since the loop began.</param>
/// <param name="IsCurrent">Tells whether the loop is still reporting this iteration.</param>
/// <param name="Recoveries">The recoveries of this iteration; null for none.</param>
/// <param name="Refused">Proposals that cost a pass and were not taken, so far.</param>
/// <param name="Points">The number of points of weight above 0.</param>
/// <param name="Left">About how many iterations follow; null where that is not known.</param>
internal readonly record struct EmProgress(
    Model.Factored Mixture, int Iteration, double TotalLogLikelihood, double Change, TimeSpan Elapsed, Func<int, bool> IsCurrent, IReadOnlyList<Recovery>? Recoveries, int Refused,
    long Points, int? Left);
