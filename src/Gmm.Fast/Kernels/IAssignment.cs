using System.Numerics;

namespace Gmm.Fast.Kernels;

/// <summary>Shares the points of a block out among the components.</summary>
internal unsafe interface IAssignment<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    /// <summary>
    /// Turns squared Mahalanobis distances into shares, in place. A share divided by the sum of its point is a responsibility. A point adds its
    /// maximum plus the logarithm of its sum to the objective.
    /// </summary>
    /// <param name="joint">[K x stride]: squared distances on entry, shares on return.</param>
    /// <param name="stride">Numbers between two components.</param>
    /// <param name="components">K.</param>
    /// <param name="padded">Points, a multiple of four vectors.</param>
    /// <param name="constants">[K]: ln weight - 1/2 ln |2 pi Sigma|, to base 2.</param>
    /// <param name="maxima">[padded], receives the largest natural logarithm of weight times density.</param>
    /// <param name="sums">[padded], receives the sums of the shares.</param>
    /// <param name="reach">Shares below 2^-reach of the largest of their point are 0; infinity for those that are 0 by definition.</param>
    static abstract void Assign(T* joint, nint stride, int components, int padded, T* constants, T* maxima, T* sums, T reach);
}
