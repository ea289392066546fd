using Gmm.Fast.Em;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Holds a fitted model and the history of its fit. A fit that does not converge, is canceled or collapses has a result too.</summary>
public sealed partial class FitResult
{
    private readonly FitRecord _record;

    internal FitResult(GaussianMixture model, FitRecord record)
    {
        (Model, _record) = (model, record);
        (Recoveries, StartComponents) = (ReadOnlyList.Of(record.Recoveries), ReadOnlyList.Of(record.StartComponents));
    }

    internal FitRecord Record => _record;

    /// <summary>The best model so far, whatever the status.</summary>
    public GaussianMixture Model { get; }

    /// <summary>The reason for the end of the fit.</summary>
    public FitStatus Status => _record.Status;

    /// <summary>Whether the stop rule was met.</summary>
    public bool Converged => Status == FitStatus.Converged;

    /// <summary>
    /// For a collapsed fit, the component, the cause and the remedies. For a canceled fit by several processes, the rank that canceled it. Null
    /// otherwise.
    /// </summary>
    public string? Failure => _record.Failure;

    /// <summary>The recoveries of components that collapsed or lost their points, in order.</summary>
    public IReadOnlyList<Recovery> Recoveries { get; }

    /// <summary>The number of complete iterations that led to the model.</summary>
    public int Iterations => _record.Trace.Length - 1;

    /// <summary>The acceleration of the fit.</summary>
    public Acceleration Acceleration => _record.Acceleration;

    /// <summary>The proposals of <see cref="Acceleration"/> that cost a pass and were not taken.</summary>
    public int RefusedProposals => _record.Refused;

    /// <summary>
    /// The passes over the points that led to the model: one for the initial parameters, one per iteration and one per refused proposal. A pass that was
    /// taken twice for its digits counts once.
    /// </summary>
    public int Passes => Iterations + 1 + RefusedProposals;

    /// <summary>
    /// The work of the passes over samples with which the fit began (<see cref="FitOptions.Progressive"/>), in passes over all points: a pass over a
    /// quarter of them counts 1/4. It comes beside <see cref="Passes"/>; 0 where the fit began with all points.
    /// </summary>
    public double SamplePasses => _record.SamplePasses;

    /// <summary>N, the number of points; of weighted points, those of weight above 0.</summary>
    public long Points => _record.Points;

    /// <summary>
    /// The number of points that passes went over: the different ones among <see cref="Points"/> where equal points were fitted as one
    /// (<see cref="FitOptions.Duplicates"/>), and otherwise all.
    /// </summary>
    public long DistinctPoints => _record.DistinctPoints ?? Points;

    /// <summary>The sum of the points' weights; N where they have none.</summary>
    public double TotalWeight => _record.TotalWeight;

    /// <summary>[Iterations + 1]: the total log-likelihood under the initial parameters and after each iteration, in nats.</summary>
    public ReadOnlySpan<double> Trace => _record.Trace;

    /// <summary>The sum over the points of weight times log-density under the final parameters, in nats (Bishop, PRML, equation 9.28).</summary>
    public double TotalLogLikelihood => _record.Trace[^1];

    /// <summary>The total log-likelihood over the sum of weights, in nats per point.</summary>
    public double MeanLogLikelihood => TotalLogLikelihood / TotalWeight;

    /// <summary>The Bayesian information criterion of the model on the fitted data, with the sum of weights for N; smaller is better.</summary>
    public double Bic => Model.Bic(TotalLogLikelihood, TotalWeight);

    /// <summary>The Akaike information criterion of the model on the fitted data; smaller is better.</summary>
    public double Aic => Model.Aic(TotalLogLikelihood);

    /// <summary>The stop rule of the fit.</summary>
    public StopRule Stop => _record.Stop;

    /// <summary>What the fit added to variances; where <see cref="FitOptions.Regularization"/> was null, what that meant for these points.</summary>
    public Regularization Regularization => _record.Regularization;

    /// <summary>The seed of the fit.</summary>
    public long Seed => _record.Seed;

    /// <summary>What is missing in the points, where <see cref="FitOptions.MissingValues"/> allows it; null where nothing is, and for a result from a file.</summary>
    public GapSummary? Gaps { get; internal init; }

    /// <summary>
    /// The part of the pairs of points and components that the passes of the fit computed in this process, above 0, at most 1: the others have a
    /// responsibility of exactly 0 (<see cref="Skipping"/>).
    /// </summary>
    public double ComputedShare => _record.ComputedShare;

    /// <summary>
    /// The most that <see cref="FitOptions.ResponsibilityCutoff"/> can have taken from the mean log-likelihood, in nats per point: K times the cutoff.
    /// 0 where none was stated.
    /// </summary>
    public double CutoffBound => Model.ComponentCount * _record.ResponsibilityCutoff;

    /// <summary>
    /// What the cutoff really took from the mean log-likelihood, in nats per point: that of the model without a cutoff, from one more pass, less
    /// <see cref="MeanLogLikelihood"/>. 0 where no cutoff was stated; null where the fit was canceled before that pass,
    /// and for a result from a file of an earlier version.
    /// </summary>
    public double? CutoffLoss => _record.ResponsibilityCutoff > 0 ? _record.CutoffLoss : 0;

    /// <summary>
    /// [K]: the component of the start that each component of the model was, from 0. Differs from 0, 1, 2, ... where components were taken out or
    /// <see cref="FitOptions.Order"/> sorted them. <see cref="Recoveries"/> and <see cref="IterationInfo"/> have the numbers of the start.
    /// </summary>
    public IReadOnlyList<int> StartComponents { get; }

    /// <summary>[K]: one entry per component, in the order of the model. Computed when first read, at the cost of less than an iteration.</summary>
    public IReadOnlyList<ComponentDiagnostics> Components => field ??= ReadOnlyList.Of(_record.Components.Value);
}
