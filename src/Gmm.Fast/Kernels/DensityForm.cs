using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Names a density kernel: the way from a mixture's means and factors to squared Mahalanobis distances, over blocks and for single points.
/// A form is one file: its kernels, and the numbers that they read.
/// </summary>
internal abstract class DensityForm
{
    /// <summary>Lower triangular factors, one per component.</summary>
    public static DensityForm Triangular { get; } = new TriangularDensity();

    /// <summary>One lower triangular factor for all components.</summary>
    public static DensityForm Shared { get; } = new SharedDensity();

    /// <summary>One scale per dimension.</summary>
    public static DensityForm Diagonal { get; } = new DiagonalDensity();

    /// <summary>One scale for all dimensions.</summary>
    public static DensityForm Spherical { get; } = new SphericalDensity();

    /// <summary>The form that keeps all digits of small distances: this one, unless it trades some of them for speed.</summary>
    public virtual DensityForm Exact => this;

    /// <summary>Counts the numbers of one component in the factors.</summary>
    public abstract int FactorLength(int dimension);

    /// <summary>Counts the numbers behind the factors that all components share.</summary>
    public virtual int ExtraLength(int components, int dimension) => 0;

    /// <summary>Writes the numbers that all components share.</summary>
    /// <param name="weights">[K].</param>
    /// <param name="means">[K x D].</param>
    /// <param name="factor">[FactorLength], of all components.</param>
    /// <param name="extra">[ExtraLength], receives the numbers.</param>
    public virtual void WriteExtra(ReadOnlySpan<double> weights, ReadOnlySpan<double> means, ReadOnlySpan<double> factor, Span<double> extra)
    {
    }

    /// <summary>Whether the distances from one component take no work that others share, so that a tile of points may leave some out.</summary>
    public virtual bool IsSeparable => true;

    /// <summary>Counts the numbers of scratch of <see cref="Drift{T}"/>.</summary>
    public virtual long DriftScratch(int dimension) => 0;

    /// <summary>
    /// Bounds what a change of the mixture does to the exact distances d = sqrt(q) from a component, and what kernels of <typeparamref name="T"/>
    /// round: d after it &gt;= (d before - shift) * scale, for all points.
    /// </summary>
    /// <param name="before">The mixture before.</param>
    /// <param name="after">The mixture after.</param>
    /// <param name="k">The component.</param>
    /// <param name="scratch">[DriftScratch].</param>
    public virtual unsafe DistanceDrift Drift<T>(in DensityNumbers before, in DensityNumbers after, int k, double* scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => DistanceDrift.Unknown;

    /// <summary>Tells whether distances with all digits need another kernel than densities do.</summary>
    public virtual bool TradesDigits(in DensityNumbers numbers) => false;

    /// <summary>Gives the kernel over blocks to <paramref name="user"/>.</summary>
    public abstract TResult Select<TLanes, TVector, T, TUser, TResult>(TUser user)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TUser : struct, IFormUser<T, TResult>;

    /// <summary>Gives the kernel of single points to <paramref name="user"/>.</summary>
    /// <param name="numbers">The mixture.</param>
    /// <param name="exact">Whether distances with all digits are required.</param>
    /// <param name="user">Receives the kernel.</param>
    public abstract TResult SelectPoint<TUser, TResult>(in DensityNumbers numbers, bool exact, TUser user)
        where TUser : struct, IPointKernelUser<TResult>;
}

/// <summary>Computes the distances of a form over blocks, lanes across points.</summary>
internal unsafe interface IForm<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Writes the squared Mahalanobis distance of every point of a block from each of the A active components.</summary>
    /// <param name="block">The points.</param>
    /// <param name="parameters">The mixture.</param>
    /// <param name="active">The A components, in the order of joint.</param>
    /// <param name="scratch">[<see cref="KernelScratch.Columns"/> x Stride].</param>
    /// <param name="joint">[A x Stride], receives the distances.</param>
    static abstract void Distances(in PointBlock<T> block, KernelParameters<T> parameters, in ActiveComponents active, T* scratch, T* joint);

    /// <summary>
    /// Writes the same distances, or less where every point nearby is certainly out of reach: any part of a distance from which
    /// <see cref="DistanceLimits{TLanes, TVector, T}"/> shows that.
    /// </summary>
    /// <param name="block">The points.</param>
    /// <param name="parameters">The mixture.</param>
    /// <param name="active">The A components, in the order of joint.</param>
    /// <param name="scratch">[<see cref="KernelScratch.Columns"/> x Stride].</param>
    /// <param name="joint">[A x Stride], receives the distances.</param>
    /// <param name="floors">[Padded]: logs of weight times density, to base 2, below which a component has no share of a point.</param>
    /// <param name="limits">[Padded], scratch.</param>
    static abstract void DistancesWithin(
        in PointBlock<T> block, KernelParameters<T> parameters, in ActiveComponents active, T* scratch, T* joint, T* floors, T* limits);
}

/// <summary>Receives the kernel of a form as a type argument, so that the code is compiled for it.</summary>
internal interface IFormUser<T, out TResult>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    TResult With<TForm>()
        where TForm : struct, IForm<T>;
}

/// <summary>Receives the kernel of a form for single points as a type argument, so that the code is compiled for it.</summary>
internal interface IPointKernelUser<out TResult>
{
    TResult With<TKernel>()
        where TKernel : struct, IPointKernel;
}

/// <summary>Holds a mixture as density kernels read it, in doubles.</summary>
/// <param name="components">K.</param>
/// <param name="dimension">D.</param>
/// <param name="factorLength">Numbers of one component in the factors.</param>
/// <param name="means">[K x D].</param>
/// <param name="factors">[K x FactorLength], then the numbers that all components share.</param>
/// <param name="logConstants">[K]: ln weight plus log-normalizer.</param>
internal readonly ref struct DensityNumbers(
    int components, int dimension, int factorLength, ReadOnlySpan<double> means, ReadOnlySpan<double> factors, ReadOnlySpan<double> logConstants)
{
    public int Components { get; } = components;

    public int Dimension { get; } = dimension;

    public int FactorLength { get; } = factorLength;

    public ReadOnlySpan<double> Means { get; } = means;

    public ReadOnlySpan<double> Factors { get; } = factors;

    public ReadOnlySpan<double> LogConstants { get; } = logConstants;

    /// <summary>[ExtraLength]: the numbers that all components share.</summary>
    public ReadOnlySpan<double> Extra => Factors[(Components * FactorLength)..];

    /// <summary>Gives the mean [D] of component k.</summary>
    public ReadOnlySpan<double> Mean(int k) => Means.Slice(k * Dimension, Dimension);

    /// <summary>Gives the factor [FactorLength] of component k.</summary>
    public ReadOnlySpan<double> Factor(int k) => Factors.Slice(k * FactorLength, FactorLength);
}

/// <summary>Lists the components that share the points of a block: all of them, or those within reach.</summary>
/// <param name="indices">[Count], ascending.</param>
/// <param name="count">At least 1.</param>
internal readonly unsafe struct ActiveComponents(int* indices, int count)
{
    public readonly int* Indices = indices;
    public readonly int Count = count;
}

/// <summary>Fixes the size of the scratch that all kernels use.</summary>
internal static class KernelScratch
{
    /// <summary>Counts the columns of scratch that the kernels of any form need for blocks of D columns.</summary>
    public static int Columns(int dimension) => 2 * dimension + PanelScratch.Columns;
}
