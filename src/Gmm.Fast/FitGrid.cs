using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;

namespace Gmm.Fast;

/// <summary>
/// Fits mixtures of several numbers of components and families to the same points, which are read, checked, surveyed and packed once. Small fits run
/// side by side as far as memory reaches, each with its share of the threads, large ones one after another with all of them. First come the usual starts
/// of all candidates, then, family by family from few components to many, those from splits. So every candidate has the same bits for any number of
/// threads.
/// </summary>
internal sealed class FitGrid<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // N x D x K of the largest candidate: beyond it, an iteration keeps all threads busy, and fits side by side would compete for the cache.
    private const double LargeWork = 2e7;

    // Components that are split in turn.
    private const int MostSplits = 3;

    private readonly SelectionOptions _options;
    private readonly SelectionClock _clock;
    private readonly CancellationToken _cancellation;
    private readonly WorkTeam _team;
    private readonly FitData<T> _data;
    private readonly Dictionary<(MomentKind, bool), SurveyedData> _surveyed = [];
    private readonly Regularization _regularization;
    private readonly int[] _components;
    private readonly int _threads;
    private readonly RankGroup _ranks = new(null);
    private bool _isLarge;

    /// <summary>Makes a grid.</summary>
    /// <param name="source">The points.</param>
    /// <param name="widen">Gives them in doubles.</param>
    /// <param name="options">The candidates and how to fit them.</param>
    /// <param name="clock">Counts fits.</param>
    /// <param name="cancellation">Ends the fits.</param>
    public FitGrid(
        PointSource<T> source, Func<CheckedSource<T>, PointSource<double>> widen, SelectionOptions options, SelectionClock clock, CancellationToken cancellation)
    {
        (_options, _clock, _cancellation) = (options, clock, cancellation);
        _threads = WorkTeam.SizeOf(options.Fit.MaxDegreeOfParallelism);
        _team = new WorkTeam(_threads);
        _data = new FitData<T>(source, widen, options.Fit, _ranks, _team, cancellation);
        _regularization = options.Fit.Regularization ?? Regularization.Default(_data.Source.Dimension, isSingle: typeof(T) == typeof(float));
        _components = [.. options.Components.Order()];
    }

    /// <summary>The points in doubles.</summary>
    public PointSource<double> Wide => _data.Wide;

    /// <summary>Fits all candidates. Where canceled, those that have no model yet are missing.</summary>
    public Dictionary<(int Components, CovarianceType Type), GridFit> Run()
    {
        var fits = new Dictionary<(int, CovarianceType), GridFit>();
        if (!Open()) return fits;
        var usual = new List<(int K, CovarianceType Type)>();
        foreach (var k in _components) usual.AddRange(_options.CovarianceTypes.Select(type => (k, type)));

        // The longest first, so that no thread is left with one of them in the end.
        Each(usual.OrderByDescending(job => SelectionClock.Work(job.K, job.Type, _data.Source.Dimension)), job => job, (job, threads) =>
        {
            var fit = Fit(_options.Fit with
            {
                Components = job.K,
                CovarianceType = job.Type,
                MaxDegreeOfParallelism = threads,
            });
            lock (fits) fits[job] = fit;
            _clock.Done(job.K, job.Type, _data.Source.Dimension);
        });
        if (_options.SplitStarts && _components.Length > 1)
            Each(_options.CovarianceTypes, type => (_components[^1], type), (type, threads) => Split(type, fits, threads));
        return fits;
    }

    public void Dispose()
    {
        foreach (var surveyed in _surveyed.Values) surveyed.Dispose();
        _data.Dispose();
        _team.Dispose();
    }

    // Reads the points: what is wrong with them is wrong for every candidate, so it is thrown. Returns false when canceled.
    private bool Open()
    {
        _data.Fold(_components[^1]);
        _ranks.Meet(_data.Source.PointCount, 0, _data.Source.Dimension, [], null, canceled: false);
        _isLarge = (double)_data.Source.PointCount * _data.Source.Dimension * _components[^1] > LargeWork;
        var wording = new Wording(_options.Fit.Vocabulary, _options.Fit.ColumnNames);
        var families = _options.CovarianceTypes.Select(FamilyTable.Of).ToArray();
        if (!_data.Open(families.Any(family => family.HasOffDiagonal), wording)) return false;
        foreach (var family in families)
        {
            var key = Key(family);
            if (_surveyed.ContainsKey(key)) continue;
            if (_data.Prepare(family, _regularization, wording) is not { } surveyed) return false;
            _surveyed.Add(key, surveyed);
            if (!surveyed.Run(key.Moments, [])) return false;
        }
        _data.Pack();
        return !_cancellation.IsCancellationRequested;
    }

    private (MomentKind Moments, bool HasOffDiagonal) Key(Family family) =>
        (SurveyedData.Moments(family, SurveyedData.NeedsColumns(_options.Fit, _regularization)), family.HasOffDiagonal);

    private GridFit Fit(FitOptions options)
    {
        try
        {
            using var run = new FitRun<T>(_data, _surveyed[Key(FamilyTable.Of(options.CovarianceType))], options with { DensityQuantiles = false }, _cancellation)
            {
                RestartsRace = true,
            };
            var fit = run.Run();
            return new GridFit(fit, fit.Status == FitStatus.Collapsed ? fit.Failure : null, run.Unsupported);
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            return new GridFit(null, null, 0);
        }
        catch (Exception e) when (e is ArgumentException or InsufficientMemoryException)
        {
            return new GridFit(null, Throw.Message(e), 0);
        }
    }

    // From few components to many: where the fit with one component less is known, its components are split.
    private void Split(CovarianceType type, Dictionary<(int, CovarianceType), GridFit> fits, int threads)
    {
        foreach (var k in _components)
        {
            if (!_components.Contains(k - 1)) continue;
            GridFit before, usual;
            lock (fits) (before, usual) = (fits[(k - 1, type)], fits[(k, type)]);
            if (_cancellation.IsCancellationRequested) return;
            if (before.IsComplete && before.Fit!.Model.ComponentCount == k - 1)
            {
                var splits = ComponentSplit.Splits(
                    before.Fit.Model.Mixture, [.. before.Fit.Components.Select(component => component.EffectiveCount)], MostSplits);

                // More components than points fail, however they begin.
                var split = splits.Count == 0 || k > before.Fit.Points ? usual : Fit(_options.Fit with
                {
                    Components = k,
                    CovarianceType = type,
                    Restarts = splits.Count,
                    Starts = restart => new GaussianMixture(splits[restart], _options.Fit.ColumnNames),
                    MaxDegreeOfParallelism = threads,
                });
                lock (fits) fits[(k, type)] = GridFit.Better(usual, split);
            }
            _clock.Done(k, type, _data.Source.Dimension);
        }
    }

    /// <summary>Gives how many fits may run side by side, at least 1, so that even the largest of them fit into the memory together.</summary>
    /// <param name="threads">The threads that they share.</param>
    /// <param name="most">The most that are wanted.</param>
    /// <param name="bytes">Gives the bytes of each fit from the threads of one.</param>
    /// <param name="available">The bytes of memory that are available.</param>
    internal static int SideBySide(int threads, int most, Func<int, IEnumerable<double>> bytes, double available)
    {
        var workers = most;
        while (workers > 1 && bytes(threads / workers).OrderDescending().Take(workers).Sum() > available) workers--;
        return workers;
    }

    // The points are packed once for all, so no fit has a budget for them.
    private double Bytes((int K, CovarianceType Type) job, int threads)
    {
        var options = _options.Fit with
        {
            Components = job.K,
            CovarianceType = job.Type,
            MaxDegreeOfParallelism = threads,
            PackingBudget = 0,
        };
        return FitChecks.Memory(_data.Source.PointCount, _data.Source.Dimension, options, System.Runtime.CompilerServices.Unsafe.SizeOf<T>(), _data.Source.HasRandomAccess)
            .Bytes(FamilyTable.Of(job.Type));
    }

    /// <summary>Runs jobs side by side, or one after another with all threads.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="largest">Gives the candidate whose fit takes as much memory as a job.</param>
    /// <param name="run">Runs a job with so many threads.</param>
    public void Each<TJob>(IEnumerable<TJob> jobs, Func<TJob, (int K, CovarianceType Type)> largest, Action<TJob, int> run)
    {
        var all = jobs.ToList();
        if (all.Count == 0) return;
        var workers = _isLarge ? 1 : SideBySide(
            _threads, Math.Min(_threads, all.Count), each => all.Select(job => Bytes(largest(job), each)), MachineMemory.Available());
        var threads = Math.Max(1, _threads / workers);
        if (workers == 1)
        {
            foreach (var job in all)
            {
                if (!_cancellation.IsCancellationRequested) run(job, threads);
            }
            return;
        }
        var (next, isFailed) = (0, false);
        _team.Run(workers, _ =>
        {
            for (var i = Interlocked.Increment(ref next) - 1; i < all.Count; i = Interlocked.Increment(ref next) - 1)
            {
                if (_cancellation.IsCancellationRequested || Volatile.Read(ref isFailed)) return;
                try
                {
                    run(all[i], threads);
                }
                catch
                {
                    Volatile.Write(ref isFailed, true);
                    throw;
                }
            }
        });
    }
}
