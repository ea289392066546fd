using System.Numerics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>
/// Holds the options of a fit. Defaults are those of scikit-learn's GaussianMixture, with these differences. Regularization is a fraction of each
/// column's variance, and the start is the best of several short runs: neither depends on the units of the columns. The seed is fixed, so a fit is
/// repeatable. Nothing is added to the effective counts.
/// </summary>
public sealed record FitOptions
{
    /// <summary>K, the number of components: at least 1, at most the number of points.</summary>
    public required int Components { get; init; }

    /// <summary>The form of the covariance matrices.</summary>
    public CovarianceType CovarianceType { get; init; } = CovarianceType.Full;

    /// <summary>
    /// The initial parameters, used as they are: regularization enters at the first M-step. They must have the components, the covariance type and
    /// the dimension of the fit. If null, <see cref="Starts"/> or <see cref="Start"/> gives the parameters.
    /// </summary>
    public GaussianMixture? InitialModel { get; init; }

    /// <summary>The function that gives the initial parameters of each restart, from 0: <see cref="InitialModel"/> for several restarts.</summary>
    public Func<int, GaussianMixture>? Starts { get; init; }

    /// <summary>
    /// The fit to continue; null for a new one. The fit goes on where that one ended: the trace and the number of iterations go on, and the stop rule
    /// compares with the log-likelihoods before. A fit that the stop rule would have ended already ends at once, converged. It ends with the bits of
    /// one fit without a break, unless it is accelerated, or so large that it puts its points in order (<see cref="Skipping"/>), which it does anew.
    /// The points, the regularization, the floor and the cutoff must be those of that fit. Stop rule, collapse policy and limits may be others. See
    /// <see cref="Continue"/>.
    /// </summary>
    public FitResult? ContinueFrom { get; init; }

    /// <summary>
    /// The file of a <see cref="FitCheckpoint"/> to go on from; null for a fit from its beginning. Points and options must be those of the fit that wrote
    /// it, but for what changes no bit: threads, budgets, progress, checkpoints. The fit then ends with the bits of one that was never interrupted;
    /// <see cref="FitResult.ComputedShare"/> alone, a measure of work, may be another. A fit that is over when its process ends has a checkpoint of
    /// before, and ends again.
    /// </summary>
    public string? ResumeFrom { get; init; }

    /// <summary>Where and how often the fit writes what it needs to go on; null for nowhere. Of several processes, the first one writes.</summary>
    public FitCheckpoint? Checkpoint { get; init; }

    /// <summary>
    /// The time, above 0, after which the fit ends with the best model so far and <see cref="FitStatus.TimeBudget"/>; null for none. It begins with the
    /// call. The fit looks at the clock between passes, so that it ends with the pass under way, and in any case has a model.
    /// </summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>The start of a fit without initial parameters.</summary>
    public StartMethod Start { get; init; } = StartMethod.SmallEm;

    /// <summary>The seed of the starts; each restart draws from a stream of its own.</summary>
    public long Seed { get; init; }

    /// <summary>The number of starts, at least 1; the fit keeps the result with the largest log-likelihood.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>The largest number of iterations of one start, at least 0; of a continued fit, beside those before.</summary>
    public int MaxIterations { get; init; } = 100;

    /// <summary>
    /// The way to need fewer passes over the points; none by default. A proposal is taken where the log-likelihood does not fall; a refused one costs one
    /// pass (<see cref="FitResult.RefusedProposals"/>). The result does not depend on units, threads or processes beyond what it does without. Another
    /// path may end in another optimum. The stop rule counts steps of EM alone: where a proposal rises by less than the tolerance, an EM step decides.
    /// A fit that continues another one begins to remember steps anew, so it has other bits than one without a break.
    /// </summary>
    public Acceleration Acceleration { get; init; } = Acceleration.None;

    /// <summary>
    /// Whether the fit begins on samples of its points. They belong to the start: at most 100 iterations on each, whatever <see cref="MaxIterations"/> is,
    /// and none in the trace or a report. <see cref="FitResult.SamplePasses"/> tells their work.
    /// </summary>
    public Progressive Progressive { get; init; } = Progressive.Auto;

    /// <summary>The rule that stops a start before its last iteration.</summary>
    public StopRule Stop { get; init; } = StopRule.MeanChange();

    /// <summary>
    /// What each M-step adds to every variance. A number, as in <c>Regularization = 1e-6</c>, is in squared units of the data: scikit-learn's
    /// reg_covar. Null, the default, is a fraction of each column's variance over all points: <see cref="Gmm.Fast.Regularization.Relative"/> of
    /// 1e-12 D for points in doubles, at most 1e-6, and of 1e-6 for points in floats.
    /// </summary>
    public Regularization? Regularization { get; init; }

    /// <summary>
    /// The least variance of a component in any direction, as a fraction of the variance of all points in that direction; at least 0, below 1.
    /// Unlike <see cref="Regularization"/> it does not change a wider component. A covariance below it is replaced by the most
    /// likely one that is not: dimension by dimension, or with off-diagonal entries in the eigenvalues relative to the variances of the data
    /// (Ingrassia and Rocci, Constrained monotone EM algorithms for finite mixture of multivariate Gaussians, CSDA 51, 2007). A constant column has
    /// no variance, so the floor does not act on it.
    /// </summary>
    public double VarianceFloor { get; init; }

    /// <summary>The policy for a component that collapses or loses all its points.</summary>
    public CollapsePolicy OnCollapse { get; init; } = CollapsePolicy.Fail;

    /// <summary>
    /// The most threads, at least 1, or -1 for one per processor; no more than 250 work, or one per processor. The result has the same bits for any number.
    /// </summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>
    /// The most bytes of points that stay packed for the kernels, at least 0; default 48 MiB. Each iteration reads the other points from the array or
    /// the source again. The result has the same bits for any number.
    /// </summary>
    public long PackingBudget { get; init; } = 48L << 20;

