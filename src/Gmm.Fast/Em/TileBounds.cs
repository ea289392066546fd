using System.Numerics;
using System.Numerics.Tensors;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>
/// Keeps, for every tile of points and every component without a share of it, how far the component is out of reach, and carries that from pass to
/// pass. With best_p the largest log of weight times density of point p, to base 2, a component has no share of p where
///   q_p &gt;= limit_p,   limit_p = 2 ln 2 (c - best_p + reach)
/// (<see cref="DistanceLimits{TLanes, TVector, T}"/>). The margin e is the least q_p - limit_p of the tile. When the mixture changes, distances fall to
/// (d - shift) scale at least (<see cref="DistanceDrift"/>), and limits rise by 2 ln 2 (c' - c + fall), fall the most by which a best_p fell. With L
/// the largest limit of the tile, its margin is then at least
///   e' = scale^2 max(0, sqrt(L + e) - shift)^2 - L - 2 ln 2 (c' - c + fall),   scale at most 1
/// since that falls with L and grows with e. With a scale above 1 it would grow with L, and a point with a smaller limit would have less.
/// A component of weight 0 has no share anywhere, whatever its margin. Margins decide what is computed, never a result.
/// </summary>
internal sealed unsafe class TileBounds<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Roundings of the numbers of components, and of a margin and its limit in one step; both are floats.
    private const double Down = 1 - 1e-6;
    private const double Up = 1 + 1e-6;
    private const float RoundingPart = 2e-6f;

    // The reach of shares by definition, and what floats round of a log; larger logs are rounded more.
    private const double DefinedReach = 64.5;
    private const double LogRounding = 0.5;
    private const double LargestLog = 1e5;
    private const float PerBit = (float)(-1 / BinaryLog.MinusHalfLog2E);

    private const float Unknown = -1e30f;
    private const float Largest = 1e30f;

    private readonly DensityForm _form;
    private readonly int _components;
    private readonly int _dimension;
    private readonly int _tilesPerBlock;
    private readonly int _words;
    private readonly double _reach;
    private readonly WorkTeam _team;
    private readonly AlignedBuffer<float> _margins;
    private readonly AlignedBuffer<float> _lowest;
    private readonly AlignedBuffer<T> _best;
    private readonly AlignedBuffer<ulong> _active;
    private readonly AlignedBuffer<float> _perComponent;
    private readonly AlignedBuffer<double> _scratch;
    private readonly double[] _means;
    private readonly double[] _factors;
    private readonly (double Rounding, double Offset)[] _roundings;
    private readonly Action<int> _findDrifts;
    private Factored? _mixture;
    private bool _hasPast;
    private int _next;

    /// <summary>Makes bounds that know nothing.</summary>
    /// <param name="form">The density form of the mixtures.</param>
    /// <param name="components">K.</param>
    /// <param name="dimension">D.</param>
    /// <param name="shape">The blocks of the points.</param>
    /// <param name="reach">The reach of shares, in bits, or infinity.</param>
    /// <param name="team">The threads.</param>
    public TileBounds(DensityForm form, int components, int dimension, BlockShape shape, double reach, WorkTeam team)
    {
        (_form, _components, _dimension, _team) = (form, components, dimension, team);
        _reach = Math.Min(DefinedReach, reach) + LogRounding;
        _tilesPerBlock = shape.BlockPoints / BlockShape.TileOf<T>();
        _words = (components + 63) / 64;
        _margins = new AlignedBuffer<float>(shape.Blocks * _tilesPerBlock * components);
        _lowest = new AlignedBuffer<float>(shape.Blocks * _tilesPerBlock);
        _best = new AlignedBuffer<T>(shape.Blocks * shape.BlockPoints);
        _active = new AlignedBuffer<ulong>(shape.Blocks * _tilesPerBlock * _words);
        _perComponent = new AlignedBuffer<float>(5L * components);
        _scratch = new AlignedBuffer<double>(form.DriftScratch(dimension) * team.Size);
        _means = new double[components * dimension];
        _factors = new double[checked(components * form.FactorLength(dimension) + form.ExtraLength(components, dimension))];
        _roundings = new (double, double)[components];
        _findDrifts = FindDrifts;
        Forget();
    }

    /// <summary>Whether log-densities are in the range in which bounds are certain.</summary>
    public bool IsCertain { get; private set; }

    private float* Shifts => _perComponent.Pointer;

    private float* Scales => _perComponent.Pointer + _components;

    // [K]: 2 ln 2 c of the mixture before, and of the one that follows.
    private float* Before => _perComponent.Pointer + 2 * (nint)_components;

    private float* After => _perComponent.Pointer + 3 * (nint)_components;

    // [K]: the latter with all that it rounds.
    private float* AfterAtMost => _perComponent.Pointer + 4 * (nint)_components;

    /// <summary>Estimates the bytes for so many points.</summary>
    public static double Bytes(double points, int components) =>
        points * (sizeof(T) + (sizeof(float) + components * (sizeof(float) + 1.0 / 8)) / BlockShape.TileOf<T>());

    /// <summary>Gives the floor of a point: what is below it has no share beside <paramref name="best"/>, a log to base 2.</summary>
    public double Floor(double best) => Math.Abs(best) <= LargestLog ? best - _reach : double.NegativeInfinity;

    /// <summary>Forgets all margins.</summary>
    public void Forget()
    {
        _hasPast = false;
        for (long block = 0; block < _lowest.Length / _tilesPerBlock; block++) Forget(block);
    }

    /// <summary>Forgets the margins of a block.</summary>
    public void Forget(long block)
    {
        new Span<float>(MarginsOf(block, 0), _tilesPerBlock * _components).Fill(Unknown);
        new Span<ulong>(ActiveOf(block, 0), _tilesPerBlock * _words).Clear();
        new Span<float>(_lowest.Pointer + block * _tilesPerBlock, _tilesPerBlock).Clear();
        new Span<T>(BestOf(block, 0), _tilesPerBlock * BlockShape.TileOf<T>()).Clear();
    }

    /// <summary>Takes the mixture of the next pass, and finds how far distances moved since the last mixture taken.</summary>
    public void Follow(Factored mixture)
    {
        IsCertain = true;
        for (var k = 0; k < _components; k++)
        {
            var constant = mixture.LogConstants[k] * BinaryLog.Log2E;
            Before[k] = _hasPast ? After[k] : PerBit * (float)constant;
            After[k] = PerBit * (float)constant;
            AfterAtMost[k] = After[k] + RoundingPart * Math.Abs(After[k]);
            if (double.IsFinite(constant) && Math.Abs(constant) > LargestLog) IsCertain = false;
        }
        _mixture = mixture;
        _next = 0;
        _team.Run(Math.Min(_team.Size, _components), _findDrifts);
        mixture.Parameters.Means.CopyTo(_means);
        mixture.Factors.CopyTo(_factors, 0);
        _hasPast = true;
    }

    /// <summary>Lists the components that had a share of a tile. Returns their number.</summary>
    /// <param name="block">The number of the block.</param>
    /// <param name="tile">The tile within the block.</param>
    /// <param name="list">[K], receives the components, ascending.</param>
    public int Active(long block, int tile, int* list)
    {
        var count = 0;
        var words = ActiveOf(block, tile);
        for (var w = 0; w < _words; w++)
        {
            for (var word = words[w]; word != 0; word &= word - 1) list[count++] = 64 * w + BitOperations.TrailingZeroCount(word);
        }
        return count;
    }

    /// <summary>
    /// Carries the margins of a tile along, and lists the components that had no share of it and may have one now. Returns their number.
    /// </summary>
    /// <param name="block">The number of the block.</param>
    /// <param name="tile">The tile within the block.</param>
    /// <param name="floors">[points of a tile]: the floors from those components that had a share; minus infinity where nothing is certain.</param>
    /// <param name="scratch">[K].</param>
    /// <param name="list">[K], receives the components, ascending.</param>
    public int Others(long block, int tile, T* floors, float* scratch, int* list)
    {
        double fall = 0;
        var best = BestOf(block, tile);
        for (var p = 0; p < BlockShape.TileOf<T>(); p++) fall = Math.Max(fall, double.CreateTruncating(best[p]) - _reach - double.CreateTruncating(floors[p]));
        var margins = new Span<float>(MarginsOf(block, tile), _components);
        if (!IsCertain || !(fall <= LargestLog)) margins.Fill(Unknown);

        var lift = PerBit * (float)(_reach - _lowest.Pointer[block * _tilesPerBlock + tile]);
        var roots = new Span<float>(scratch, _components);

        // L + e, its root less the shift, the square; then less L' = L + 2 ln 2 (c' - c + fall), and what all this rounds.
        TensorPrimitives.Add(margins, new ReadOnlySpan<float>(Before, _components), roots);
        TensorPrimitives.Add(roots, lift, roots);
        TensorPrimitives.Max(roots, 0f, roots);
        TensorPrimitives.Sqrt(roots, roots);
        TensorPrimitives.Subtract(roots, new ReadOnlySpan<float>(Shifts, _components), roots);
        TensorPrimitives.Max(roots, 0f, roots);
        TensorPrimitives.Multiply(roots, new ReadOnlySpan<float>(Scales, _components), roots);
        TensorPrimitives.Multiply(roots, roots, roots);
        TensorPrimitives.Multiply(roots, 1 - RoundingPart, roots);
        TensorPrimitives.Subtract(roots, new ReadOnlySpan<float>(AfterAtMost, _components), roots);
        TensorPrimitives.Subtract(roots, lift + PerBit * (float)(fall * Up) + RoundingPart * Math.Abs(lift), margins);

        var count = 0;
        var words = ActiveOf(block, tile);
        for (var k = 0; k < _components; k++)
        {
            // A margin of NaN tells nothing.
            if (!(margins[k] > 0) && !float.IsNegativeInfinity(After[k]) && (words[k >> 6] >> (k & 63) & 1) == 0) list[count++] = k;
        }
        return count;
    }

    /// <summary>Notes the largest logs of the points of a tile, to which its margins refer.</summary>
    /// <param name="block">The number of the block.</param>
    /// <param name="tile">The tile within the block.</param>
    /// <param name="best">[points of a tile], to base 2.</param>
    public void NoteBest(long block, int tile, T* best)
    {
        var points = new ReadOnlySpan<T>(best, BlockShape.TileOf<T>());
        points.CopyTo(new Span<T>(BestOf(block, tile), points.Length));
        _lowest.Pointer[block * _tilesPerBlock + tile] = float.CreateTruncating(TensorPrimitives.Min(points));
        new Span<ulong>(ActiveOf(block, tile), _words).Clear();
    }

    /// <summary>Notes the margin of a component without a share of a tile.</summary>
    /// <param name="block">The number of the block.</param>
    /// <param name="tile">The tile within the block.</param>
    /// <param name="k">The component.</param>
    /// <param name="least">The least q_p + 2 ln 2 best_p of the tile.</param>
    public void NoteMargin(long block, int tile, int k, double least)
    {
        var margin = (float)(least - PerBit * _reach) - After[k] - RoundingPart * ((float)Math.Abs(least) + Math.Abs(After[k]));
        MarginsOf(block, tile)[k] = float.IsFinite(margin) ? Math.Min(Largest, margin) : Unknown;
    }

    /// <summary>Notes that a component has a share of a tile.</summary>
    public void MarkActive(long block, int tile, int k)
    {
        MarginsOf(block, tile)[k] = Unknown;
        ActiveOf(block, tile)[k >> 6] |= 1UL << (k & 63);
    }

    public void Dispose()
    {
        _margins.Dispose();
        _lowest.Dispose();
        _best.Dispose();
        _active.Dispose();
        _perComponent.Dispose();
        _scratch.Dispose();
    }

    private float* MarginsOf(long block, int tile) => _margins.Pointer + (block * _tilesPerBlock + tile) * _components;

    private T* BestOf(long block, int tile) => _best.Pointer + (block * _tilesPerBlock + tile) * BlockShape.TileOf<T>();

    private ulong* ActiveOf(long block, int tile) => _active.Pointer + (block * _tilesPerBlock + tile) * _words;

    // Both sides of a bound are computed distances: those of the past are as much rounded as those to come.
    private void FindDrifts(int worker)
    {
        var scratch = _scratch.Pointer + worker * _form.DriftScratch(_dimension);
        var after = _mixture!.Numbers;
        var before = _hasPast ? new DensityNumbers(_components, _dimension, _form.FactorLength(_dimension), _means, _factors, default) : after;
        for (var k = Interlocked.Increment(ref _next) - 1; k < _components; k = Interlocked.Increment(ref _next) - 1)
        {
            var drift = _form.Drift<T>(before, after, k, scratch);
            var (rounding, offset) = _roundings[k];
            var scale = (1 - rounding) * drift.Scale * (1 - drift.Rounding);
            var shift = (offset + drift.Shift) / Math.Max(1 - rounding, double.Epsilon) + (scale > 0 ? drift.Offset / scale : 0);
            Scales[k] = scale > 0 && double.IsFinite(shift) ? (float)(Math.Min(scale, 1) * Down) : 0;
            Shifts[k] = Scales[k] > 0 ? (float)(shift * Up) : 0;
            _roundings[k] = (drift.Rounding, drift.Offset);
        }
    }
}
