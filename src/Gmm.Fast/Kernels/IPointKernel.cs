using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Computes the distances of one point, lanes across components. It does the operations of <see cref="IForm{T}.Distances"/>, whose lanes run
/// across points, in the same order, and so gives the same bits. Implemented by empty structs.
/// Components lie in groups of as many as there are lanes. Every number of a group is one vector, and the vectors lie in the order of reading.
/// </summary>
internal unsafe interface IPointKernel
{
    /// <summary>Counts the numbers of one component: mean and factor.</summary>
    static abstract int Length(int dimension);

    /// <summary>Writes the numbers of one component.</summary>
    /// <param name="numbers">The mixture.</param>
    /// <param name="k">The component.</param>
    /// <param name="target">[Length x stride], receives number i at i * stride.</param>
    /// <param name="stride">Lanes of a group.</param>
    static abstract void Lay(in DensityNumbers numbers, int k, double* target, int stride);

    /// <summary>Counts the numbers that all components share.</summary>
    static virtual int SharedLength(int dimension) => 0;

    /// <summary>Writes the numbers that all components share to <paramref name="target"/> [SharedLength].</summary>
    static virtual void LayShared(in DensityNumbers numbers, double* target)
    {
    }

    /// <summary>Counts the numbers of room that <see cref="Prepare"/> needs.</summary>
    static virtual int RoomLength(int dimension) => 0;

    /// <summary>Transforms the point once for all components and returns the result, in <paramref name="room"/> or the point itself.</summary>
    /// <param name="shared">[SharedLength].</param>
    /// <param name="dimension">D.</param>
    /// <param name="point">[D].</param>
    /// <param name="room">[RoomLength].</param>
    static virtual double* Prepare(double* shared, int dimension, double* point, double* room) => point;

    /// <summary>Writes the squared Mahalanobis distances of a point from all components, and from the padding of the last group.</summary>
    /// <param name="groups">[padded / lanes x Length x lanes].</param>
    /// <param name="padded">Components, a multiple of the lanes.</param>
    /// <param name="point">The result of <see cref="Prepare"/>.</param>
    /// <param name="dimension">D.</param>
    /// <param name="distances">[padded], receives the distances.</param>
    static abstract void SquaredDistances<TLanes, TVector>(double* groups, int padded, double* point, int dimension, double* distances)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct;
}
