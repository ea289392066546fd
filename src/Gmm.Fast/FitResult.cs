using Gmm.Fast.Model;

namespace Gmm.Fast;

/// <summary>What can be said of one component after a fit.</summary>
/// <param name="EffectiveCount">N_k: the sum of its responsibilities under the final parameters, in points.</param>
/// <param name="ConditionNumber">Largest over smallest eigenvalue of its covariance; beyond about 1e12 its density has few correct digits.</param>
/// <param name="RegularizationShare">Part of its smallest eigenvalue that regularization put there, from 0 to 1: near 1 the component has collapsed but for it.</param>
public readonly record struct ComponentDiagnostics(double EffectiveCount, double ConditionNumber, double RegularizationShare);

/// <summary>A fitted model and how it came about. Not converging, cancellation and collapse are results like any other.</summary>
public sealed partial class FitResult
{
    private readonly double[] _trace;
    private readonly Lazy<IReadOnlyList<ComponentDiagnostics>> _components;

    internal FitResult(
        GaussianMixture model, FitStatus status, string? failure, double[] trace, long points, IReadOnlyList<Recovery> recoveries, FitOptions options,
        Precision precision, Func<IReadOnlyList<ComponentDiagnostics>> diagnose)
    {
        Model = model;
        Status = status;
        Failure = failure;
        _trace = trace;
        Points = points;
        Recoveries = recoveries;
        Stop = options.Stop;
        Regularization = options.Regularization;
        Seed = options.Seed;
        _components = new Lazy<IReadOnlyList<ComponentDiagnostics>>(diagnose);
        _warnings = new Lazy<IReadOnlyList<FitWarning>>(() => Warn(precision));
    }

    /// <summary>The best model so far, whatever the status.</summary>
    public GaussianMixture Model { get; }

    /// <summary>How the fit ended.</summary>
    public FitStatus Status { get; }

    /// <summary>Whether the stop rule was met.</summary>
    public bool Converged => Status == FitStatus.Converged;

    /// <summary>For a collapsed fit the component, the place and what to do; otherwise null.</summary>
    public string? Failure { get; }

    /// <summary>Components that collapsed or lost their points on the way, and what was done, in order.</summary>
    public IReadOnlyList<Recovery> Recoveries { get; }

    /// <summary>Complete iterations that led to the model.</summary>
    public int Iterations => _trace.Length - 1;

    /// <summary>N.</summary>
    public long Points { get; }

    /// <summary>[Iterations + 1]: total log-likelihood under the initial parameters and after each iteration.</summary>
    public ReadOnlySpan<double> Trace => _trace;

    /// <summary>Sum over the points of the log-density under the final parameters.</summary>
    public double TotalLogLikelihood => _trace[^1];

    /// <summary>Total log-likelihood divided by N.</summary>
    public double MeanLogLikelihood => TotalLogLikelihood / Points;

    /// <summary>Bayesian information criterion of the model on the fitted data; smaller is better.</summary>
    public double Bic => Model.Bic(TotalLogLikelihood, Points);

    /// <summary>Akaike information criterion of the model on the fitted data; smaller is better.</summary>
    public double Aic => Model.Aic(TotalLogLikelihood);

    /// <summary>The stop rule of the fit.</summary>
    public StopRule Stop { get; }

    /// <summary>The regularization of the fit.</summary>
    public double Regularization { get; }

    /// <summary>The seed of the fit.</summary>
    public long Seed { get; }

    /// <summary>[K]: one entry per component, in the order of the model. Computed at the first reading, at the price of K eigenvalue problems.</summary>
    public IReadOnlyList<ComponentDiagnostics> Components => _components.Value;
}
