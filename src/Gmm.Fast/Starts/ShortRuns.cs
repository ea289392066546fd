using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Starts;

/// <summary>Runs some iterations of EM on a sample, with the options of the fit.</summary>
internal sealed class ShortRuns : IDisposable
{
    // In nats per point: runs that change less are compared as they are.
    private const double Converged = 1e-7;

    private readonly StartRequest _request;
    private readonly PointSource<double> _points;
    private readonly SufficientStatistics _statistics;
    private readonly BlockStore<double> _store;
    private readonly Expectation<double> _expectation;
    private readonly Maximization _maximization;

    /// <summary>Makes room for runs.</summary>
    /// <param name="request">The options of the fit.</param>
    /// <param name="points">The points of the sample.</param>
    /// <param name="store">Blocks of as many points, which others may fill with other numbers between runs.</param>
    public ShortRuns(StartRequest request, PointSource<double> points, BlockStore<double> store)
    {
        var (family, components, team) = (request.Family, request.Components, request.Survey.Team);
        (_request, _points, _store) = (request, points, store);
        _statistics = new SufficientStatistics(family.Moments, components, points.Dimension);
        var plan = ShardPlan.Alone<double>(points.PointCount, points.Dimension);
        var sweep = new Sweep<double>(_store, plan, _statistics, new RankGroup(null), team, request.Survey.Cancellation);
        _expectation = new Expectation<double>(sweep, BlockSteps.Soft<double>(family, LaneWidths.Widest), family.Form, components, points.Dimension);
        _maximization = new Maximization(new Parameters(family, components, points.Dimension), request.Regularization, null, team, request.Survey.Cancellation);
    }

    /// <summary>Runs EM; a component that collapses keeps its last covariance. Returns null when canceled.</summary>
    public EmOutcome? Run(Factored initial, int iterations)
    {
        if (!_store.Holds(_points)) _store.Replace(_points);
        var settings = new EmSettings(
            iterations, StopRule.MeanChange(Converged), CollapsePolicy.Keep, _request.Regularization, _request.Wording, null);
        var outcome = new EmLoop(_expectation, _maximization, _statistics, initial, settings).Run();
        return outcome is null or { Status: FitStatus.Cancelled } ? null : outcome;
    }

    public void Dispose() => _expectation.Dispose();
}
