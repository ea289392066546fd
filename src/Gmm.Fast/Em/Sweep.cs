using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>
/// Runs passes over all blocks and fixes the order of addition: blocks go to shards by number, a worker takes whole shards, and shards are folded as
/// a fixed binary tree. So the sums have the same bits for any number of workers and any distribution of shards.
/// </summary>
internal unsafe class Sweep<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The least work of a worker, in point-component-dimension products: below it, waiting for the worker costs more than it gains.
    private const double WorkPerWorker = 50_000;

    private BlockStore<T>? _store;
    private readonly int _dimension;
    private readonly ShardPlan _plan;
    private readonly RankGroup _ranks;
    private readonly StatisticsTree _tree;
    private readonly WorkTeam _team;
    private readonly int _workers;
    private readonly long _bytes;
    private readonly int _components;
    private readonly Action<int> _work;
    private IBlockPass<T>? _pass;
    private KernelParameters<T>? _parameters;
    private T* _centers;
    private bool _check;
    private CancellationToken _cancellation;
    private readonly Lock _gate = new();
    private int _nextShard;
    private int _failedShard;
    private Exception? _failure;

    /// <summary>Makes a sweep.</summary>
    /// <param name="store">The points.</param>
    /// <param name="plan">Their place in the tree.</param>
    /// <param name="shape">Statistics of the shape that passes fill.</param>
    /// <param name="ranks">The processes of the fit.</param>
    /// <param name="team">The threads.</param>
    /// <param name="cancellation">Ends a pass.</param>
    /// <param name="extra">Numbers of <see cref="Workspace{T}.Extra"/> for each worker.</param>
    public Sweep(
        BlockStore<T> store, ShardPlan plan, SufficientStatistics shape, RankGroup ranks, WorkTeam team, CancellationToken cancellation, long extra = 0)
        : this(store.PointCount, store.Dimension, plan, shape, ranks, team, cancellation, extra) => _store = store;

    /// <summary>Makes a sweep that finds its points itself, <paramref name="points"/> of <paramref name="dimension"/> dimensions.</summary>
    protected Sweep(
        long points, int dimension, ShardPlan plan, SufficientStatistics shape, RankGroup ranks, WorkTeam team, CancellationToken cancellation,
        long extra = 0)
    {
        (_dimension, _plan, _ranks, _team, _cancellation) = (dimension, plan, ranks, team, cancellation);
        _components = shape.Components;
        var work = (double)points * dimension * _components;
        _workers = (int)Math.Clamp(work / WorkPerWorker, 1, Math.Max(1, Math.Min(team.Size, plan.Shape.Shards)));
        _work = Work;
        _bytes = (Workspace<T>.Length(plan.Shape.BlockPoints, dimension, _components) + extra) * sizeof(T);
        _tree = new StatisticsTree(shape, plan.Whole.Shards, plan.FirstShard, plan.FirstShard + plan.Shape.Shards, _workers);
    }

    /// <summary>The most workers at the same time.</summary>
    protected int Workers => _workers;

    /// <summary>The threads.</summary>
    protected WorkTeam Team => _team;

    /// <summary>The work of the running pass on one block.</summary>
    protected IBlockPass<T> CurrentPass => _pass!;

    /// <summary>The mixture of the running pass.</summary>
    protected KernelParameters<T> CurrentParameters => _parameters!;

    /// <summary>[K x D]: the origins of deviations of the running pass.</summary>
    protected T* CurrentCenters => _centers;

    /// <summary>Takes the mixture of the next passes, for sweeps that read more of it than kernels do.</summary>
    public virtual void Prepare(Factored mixture)
    {
    }

    /// <summary>Reads the same points from another store, in another order.</summary>
    public void Use(BlockStore<T> store) => _store = store;

    /// <summary>Takes other points, of which the store says what is the same; another token ends the passes over them.</summary>
    public void Replace(PointSource<T> source, CancellationToken cancellation)
    {
        _store!.Replace(source);
        _cancellation = cancellation;
    }

    /// <summary>
    /// Runs <paramref name="pass"/> over all blocks and writes its sums over all processes to <paramref name="into"/>. Returns false when canceled;
    /// the sums are then undefined.
    /// </summary>
    /// <param name="pass">The work on one block.</param>
    /// <param name="parameters">The mixture.</param>
    /// <param name="centers">[K x D], the origins of deviations.</param>
    /// <param name="into">Receives the sums.</param>
    /// <param name="check">Whether blocks read for the first time are checked.</param>
    public bool Run(IBlockPass<T> pass, KernelParameters<T> parameters, T* centers, SufficientStatistics into, bool check = false)
    {
        Pass(pass, parameters, centers, check);
        return _ranks.Reduce(_tree, _plan, into, _cancellation.IsCancellationRequested, _failure);
    }

    /// <summary>Runs <paramref name="pass"/> over all blocks and gives the nodes of this part with their sums; null when canceled.</summary>
    /// <param name="pass">The work on one block.</param>
    /// <param name="parameters">The mixture.</param>
    /// <param name="centers">[K x D], the origins of deviations.</param>
    /// <param name="check">Whether blocks read for the first time are checked.</param>
    public StatisticsTree? RunPart(IBlockPass<T> pass, KernelParameters<T> parameters, T* centers, bool check)
    {
        Pass(pass, parameters, centers, check);
        if (_failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        return IsCanceled ? null : _tree;
    }

    public virtual void Dispose()
    {
        GC.SuppressFinalize(this);
    }

    /// <summary>Adds the sums of a shard. Returns false where the pass ends early.</summary>
    /// <param name="worker">The number of the worker, from 0.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="workspace">The memory of the worker.</param>
    /// <param name="statistics">Receives the sums.</param>
    protected virtual bool Run(int worker, int shard, in Workspace<T> workspace, SufficientStatistics statistics)
    {
        var end = _plan.FirstBlock(shard + 1);
        for (var number = _plan.FirstBlock(shard); number < end; number++)
        {
            if (EndsEarly(shard)) return false;
            var block = _store!.Load(number, workspace.Room, _check);
            if (block.Count > 0) _pass!.Run(block, _parameters!, workspace, _centers, statistics, _store.Ahead(number, end));
        }
        return true;
    }

    /// <summary>Whether passes end at once.</summary>
    protected bool IsCanceled => _cancellation.IsCancellationRequested;

    /// <summary>Tells whether the pass ends early: canceled, or after a failure in a shard before.</summary>
    protected bool EndsEarly(int shard) => IsCanceled || Volatile.Read(ref _failedShard) < shard;

    private void Pass(IBlockPass<T> pass, KernelParameters<T> parameters, T* centers, bool check)
    {
        (_pass, _parameters, _check, _nextShard) = (pass, parameters, check, 0);
        _centers = centers;
        (_failedShard, _failure) = (int.MaxValue, null);
        _tree.Reset();
        _team.Reserve(_workers, _bytes);
        _team.Run(_workers, _work);
    }

    private void Work(int worker)
    {
        var workspace = new Workspace<T>((T*)_team.Memory(worker), _plan.Shape.BlockPoints, _dimension, _components);
        for (var shard = Interlocked.Increment(ref _nextShard) - 1; shard < _plan.Shape.Shards; shard = Interlocked.Increment(ref _nextShard) - 1)
        {
            var statistics = _tree.Rent();
            try
            {
                if (!Run(worker, shard, workspace, statistics)) return;
            }
            catch (Exception e)
            {
                // Of several failures the one of the first shard: all shards before it were handed out too, and are done to their end.
                lock (_gate)
                {
                    if (shard < _failedShard) (_failedShard, _failure) = (shard, e);
                }
                return;
            }
            _tree.Complete(_plan.FirstShard + shard, statistics);
        }
    }
}
