using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>
/// Decides, pass by pass, in what order the points lie and which passes go by tiles. The order follows from the points and the mixtures alone, so it
/// is the same whether components are left out or not; what is left out changes no bit.
/// </summary>
internal sealed class TilePasses<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Passes that look at the shares of points: 0, 1, 4, 16, 64, ... As long as points have many, at some blocks alone, which cost nothing. Otherwise
    // the leaders of all points may order them, from the first pass on that pays for it.
    private const int LooksGrow = 4;
    private const int LargestStep = 16;
    private const int FewestBlocks = 16;

    // Where points have shares of more components than this part of all, tiles leave out few in any order.
    private const double MostShared = 0.5;

    // Where more than this part of the pairs of tiles and components have shares, whole blocks cost less. The next passes compute them: first few,
    // then more each time.
    private const double MostTiles = 0.6;
    private const int FirstRest = 4;

    private readonly ITileStep<T> _step;
    private readonly Sweep<T> _sweep;
    private readonly BlockStore<T> _asGiven;
    private readonly PointSource<T>? _source;
    private readonly int _components;
    private readonly int _firstOrder;
    private readonly Func<PointSource<T>, BlockStore<T>> _store;
    private BlockStore<T>? _reordered;
    private int[]? _order;
    private LeadingComponents? _leaders;
    private bool _isPlain;
    private int _pass;
    private int _nextLook;
    private int _rest;
    private int _rested;
    private double _computed;
    private double _all;

    /// <summary>Makes the passes of a fit.</summary>
    /// <param name="step">The work on one block.</param>
    /// <param name="sweep">Runs the passes.</param>
    /// <param name="asGiven">The points in their own order.</param>
    /// <param name="source">The points, if single ones are read at little cost; otherwise null, and they keep their order.</param>
    /// <param name="components">K.</param>
    /// <param name="firstOrder">The first pass after which points may be put in order, at least 1.</param>
    /// <param name="store">Makes a store of points in another order.</param>
    public TilePasses(
        ITileStep<T> step, Sweep<T> sweep, BlockStore<T> asGiven, PointSource<T>? source, int components, int firstOrder,
        Func<PointSource<T>, BlockStore<T>> store) =>
        (_step, _sweep, _asGiven, _source, _components, _firstOrder, _store) = (step, sweep, asGiven, source, components, firstOrder, store);

    /// <summary>The work on one block.</summary>
    public IBlockPass<T> Step => _step;

    /// <summary>The part of the pairs of a tile of points and a component that passes computed since <see cref="Begin"/>.</summary>
    public double ComputedShare => _all > 0 ? _computed / _all : 1;

    /// <summary>Begins a run of EM: points lie as they are given.</summary>
    public void Begin()
    {
        (_isPlain, _pass, _nextLook, _rest, _rested, _order, _computed, _all) = (true, 0, 0, FirstRest, 0, null, 0, 0);
        _sweep.Use(_asGiven);
        _reordered?.Dispose();
        _reordered = null;
        _step.Bounds?.Forget();
    }

    /// <summary>Prepares a pass.</summary>
    public void Prepare(Factored mixture)
    {
        _leaders = _pass == _nextLook ? Look() : null;
        _step.Leaders = _leaders;
        _step.ByTiles = _leaders is not null || (!_isPlain && _step.Bounds is not null && _rested == 0);
        _step.ResetCounts();
        if (_step.ByTiles) _step.Bounds?.Follow(mixture);
    }

    /// <summary>Prepares to run the last pass again, about other centers.</summary>
    public void Repeat(Factored mixture)
    {
        Count();
        _step.ResetCounts();
        _step.Leaders = null;
        if (_step.ByTiles) _step.Bounds?.Follow(mixture);
    }

    /// <summary>Draws the conclusions from a complete pass.</summary>
    public void Complete()
    {
        Count();
        if (_leaders is { } leaders)
        {
            _isPlain = leaders.MeanShared > MostShared * _components;
            var order = _isPlain || _source is null ? null : leaders.Order(BlockShape.TileOf<T>());
            if (order is not null) (_rested, _rest) = (0, FirstRest);
            else if (!_isPlain) RestWhereMostHaveShares();
            if (order is not null) Reorder(order, leaders);
            _nextLook = NextLook(leaders.AreAll);
        }
        else if (!_step.ByTiles)
        {
            _rested = Math.Max(0, _rested - 1);
        }
        else
        {
            RestWhereMostHaveShares();
        }
        _leaders = null;
        _pass++;
    }

    /// <summary>Writes or reads what decides about the next passes: their number and the order of the points. Margins begin anew.</summary>
    public void Carry(StateCarrier state)
    {
        state.Carry(ref _isPlain);
        state.Carry(ref _pass);
        state.Carry(ref _nextLook);
        state.Carry(ref _rest);
        state.Carry(ref _rested);
        state.Carry(ref _computed);
        state.Carry(ref _all);
        state.Carry(ref _order);
        if (!state.IsReading || _order is null) return;
        if (_source is null || _order.Length != _source.PointCount) Throw.InvalidModel("holds an order of other points");
        _sweep.Use(_reordered = _store(new ReorderedSource<T>(_source!, _order)));
    }

    public void Dispose()
    {
        _reordered?.Dispose();
        _step.Bounds?.Dispose();
    }

    private void RestWhereMostHaveShares()
    {
        if (!(_step.Shared > MostTiles * _step.Pairs)) return;
        _rested = _rest;
        _rest *= 2;
    }

    // A look at some blocks is followed up where an order of all points may come of it. Where none can, and points have few shares, passes by tiles tell.
    private int NextLook(bool wasAtAll)
    {
        if (!_isPlain && _source is null) return int.MaxValue;
        if (!_isPlain && !wasAtAll) return Math.Max(_pass + 1, _firstOrder);
        var next = 1;
        while (next <= _pass) next *= LooksGrow;
        return next;
    }

    // The first look, and those where points had many shares, are at some blocks.
    private LeadingComponents Look()
    {
        var shape = _asGiven.Shape;
        var step = _isPlain ? (int)Math.Clamp(shape.Blocks / FewestBlocks, 1, LargestStep) : 1;

        // Blocks that are not looked at do not carry their margins along.
        if (step > 1) _step.Bounds?.Forget();
        return new LeadingComponents(_asGiven.PointCount, _components, shape.BlockPoints, step, _source is not null);
    }

    private void Count()
    {
        var tiles = (double)_asGiven.Shape.Blocks * _asGiven.Shape.BlockPoints / BlockShape.TileOf<T>() * _components;
        _computed += tiles - (_step.Pairs - _step.Computed);
        _all += tiles;
    }

    // An order of points that are in another one already is an order of those.
    private void Reorder(int[] order, LeadingComponents leaders)
    {
        int[] given = _order is { } before ? Array.ConvertAll(order, place => before[place]) : order;
        _order = given;
        _reordered?.Dispose();
        _sweep.Use(_reordered = _store(new ReorderedSource<T>(_source!, given)));
        if (_step.Bounds is not { } bounds) return;
        bounds.Forget();
        leaders.MarkActive(bounds, order);
    }
}
