using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Computes squared Mahalanobis distances of components that share one triangular factor W, W^T W the inverse covariance.
///   q_k = |y - m_k|^2,  y = W (x - c) once per point,  m_k = W (mu_k - c),  c the mean of the mixture   (Bishop, PRML, equations 2.44 and 2.45)
/// Where the m_k are large, differences of whitened points lose digits, and <see cref="TriangularForm{TLanes, TVector, T}"/> computes the distances.
/// </summary>
internal readonly unsafe struct SharedForm<TLanes, TVector, T> : IForm<T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Distances(in PointBlock<T> block, KernelParameters<T> parameters, in ActiveComponents active, T* scratch, T* joint)
    {
        if (parameters.Extra[SharedNumbers.Flag] == T.Zero)
        {
            TriangularForm<TLanes, TVector, T>.Distances(block, parameters, active, scratch, joint);
            return;
        }

        // The distances from the center are not used: they go where those of the first component follow.
        var white = new PointBlock<T>(scratch, block.Stride, block.Columns, block.Count, block.Padded);
        T* center = parameters.Extra + SharedNumbers.Center, means = center + block.Columns;
        TriangularForm<TLanes, TVector, T>.Whiten(block, center, parameters.Factors, scratch + block.Columns * (nint)block.Stride, white.X, joint);
        ScaledDeviations<TLanes, TVector, T>.Distances(white, active, means, factors: null, factorLength: 0, joint);
    }

    public static void DistancesWithin(
        in PointBlock<T> block, KernelParameters<T> parameters, in ActiveComponents active, T* scratch, T* joint, T* floors, T* limits) =>
        Distances(block, parameters, active, scratch, joint);
}

/// <summary>Lays out the numbers that all components share: whether points are whitened, the center [D], the whitened means [K x D].</summary>
internal static class SharedNumbers
{
    public const int Flag = 0;
    public const int Center = 1;

    // In standard deviations from the center: the cancellation in y - m then stays below 2^-46, two digits of sixteen.
    private const double FurthestWhitened = 64;

    /// <summary>Counts the numbers.</summary>
    public static int Length(int components, int dimension) => Center + (components + 1) * dimension;

    /// <summary>Writes the numbers of a mixture.</summary>
    /// <param name="weights">[K].</param>
    /// <param name="means">[K x D].</param>
    /// <param name="factor">[<see cref="TriangularPanels.Length"/>]: W in panels.</param>
    /// <param name="numbers">[Length], receives the numbers.</param>
    public static void Write(ReadOnlySpan<double> weights, ReadOnlySpan<double> means, ReadOnlySpan<double> factor, Span<double> numbers)
    {
        var d = means.Length / weights.Length;
        Span<double> center = numbers.Slice(Center, d), whitened = numbers[(Center + d)..];
        center.Clear();
        for (var k = 0; k < weights.Length; k++)
        {
            for (var j = 0; j < d; j++) center[j] += weights[k] * means[k * d + j];
        }

        // Any center is correct, so it is rounded to a number that both element types hold.
        for (var j = 0; j < d; j++)
        {
            if (float.IsFinite((float)center[j])) center[j] = (float)center[j];
        }
        double furthest = 0;
        for (var k = 0; k < weights.Length; k++)
        {
            for (var i = 0; i < d; i++)
            {
                double sum = 0;
                for (var j = 0; j <= i; j++)
                    sum = Math.FusedMultiplyAdd(factor[TriangularPanels.Index(i, j, d)], means[k * d + j] - center[j], sum);
                whitened[k * d + i] = sum;
                furthest = Math.Max(furthest, Math.Abs(sum));
            }
        }
        numbers[Flag] = furthest <= FurthestWhitened ? 1 : 0;
    }
}

/// <summary>Names <see cref="SharedForm{TLanes, TVector, T}"/>.</summary>
internal sealed class SharedDensity : DensityForm
{
    public override DensityForm Exact => Triangular;

    public override bool IsSeparable => false;

    public override int FactorLength(int dimension) => TriangularPanels.Length(dimension);

    public override int ExtraLength(int components, int dimension) => SharedNumbers.Length(components, dimension);

    public override void WriteExtra(ReadOnlySpan<double> weights, ReadOnlySpan<double> means, ReadOnlySpan<double> factor, Span<double> extra) =>
        SharedNumbers.Write(weights, means, factor, extra);

    public override bool TradesDigits(in DensityNumbers numbers) => numbers.Extra[SharedNumbers.Flag] != 0;

    public override TResult Select<TLanes, TVector, T, TUser, TResult>(TUser user) => user.With<SharedForm<TLanes, TVector, T>>();

    public override TResult SelectPoint<TUser, TResult>(in DensityNumbers numbers, bool exact, TUser user) =>
        TradesDigits(numbers) && !exact ? user.With<SharedPoint>() : user.With<TriangularPoint>();
}
