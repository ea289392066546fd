using System.Runtime.InteropServices;
using Gmm.Fast.Covariance;
using Gmm.Fast.Internals;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>
/// The sums of one worker while it works on a shard: every number of <see cref="SufficientStatistics"/> as one sum per lane of the widest vector,
/// so that no block adds lanes to each other. They are folded into the statistics once per shard; where the model is so large that all of them
/// would leave the caches, component by component in every block.
/// </summary>
internal sealed unsafe class Partials : IDisposable
{
    // Bytes of partial sums that a worker keeps for all components at once: what leaves room for a block in a second-level cache of a megabyte or two.
    private const long AllComponents = 1500L << 10;

    private readonly AlignedBuffer<double> _memory;
    private readonly int _lanes;
    private readonly int _components;
    private readonly int _componentLength;
    private readonly bool _together;

    /// <param name="shape">Statistics of the shape to sum.</param>
    /// <param name="lanes">Partial sums per number, 8 or 16.</param>
    public Partials(SufficientStatistics shape, int lanes)
    {
        _lanes = lanes;
        _components = shape.Components;
        _componentLength = shape.ComponentLength;
        _together = (long)_components * _componentLength * lanes * sizeof(double) <= AllComponents;
        _memory = new AlignedBuffer<double>(((long)_componentLength * (_together ? _components : 1) + 1) * lanes);
        NativeMemory.Clear(_memory.Pointer, (nuint)_memory.Length * sizeof(double));
    }

    /// <summary>[lanes]: of the log-likelihood.</summary>
    public double* LogLikelihood => _memory.Pointer;

    /// <summary>[(1 + D + SecondMomentLength) x lanes]: of component <paramref name="k"/>.</summary>
    public double* Component(int k) => _memory.Pointer + _lanes + (_together ? (nint)k * _componentLength * _lanes : 0);

    /// <summary>To be called after each component of each block.</summary>
    public void Done(int k, SufficientStatistics statistics)
    {
        if (!_together) Fold(Component(k), statistics.Values.Slice(k * _componentLength, _componentLength));
    }

    /// <summary>Moves what is left to the statistics of the finished shard.</summary>
    public void Flush(SufficientStatistics statistics)
    {
        for (var k = 0; k < _components && _together; k++) Fold(Component(k), statistics.Values.Slice(k * _componentLength, _componentLength));
        statistics.LogLikelihood += LaneSum.Take(LogLikelihood, _lanes);
    }

    public void Dispose() => _memory.Dispose();

    private void Fold(double* partials, Span<double> sums)
    {
        for (var i = 0; i < sums.Length; i++, partials += _lanes) sums[i] += LaneSum.Take(partials, _lanes);
    }
}
