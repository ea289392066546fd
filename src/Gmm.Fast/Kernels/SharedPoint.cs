using System.Runtime.CompilerServices;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Computes distances of one point from components that share one factor, one component per lane.
///   q_k = |y - m_k|^2,  y = W (x - c),  m_k = W (mu_k - c)   (as <see cref="SharedForm{TLanes, TVector, T}"/>)
/// The point is whitened once, in scalars: four rows at a time, with the triangle read once for all components.
/// </summary>
internal readonly unsafe struct SharedPoint : IPointKernel
{
    private const int PanelRows = TriangularPanels.Rows;

    // Counts the whitened mean and a scale of 1.
    public static int Length(int dimension) => dimension + 1;

    public static int RoomLength(int dimension) => (dimension + PanelRows - 1) / PanelRows * PanelRows;

    public static void Lay(in DensityNumbers numbers, int k, double* target, int stride)
    {
        foreach (var mean in numbers.Extra.Slice(SharedNumbers.Center + (1 + k) * numbers.Dimension, numbers.Dimension))
        {
            *target = mean;
            target += stride;
        }
        *target = 1;
    }

    // Counts the center and the panels of the factor.
    public static int SharedLength(int dimension) => dimension + TriangularPanels.Length(dimension);

    public static void LayShared(in DensityNumbers numbers, double* target)
    {
        var dimension = numbers.Dimension;
        numbers.Extra.Slice(SharedNumbers.Center, dimension).CopyTo(new Span<double>(target, dimension));
        numbers.Factor(0).CopyTo(new Span<double>(target + dimension, numbers.FactorLength));
    }

    public static double* Prepare(double* shared, int dimension, double* point, double* room)
    {
        double* center = shared, f = shared + dimension;
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
        return room;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SquaredDistances<TLanes, TVector>(double* groups, int padded, double* point, int dimension, double* distances)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct =>
        ScaledPoint.SquaredDistances<TLanes, TVector>(groups, Length(dimension), scaleStep: 0, padded, point, dimension, distances);
}
