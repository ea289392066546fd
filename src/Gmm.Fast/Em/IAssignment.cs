using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>How the points of a block are shared out among the components.</summary>
internal unsafe interface IAssignment
{
    /// <summary>
    /// Turns squared Mahalanobis distances into responsibilities, in place.
    /// <paramref name="joint"/> [K x stride]: in distances, out responsibilities; <paramref name="constants"/> [K]: ln weight - 1/2 ln |2 pi Sigma|;
    /// <paramref name="logDensities"/> [padded]: out, what the point adds to the objective.
    /// </summary>
    void Assign<TLanes, TVector>(double* joint, nint stride, int components, int padded, double* constants, double* logDensities)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct;
}
