using System.Numerics;
using Gmm.Fast.Internals;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>Holds the numbers that kernels read of a mixture, in their element type and on cache lines. Each pass loads them once.</summary>
internal sealed unsafe class KernelParameters<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> _memory;
    private readonly AlignedBuffer<int> _identity;

    /// <summary>Makes room for mixtures of one form and size.</summary>
    public KernelParameters(DensityForm form, int components, int dimension)
    {
        Components = components;
        FactorLength = form.FactorLength(dimension);
        nint means = (nint)components * dimension, factors = (nint)components * FactorLength + form.ExtraLength(components, dimension);
        _memory = new AlignedBuffer<T>(factors + means + components);
        Factors = _memory.Pointer;
        Means = Factors + factors;
        Constants = Means + means;
        _identity = new AlignedBuffer<int>(components);
        for (var k = 0; k < components; k++) _identity.Pointer[k] = k;
    }

    /// <summary>K.</summary>
    public int Components { get; }

    /// <summary>Numbers per component in <see cref="Factors"/>.</summary>
    public int FactorLength { get; }

    /// <summary>[K x FactorLength], then <see cref="Extra"/>.</summary>
    public T* Factors { get; }

    /// <summary>[ExtraLength]: the numbers that all components share.</summary>
    public T* Extra => Factors + (nint)Components * FactorLength;

    /// <summary>[K x D].</summary>
    public T* Means { get; }

    /// <summary>[K]: ln weight plus log-normalizer, to base 2.</summary>
    public T* Constants { get; }

    /// <summary>The reach of shares, in bits: those below 2^-Reach of the largest of their point are 0; infinity for the reach of the definition.</summary>
    public T Reach { get; set; } = T.PositiveInfinity;

    /// <summary>All components, in order.</summary>
    public ActiveComponents All => new(_identity.Pointer, Components);

    /// <summary>Copies a mixture of the same form and size.</summary>
    public void Load(in DensityNumbers numbers)
    {
        Copy(numbers.Factors, Factors);
        Copy(numbers.Means, Means);
        for (var k = 0; k < Components; k++) Constants[k] = T.CreateTruncating(numbers.LogConstants[k] * BinaryLog.Log2E);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _identity.Dispose();
    }

    private static void Copy(ReadOnlySpan<double> source, T* target)
    {
        for (var i = 0; i < source.Length; i++) target[i] = T.CreateTruncating(source[i]);
    }
}
