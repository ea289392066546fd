using System.Runtime.CompilerServices;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Computes distances of one point in forms without off-diagonal entries, one component per lane.
///   q = sum over j of ((x_j - mu_j) w_j)^2   (Bishop, PRML, equation 2.44)
/// The sum is a chain in the order of the dimensions, so two groups go together. A last group without a partner is computed twice.
/// </summary>
internal static unsafe class ScaledPoint
{
    /// <inheritdoc cref="IPointKernel.Lay"/>
    public static void Lay(in DensityNumbers numbers, int k, double* target, int stride)
    {
        foreach (var mean in numbers.Mean(k))
        {
            *target = mean;
            target += stride;
        }
        foreach (var scale in numbers.Factor(k))
        {
            *target = scale;
            target += stride;
        }
    }

    /// <summary>Writes the squared distances of a point from all components.</summary>
    /// <param name="groups">[padded / lanes x length x lanes]: D means and the scales of each component.</param>
    /// <param name="length">Numbers of one component.</param>
    /// <param name="scaleStep">1 for one scale per dimension, 0 for one scale per component.</param>
    /// <param name="padded">Components, a multiple of the lanes.</param>
    /// <param name="point">[D].</param>
    /// <param name="dimension">D.</param>
    /// <param name="distances">[padded], receives the distances.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SquaredDistances<TLanes, TVector>(
        double* groups, int length, int scaleStep, int padded, double* point, int dimension, double* distances)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        var toNext = (nint)length * TLanes.Count;
        for (var k = 0; k < padded; k += 2 * TLanes.Count, groups += 2 * toNext)
        {
            nint partner = k + TLanes.Count < padded ? 1 : 0;
            TVector q0 = TLanes.Zero, q1 = TLanes.Zero;
            var mean = groups;
            var scale = groups + (nint)dimension * TLanes.Count;
            for (nint j = 0; j < dimension; j++, mean += TLanes.Count, scale += scaleStep * TLanes.Count)
            {
                var x = TLanes.Broadcast(point[j]);
                var z0 = TLanes.Multiply(TLanes.Subtract(x, TLanes.Load(mean)), TLanes.Load(scale));
                var z1 = TLanes.Multiply(TLanes.Subtract(x, TLanes.Load(mean + partner * toNext)), TLanes.Load(scale + partner * toNext));
                q0 = TLanes.Fma(z0, z0, q0);
                q1 = TLanes.Fma(z1, z1, q1);
            }
            TLanes.Store(distances + k, q0);
            TLanes.Store(distances + k + partner * TLanes.Count, q1);
        }
    }
}

/// <summary>Computes the distances of one point with one scale per dimension.</summary>
internal readonly unsafe struct DiagonalPoint : IPointKernel
{
    public static int Length(int dimension) => 2 * dimension;

    public static void Lay(in DensityNumbers numbers, int k, double* target, int stride) => ScaledPoint.Lay(numbers, k, target, stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SquaredDistances<TLanes, TVector>(double* groups, int padded, double* point, int dimension, double* distances)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct =>
        ScaledPoint.SquaredDistances<TLanes, TVector>(groups, Length(dimension), scaleStep: 1, padded, point, dimension, distances);
}

/// <summary>Computes the distances of one point with one scale per component.</summary>
internal readonly unsafe struct SphericalPoint : IPointKernel
{
    public static int Length(int dimension) => dimension + 1;

    public static void Lay(in DensityNumbers numbers, int k, double* target, int stride) => ScaledPoint.Lay(numbers, k, target, stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SquaredDistances<TLanes, TVector>(double* groups, int padded, double* point, int dimension, double* distances)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct =>
        ScaledPoint.SquaredDistances<TLanes, TVector>(groups, Length(dimension), scaleStep: 0, padded, point, dimension, distances);
}
