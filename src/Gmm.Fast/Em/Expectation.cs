using System.Numerics;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>Runs the E-step over a data set of any element type.</summary>
internal interface IExpectation : IDisposable
{
    /// <summary>The precision of the points.</summary>
    Precision Precision { get; }

    /// <summary>
    /// Replaces <paramref name="into"/> by the statistics under a mixture. Moments are about its means, or about the new means where the first pass
    /// shows that centering would lose digits. Returns false when canceled; the statistics are then undefined.
    /// </summary>
    bool Run(Factored mixture, SufficientStatistics into);

    /// <summary>
    /// Gives the log-likelihood of a mixture without a stated cutoff of responsibilities, over the points in the order of the last pass; null when
    /// canceled.
    /// </summary>
    double? LogLikelihoodWithoutCutoff(Factored mixture);

    /// <summary>The part of the pairs of points and components that passes computed since <see cref="Begin"/>.</summary>
    double ComputedShare => 1;

    /// <summary>Begins a run of EM, of which nothing depends on passes before.</summary>
    void Begin()
    {
    }

    /// <summary>Writes, or reads after <see cref="Begin"/>, what a pass leaves to the next ones.</summary>
    /// <param name="state">The file.</param>
    void Carry(StateCarrier state)
    {
    }
}

/// <inheritdoc cref="IExpectation"/>
internal sealed unsafe class Expectation<T> : IExpectation
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Sweep<T> _sweep;
    private readonly IBlockPass<T> _pass;
    private readonly IBlockPass<T> _allPairs;
    private readonly AlignedBuffer<T> _centers;
    private readonly KernelParameters<T> _parameters;
    private readonly bool _check;
    private readonly TilePasses<T>? _tiles;

    /// <summary>Makes an E-step.</summary>
    /// <param name="sweep">Runs passes over the points.</param>
    /// <param name="pass">The work on one block.</param>
    /// <param name="form">The density form of the mixtures.</param>
    /// <param name="components">K.</param>
    /// <param name="dimension">D.</param>
    /// <param name="check">Whether blocks read for the first time are checked.</param>
    /// <param name="reach">The reach of shares, in bits, or infinity.</param>
    /// <param name="tiles">Decides which passes go by tiles; null for none.</param>
    public Expectation(
        Sweep<T> sweep, IBlockPass<T> pass, DensityForm form, int components, int dimension, bool check = false,
        double reach = double.PositiveInfinity, TilePasses<T>? tiles = null)
    {
        (_sweep, _pass, _allPairs, _check, _tiles) = (sweep, tiles?.Step ?? pass, pass, check, tiles);
        _parameters = new KernelParameters<T>(form, components, dimension) { Reach = T.CreateTruncating(reach) };
        _centers = new AlignedBuffer<T>((long)components * dimension);
    }

    /// <summary>The number of points of weight above 0 that those of the sweep stand for; null where every point stands for itself.</summary>
    public long? RepresentedPoints { get; init; }

    /// <inheritdoc/>
    public Precision Precision => typeof(T) == typeof(float) ? Precision.Single : Precision.Double;

    /// <inheritdoc/>
    public double ComputedShare => _tiles?.ComputedShare ?? 1;

    /// <inheritdoc/>
    public void Begin() => _tiles?.Begin();

    /// <inheritdoc/>
    public void Carry(StateCarrier state) => _tiles?.Carry(state);

    /// <inheritdoc/>
    public bool Run(Factored mixture, SufficientStatistics into)
    {
        _parameters.Load(mixture.Numbers);
        _sweep.Prepare(mixture);
        _tiles?.Prepare(mixture);
        if (!Pass(_pass, mixture.Parameters.Means, into)) return false;

        if (into.LosesDigits(Precision))
        {
            Maximization.Means(into, into.Centers);
            _tiles?.Repeat(mixture);
            if (!Pass(_pass, into.Centers, into)) return false;
        }
        _tiles?.Complete();
        return true;
    }

    /// <inheritdoc/>
    public double? LogLikelihoodWithoutCutoff(Factored mixture)
    {
        var statistics = new SufficientStatistics(mixture.Family.Moments, mixture.Components, mixture.Dimension);
        _parameters.Load(mixture.Numbers);
        _sweep.Prepare(mixture);
        var reach = _parameters.Reach;
        _parameters.Reach = T.PositiveInfinity;
        var done = Pass(_allPairs, mixture.Parameters.Means, statistics);
        _parameters.Reach = reach;
        return done ? statistics.LogLikelihood : null;
    }

    public void Dispose()
    {
        _sweep.Dispose();
        _tiles?.Dispose();
        _centers.Dispose();
        _parameters.Dispose();
    }

    // Centers are rounded to the element type, so that deviations of points near them are exact.
    private bool Pass(IBlockPass<T> pass, ReadOnlySpan<double> centers, SufficientStatistics into)
    {
        for (var i = 0; i < centers.Length; i++)
        {
            _centers.Pointer[i] = T.CreateTruncating(centers[i]);
            into.Centers[i] = double.CreateTruncating(_centers.Pointer[i]);
        }
        if (!_sweep.Run(pass, _parameters, _centers.Pointer, into, _check)) return false;

        if (RepresentedPoints is { } points) into.PointCount = points;

        // A sum out of the range of floats counts as out of range, though doubles hold it.
        if (typeof(T) == typeof(float) && !(into.LogLikelihood > float.MinValue)) into.LogLikelihood = double.MinValue;
        return true;
    }
}
