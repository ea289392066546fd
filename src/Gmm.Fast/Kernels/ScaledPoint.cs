using System.Runtime.CompilerServices;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// q = sum over j of ((x_j - mu_j) w_j)^2 for one point and one component per lane; w_j is one inverse standard deviation per feature, or one for all
/// (a step of 0). The sum is a chain in the order of the features, so two groups are under way at once; a last one without a partner is done twice,
/// in the time that its chain takes anyway.
/// </summary>
internal static unsafe class ScaledPoint
{
    public static void Lay(MixtureParameters parameters, int k, double* target, int stride)
    {
        foreach (var mean in parameters.Mean(k))
        {
            *target = mean;
            target += stride;
        }
        foreach (var scale in parameters.Factor(k))
        {
            *target = scale;
            target += stride;
        }
    }

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

/// <summary>One scale per feature.</summary>
internal readonly unsafe struct DiagonalPoint : IPointKernel
{
    public static int Length(int dimension) => 2 * dimension;

    public static void Lay(MixtureParameters parameters, int k, double* target, int stride) => ScaledPoint.Lay(parameters, k, target, stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SquaredDistances<TLanes, TVector>(double* groups, int padded, double* point, int dimension, double* distances)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct =>
        ScaledPoint.SquaredDistances<TLanes, TVector>(groups, Length(dimension), scaleStep: 1, padded, point, dimension, distances);
}

/// <summary>One scale per component.</summary>
internal readonly unsafe struct SphericalPoint : IPointKernel
{
    public static int Length(int dimension) => dimension + 1;

    public static void Lay(MixtureParameters parameters, int k, double* target, int stride) => ScaledPoint.Lay(parameters, k, target, stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SquaredDistances<TLanes, TVector>(double* groups, int padded, double* point, int dimension, double* distances)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct =>
        ScaledPoint.SquaredDistances<TLanes, TVector>(groups, Length(dimension), scaleStep: 0, padded, point, dimension, distances);
}
