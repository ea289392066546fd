using System.Numerics;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>What the kernels read of a mixture, in their element type and on cache lines: a copy that is loaded once per pass over the data.</summary>
internal sealed unsafe class KernelParameters<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> _memory;

    public KernelParameters(MixtureParameters shape)
    {
        Components = shape.Components;
        Dimension = shape.Dimension;
        FactorLength = shape.FactorLength;
        HasWhitenedMeans = shape.WhitenedMeans.Length > 0;
        nint means = (nint)Components * Dimension, factors = (nint)Components * FactorLength;
        _memory = new AlignedBuffer<T>(factors + 2 * means + Dimension + Components);
        Factors = _memory.Pointer;
        Means = Factors + factors;
        WhitenedMeans = Means + means;
        Center = WhitenedMeans + means;
        Constants = Center + Dimension;
    }

    /// <summary>K.</summary>
    public int Components { get; }

    /// <summary>D.</summary>
    public int Dimension { get; }

    /// <summary>Numbers per component in <see cref="Factors"/>.</summary>
    public int FactorLength { get; }

    /// <summary>[K x FactorLength].</summary>
    public T* Factors { get; }

    /// <summary>[K x D].</summary>
    public T* Means { get; }

    /// <summary>[K x D], of a tied covariance only: W (mean - center).</summary>
    public T* WhitenedMeans { get; }

    /// <summary>[D], of a tied covariance only.</summary>
    public T* Center { get; }

    /// <summary>[K]: ln weight plus log-normalizer, to base 2.</summary>
    public T* Constants { get; }

    /// <summary>Whether points are whitened once, see <see cref="MixtureParameters.Whitens"/>.</summary>
    public bool Whitens { get; private set; }

    private bool HasWhitenedMeans { get; }

    /// <summary>Copies the parameters of a mixture of the same shape.</summary>
    public void Load(MixtureParameters parameters)
    {
        Copy(parameters.Factors, Factors);
        Copy(parameters.Means, Means);
        for (var k = 0; k < Components; k++) Constants[k] = T.CreateTruncating(parameters.LogConstants[k] * BinaryLog.Log2E);
        Whitens = parameters.Whitens;
        if (!HasWhitenedMeans) return;
        Copy(parameters.WhitenedMeans, WhitenedMeans);
        Copy(parameters.Center, Center);
    }

    public void Dispose() => _memory.Dispose();

    private static void Copy(ReadOnlySpan<double> source, T* target)
    {
        for (var i = 0; i < source.Length; i++) target[i] = T.CreateTruncating(source[i]);
    }
}
