using System.Numerics;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>How the points of a block are shared out among the components.</summary>
internal unsafe interface IAssignment
{
    /// <summary>
    /// Turns squared Mahalanobis distances into shares, in place; divided by the point's sum they are responsibilities.
    /// <paramref name="joint"/> [K x stride]: in distances, out shares; <paramref name="constants"/> [K]: ln weight - 1/2 ln |2 pi Sigma|, to base 2;
    /// <paramref name="maxima"/> [padded]: out, the largest log of weight times density, natural again; <paramref name="sums"/> [padded]: out, of the
    /// shares. <paramref name="padded"/> is a multiple of four vectors.
    /// What a point adds to the objective is its maximum plus the logarithm of its sum.
    /// </summary>
    void Assign<TLanes, TVector, T>(T* joint, nint stride, int components, int padded, T* constants, T* maxima, T* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>;
}
