using System.Runtime.CompilerServices;
using Gmm.Fast.Families;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// q = |y - m_k|^2 for one point and one component per lane, y = W (x - c) and m_k as in <see cref="TiedCovariance"/>. The point is whitened with
/// one number per lane: four rows at a time keep a multiplier busy, and the triangle is read once for all components.
/// </summary>
internal readonly unsafe struct TiedPoint : IPointKernel
{
    private const int PanelRows = 4;

    // The whitened mean and a scale of 1.
    public static int Length(int dimension) => dimension + 1;

    public static int RoomLength(int dimension) => (dimension + PanelRows - 1) / PanelRows * PanelRows;

    public static void Lay(MixtureParameters parameters, int k, double* target, int stride)
    {
        foreach (var mean in parameters.WhitenedMeans.AsSpan(k * parameters.Dimension, parameters.Dimension))
        {
            *target = mean;
            target += stride;
        }
        *target = 1;
    }

    public static double* Prepare(MixtureParameters parameters, double* point, double* room)
    {
        var dimension = parameters.Dimension;
        fixed (double* factor = parameters.Factors, center = parameters.Center)
        {
            var f = factor;
            for (var i0 = 0; i0 < dimension; i0 += PanelRows)
            {
                double a = 0, b = 0, c = 0, e = 0;
                for (var j = 0; j < Math.Min(i0 + PanelRows, dimension); j++, f += PanelRows)
                {
                    var d = point[j] - center[j];
                    a = Math.FusedMultiplyAdd(f[0], d, a);
                    b = Math.FusedMultiplyAdd(f[1], d, b);
                    c = Math.FusedMultiplyAdd(f[2], d, c);
                    e = Math.FusedMultiplyAdd(f[3], d, e);
                }
                room[i0] = a;
                room[i0 + 1] = b;
                room[i0 + 2] = c;
                room[i0 + 3] = e;
            }
        }
        return room;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SquaredDistances<TLanes, TVector>(double* groups, int padded, double* point, int dimension, double* distances)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct =>
        ScaledPoint.SquaredDistances<TLanes, TVector>(groups, Length(dimension), scaleStep: 0, padded, point, dimension, distances);
}
