using System.Runtime.ExceptionServices;
using Gmm.Fast.Covariance;
using Gmm.Fast.Data;
using Gmm.Fast.Internals;

namespace Gmm.Fast.Em;

/// <summary>
/// One pass over all blocks. Owns the order of addition: blocks go to shards by number, a worker takes whole shards, and shards are folded as a
/// fixed binary tree, so the sums have the same bits whatever the number of workers and whoever took which shard.
/// </summary>
internal sealed unsafe class Sweep : IDisposable
{
    // Below this much arithmetic (point-component-feature products) waking a second thread costs more than it brings.
    private const double SerialWork = 100_000;

    // Moments about a centre far from the mean lose this factor's digits when centred; from here on they are taken again about the new mean.
    private const double MaxCancellation = 1e3;

    private readonly IBlockSource _source;
    private readonly IBlockStep _step;
    private readonly BlockShape _shape;
    private readonly IStatisticsReducer? _reducer;
    private readonly CancellationToken _cancellation;
    private readonly AlignedBuffer<double>[] _memory;
    private readonly SufficientStatistics[] _shards;
    private readonly Action<int> _worker;
    private readonly ParallelOptions _parallel;
    private MixtureParameters _parameters = null!;
    private int _nextShard;

    public Sweep(
        IBlockSource source, IBlockStep step, SufficientStatistics result, int degreeOfParallelism, IStatisticsReducer? reducer, CancellationToken cancellation)
    {
        _source = source;
        _step = step;
        _reducer = reducer;
        _cancellation = cancellation;
        Statistics = result;
        _shape = BlockShape.For(source.RowCount, source.ColumnCount, result.Values.Length);
        var serial = (double)source.RowCount * source.ColumnCount * result.Components < SerialWork;
        _memory = new AlignedBuffer<double>[serial ? 1 : Math.Min(degreeOfParallelism, _shape.Shards)];
        for (var i = 0; i < _memory.Length; i++)
            _memory[i] = new AlignedBuffer<double>(Workspace.Length(_shape.BlockPoints, source.ColumnCount, result.Components));
        _shards = new SufficientStatistics[_shape.Shards];
        for (var i = 0; i < _shards.Length; i++) _shards[i] = new SufficientStatistics(result.CovarianceType, result.Components, result.Dimension);
        _worker = Work;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = _memory.Length };
    }

    /// <summary>The sums of the last pass that was not cancelled.</summary>
    public SufficientStatistics Statistics { get; }

    /// <summary>
    /// Fills <see cref="Statistics"/> under the given parameters, with moments about their means, or about the new means where the first pass
    /// showed that centring would cost digits. False when cancelled: the statistics are then of no use.
    /// </summary>
    public bool Run(MixtureParameters parameters)
    {
        parameters.Means.CopyTo(Statistics.Centers, 0);
        if (!Pass(parameters)) return false;

        var cancels = false;
        var moments = CovarianceTypes.For(Statistics.CovarianceType);
        for (var k = 0; k < Statistics.Components; k++)
            cancels |= Statistics.EffectiveCount(k) > 0 && moments.Cancellation(Statistics, k) > MaxCancellation;
        if (!cancels) return true;

        Maximization.Means(Statistics, Statistics.Centers);
        return Pass(parameters);
    }

    public void Dispose()
    {
        foreach (var buffer in _memory) buffer.Dispose();
    }

    private bool Pass(MixtureParameters parameters)
    {
        _parameters = parameters;
        _nextShard = 0;
        foreach (var shard in _shards)
        {
            shard.Clear();
            Statistics.Centers.CopyTo(shard.Centers, 0);
        }
        if (_memory.Length == 1) Work(0);
        else WorkInParallel();
        if (_cancellation.IsCancellationRequested) return false;

        for (var step = 1; step < _shards.Length; step *= 2)
        {
            for (var i = 0; i + step < _shards.Length; i += 2 * step) _shards[i].Add(_shards[i + step]);
        }
        _shards[0].Values.CopyTo(Statistics.Values);
        _reducer?.AllReduce(Statistics);
        return true;
    }

    private void WorkInParallel()
    {
        try
        {
            Parallel.For(0, _memory.Length, _parallel, _worker);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private void Work(int worker)
    {
        var workspace = new Workspace(_memory[worker].Pointer, _shape.BlockPoints, _source.ColumnCount, Statistics.Components);
        for (var shard = Interlocked.Increment(ref _nextShard) - 1; shard < _shards.Length; shard = Interlocked.Increment(ref _nextShard) - 1)
        {
            var end = _shape.FirstBlock(shard + 1);
            for (var block = _shape.FirstBlock(shard); block < end; block++)
            {
                if (_cancellation.IsCancellationRequested) return;
                var first = block * _shape.BlockPoints;
                var count = (int)Math.Min(_shape.BlockPoints, _source.RowCount - first);
                var rows = _source.GetRows(first, count, workspace.RowScratch);
                _step.Run(workspace.Pack(rows, BlockShape.RowMultiple), _parameters, workspace, _shards[shard]);
            }
        }
    }
}
