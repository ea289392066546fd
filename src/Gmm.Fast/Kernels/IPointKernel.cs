using Gmm.Fast.Families;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// The distances of one point, lanes across components: the same operations in the same order as <see cref="ICovariance.Distances"/>, whose
/// lanes run across points, and so the same bits. Implemented by empty structs.
/// Components lie in groups of as many as there are lanes; every number of a group is one vector, and they follow each other as they are read.
/// </summary>
internal unsafe interface IPointKernel
{
    /// <summary>Numbers per component: mean and factor.</summary>
    static abstract int Length(int dimension);

    /// <summary>Writes the numbers of component k, each <paramref name="stride"/> behind the one before.</summary>
    static abstract void Lay(MixtureParameters parameters, int k, double* target, int stride);

    /// <summary>Numbers of room that <see cref="Prepare"/> needs.</summary>
    static virtual int RoomLength(int dimension) => 0;

    /// <summary>What all components want of the point [D] first; the result, in <paramref name="room"/> or the point itself, takes its place.</summary>
    static virtual double* Prepare(MixtureParameters parameters, double* point, double* room) => point;

    /// <summary>
    /// Squared Mahalanobis distances of <paramref name="point"/> [D] from all components, and from what fills the last group up.
    /// <paramref name="groups"/> [padded / lanes x Length x lanes], <paramref name="distances"/> [padded]; <paramref name="padded"/> is a multiple of
    /// the lanes.
    /// </summary>
    static abstract void SquaredDistances<TLanes, TVector>(double* groups, int padded, double* point, int dimension, double* distances)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct;
}