    /// <summary>Whether passes leave out pairs of points and components whose responsibility is exactly 0, and whether points may change places.</summary>
    public Skipping Skipping { get; init; } = Skipping.Auto;

    /// <summary>
    /// The part of its point's largest responsibility below which a responsibility is exactly 0, at most 2^-8. At the default, 0, it is that of the
    /// definition, 2^-64.5, which changes no log-likelihood beyond rounding. Another part c takes at most K c of each point's log-likelihood, in
    /// nats, and with it the pairs of points and components that need not be computed.
    /// </summary>
    public double ResponsibilityCutoff { get; init; }

    /// <summary>Whether equal points are fitted as one with the sum of their weights, where that pays.</summary>
    public Duplicates Duplicates { get; init; } = Duplicates.Auto;

    /// <summary>
    /// Whether the model keeps the distribution of the log-densities of the points, for <see cref="GaussianMixture.TailProbability(double)"/>. It
    /// costs one more pass without moments.
    /// </summary>
    public bool DensityQuantiles { get; init; }

    /// <summary>
    /// What NaN in the points means. With <see cref="Gmm.Fast.MissingValues.Marginalize"/> the fit maximizes the likelihood of the present values
    /// (Ghahramani and Jordan, Supervised learning from incomplete data via an EM approach, NIPS 6, 1994). Points without a value are left out.
    /// Fractions of variances, of <see cref="Regularization"/> and <see cref="VarianceFloor"/>, are of those of the present values of each column.
    /// Points that all are complete give the bits of <see cref="Gmm.Fast.MissingValues.Error"/>.
    /// </summary>
    public MissingValues MissingValues { get; init; } = MissingValues.Error;

    /// <summary>
    /// The receiver of what is missing, called on the fitting thread before the first iteration where points have gaps; null for none. It tells
    /// beforehand whether patterns make the fit slow (<see cref="GapSummary.PatternWork"/>).
    /// </summary>
    public IProgress<GapSummary>? GapsFound { get; init; }

    /// <summary>The order of the components in the model.</summary>
    public ComponentOrder Order { get; init; } = ComponentOrder.AsFound;

    /// <summary>The words in which errors, failures and warnings speak of columns and options.</summary>
    public Vocabulary Vocabulary { get; init; } = Vocabulary.Library;

    /// <summary>[D]: names of the dimensions, kept with the model; null for none.</summary>
    public IReadOnlyList<string>? ColumnNames { get; init; }

    /// <summary>The receiver of progress, called on the fitting thread after the initial E-step and after each iteration; null for none.</summary>
    public IProgress<IterationInfo>? Progress { get; init; }

    /// <summary>
    /// The communicator that joins this fit with those of other processes on other parts of the points; null for a process alone. All processes give
    /// the same options and end with the same result. Where every part begins at a shard of the whole (<see cref="PointPart"/>), the result has the
    /// bits of one process, whose points lie in the order in which they are given (<see cref="Skipping.InOrder"/>) and one by one
    /// (<see cref="Duplicates.Keep"/>), and which begins with all of them (<see cref="Progressive.Off"/>).
    /// </summary>
    public ICommunicator? Communicator { get; init; }

    /// <summary>
    /// Gives these options with the <see cref="PackingBudget"/> that keeps a fit within a number of bytes, beside its source: the points that fit stay
    /// packed, and every iteration reads the others again. The result has the same bits for any number.
    /// </summary>
    /// <typeparam name="T">double or float.</typeparam>
    /// <param name="source">The points of the fit.</param>
    /// <param name="bytes">The most memory that the fit takes, about.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of bytes is negative, or there are no components.</exception>
    /// <exception cref="InsufficientMemoryException">The fit needs more, also if no points stay packed; the message names both numbers.</exception>
    public FitOptions WithinMemory<T>(PointSource<T> source, long bytes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(source);
        Check.AtLeast(nameof(bytes), bytes, 0);
        Check.AtLeast(nameof(Components), Components, 1);
        var family = FamilyTable.Of(CovarianceType);
        var unpacked = FitChecks.Memory(source.PointCount, source.Dimension, this with { PackingBudget = 0 }, Unsafe.SizeOf<T>(), source.HasRandomAccess);
        var needed = unpacked.Bytes(family);
        unpacked.Check(family, needed, bytes);
        return this with { PackingBudget = bytes - (long)needed };
    }

    /// <summary>
    /// Gives the options of a fit, to continue it: <c>MixtureFit.Fit(points, FitOptions.Continue(fit))</c>. Limits, <see cref="Order"/> and what
    /// concerns the machine have their defaults.
    /// </summary>
    /// <param name="fit">The fit to continue, from this process or from a file.</param>
    public static FitOptions Continue(FitResult fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return new FitOptions
        {
            Components = fit.Model.ComponentCount,
            CovarianceType = fit.Model.CovarianceType,
            ContinueFrom = fit,
            Seed = fit.Seed,
            Stop = fit.Stop,
            Regularization = fit.Regularization,
            VarianceFloor = fit.Record.VarianceFloor,
            OnCollapse = fit.Record.OnCollapse,
            MissingValues = fit.Model.MissingValues,
            Acceleration = fit.Record.Acceleration,
            ResponsibilityCutoff = fit.Record.ResponsibilityCutoff,
            Duplicates = fit.Record.DistinctPoints is null ? Duplicates.Keep : Duplicates.Auto,
            ColumnNames = fit.Model.ColumnNames,
            DensityQuantiles = fit.Model.HasDensityQuantiles,
        };
    }
}
