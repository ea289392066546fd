using System.Numerics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>Names a moment kernel: the part of sum r d d^T that a pass keeps per component, d = x - center.</summary>
internal abstract class MomentKind
{
    /// <summary>The lower triangle, D(D+1)/2 numbers.</summary>
    public static MomentKind Triangle { get; } = new TriangleKind();

    /// <summary>The diagonal, D numbers.</summary>
    public static MomentKind Diagonal { get; } = new DiagonalKind();

    /// <summary>The trace, 1 number.</summary>
    public static MomentKind Trace { get; } = new TraceKind();

    /// <summary>Counts the numbers of one component.</summary>
    public abstract int Length(int dimension);

    /// <summary>Counts the numbers of one component that belong to the diagonal: D, or 1 where only the trace is kept.</summary>
    public virtual int DiagonalLength(int dimension) => dimension;

    /// <summary>Gives the index of entry j of the diagonal.</summary>
    public abstract int DiagonalIndex(int j);

    /// <summary>Adds the kept part of <paramref name="factor"/> / 2 times (a b^T + b a^T).</summary>
    /// <param name="second">[Length], receives the product.</param>
    /// <param name="a">[D].</param>
    /// <param name="b">[D].</param>
    /// <param name="factor">Any finite number.</param>
    public abstract void AddProduct(Span<double> second, ReadOnlySpan<double> a, ReadOnlySpan<double> b, double factor);

    /// <summary>Adds the sums of points of one pattern to those of all dimensions, completed by the expectations of the missing ones.</summary>
    /// <param name="sums">[1 + D + Length of D], receives the sums.</param>
    /// <param name="part">[1 + o + Length of o]: N, F and S of the o present dimensions.</param>
    /// <param name="completion">The pattern and its regression.</param>
    public abstract void AddCompleted(Span<double> sums, ReadOnlySpan<double> part, in GapCompletion completion);

    /// <summary>Adds the kept part of <paramref name="factor"/> a a^T.</summary>
    /// <param name="second">[Length], receives the product.</param>
    /// <param name="a">[D].</param>
    /// <param name="factor">Any finite number.</param>
    public virtual void AddSquare(Span<double> second, ReadOnlySpan<double> a, double factor) => AddProduct(second, a, a, factor);

    /// <summary>
    /// Writes the determinants of four matrices A + B + v v^T, of which moments keep a part, each as a mantissa and a power of two: those of the matrices,
    /// or the traces where only these are kept. NaN where one is not positive. See <see cref="FourDeterminants"/>.
    /// </summary>
    /// <param name="own">A: [Length].</param>
    /// <param name="others">Four B: [Length].</param>
    /// <param name="vectors">v: [D x 4].</param>
    /// <param name="dimension">D.</param>
    /// <param name="room">[Length x 4].</param>
    /// <param name="mantissas">[4].</param>
    /// <param name="exponents">[4].</param>
    public abstract unsafe void Determinants(double* own, double** others, double* vectors, int dimension, double* room, double* mantissas, long* exponents);

    /// <summary>Gives ln |A|, but for a constant of D, from the logarithm of what <see cref="Determinants"/> writes.</summary>
    public virtual double LogDeterminant(double logarithm, int dimension) => logarithm;

    /// <summary>Gives the kernel to <paramref name="user"/>.</summary>
    public abstract TResult Select<TLanes, TVector, T, TUser, TResult>(TUser user)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TUser : struct, IMomentsUser<T, TResult>;

    private sealed class TriangleKind : MomentKind
    {
        public override int Length(int dimension) => PackedLower.Length(dimension);

        public override int DiagonalIndex(int j) => PackedLower.Index(j, j);

        public override void AddProduct(Span<double> second, ReadOnlySpan<double> a, ReadOnlySpan<double> b, double factor)
        {
            var at = 0;
            for (var i = 0; i < a.Length; i++)
            {
                for (var j = 0; j <= i; j++) second[at++] += factor * (0.5 * (a[i] * b[j] + b[i] * a[j]));
            }
        }

        public override void AddCompleted(Span<double> sums, ReadOnlySpan<double> part, in GapCompletion completion) => completion.AddTriangle(sums, part);

        [MethodImpl(Compiled.Once)]
        public override unsafe void AddSquare(Span<double> second, ReadOnlySpan<double> a, double factor)
        {
            fixed (double* rows = second, row = a)
            {
                for (var i = 0; i < a.Length; i++) DenseRows.AddMultiple(factor * a[i], row, rows + PackedLower.Index(i, 0), i + 1);
            }
        }

        public override unsafe void Determinants(
            double* own, double** others, double* vectors, int dimension, double* room, double* mantissas, long* exponents) =>
            FourDeterminants.OfTriangles(own, others, vectors, dimension, room, mantissas, exponents);

        public override TResult Select<TLanes, TVector, T, TUser, TResult>(TUser user) => user.With<TriangleMoments<TLanes, TVector, T>>();
    }

    private sealed class DiagonalKind : MomentKind
    {
        public override int Length(int dimension) => dimension;

        public override int DiagonalIndex(int j) => j;

        public override void AddProduct(Span<double> second, ReadOnlySpan<double> a, ReadOnlySpan<double> b, double factor)
        {
            for (var j = 0; j < a.Length; j++) second[j] += factor * (a[j] * b[j]);
        }

        public override void AddCompleted(Span<double> sums, ReadOnlySpan<double> part, in GapCompletion completion) => completion.AddDiagonal(sums, part);

        public override unsafe void Determinants(
            double* own, double** others, double* vectors, int dimension, double* room, double* mantissas, long* exponents) =>
            FourDeterminants.OfDiagonals(own, others, vectors, dimension, mantissas, exponents);

        public override TResult Select<TLanes, TVector, T, TUser, TResult>(TUser user) => user.With<DiagonalMoments<TLanes, TVector, T>>();
    }

    private sealed class TraceKind : MomentKind
    {
        public override int Length(int dimension) => 1;

        public override int DiagonalLength(int dimension) => 1;

        public override int DiagonalIndex(int j) => 0;

        public override void AddProduct(Span<double> second, ReadOnlySpan<double> a, ReadOnlySpan<double> b, double factor)
        {
            for (var j = 0; j < a.Length; j++) second[0] += factor * (a[j] * b[j]);
        }

        public override void AddCompleted(Span<double> sums, ReadOnlySpan<double> part, in GapCompletion completion) => completion.AddTrace(sums, part);

        public override unsafe void Determinants(
            double* own, double** others, double* vectors, int dimension, double* room, double* mantissas, long* exponents) =>
            FourDeterminants.OfTraces(own, others, vectors, dimension, mantissas, exponents);

        public override double LogDeterminant(double logarithm, int dimension) => dimension * logarithm;

        public override TResult Select<TLanes, TVector, T, TUser, TResult>(TUser user) => user.With<TraceMoments<TLanes, TVector, T>>();
    }
}

/// <summary>Sums moments over blocks, lanes across points.</summary>
internal unsafe interface IMoments<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Adds r, r d and the kept part of r d d^T of the active components over a block, d = x - center.</summary>
    static abstract void Accumulate(in PointBlock<T> block, in MomentArguments<T> arguments);
}

/// <summary>Receives a moment kernel as a type argument, so that the code is compiled for it.</summary>
internal interface IMomentsUser<T, out TResult>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    TResult With<TMoments>()
        where TMoments : struct, IMoments<T>;
}

/// <summary>Holds the memory that a moment kernel reads and writes beside the points.</summary>
internal unsafe struct MomentArguments<T>
    where T : unmanaged
{
    /// <summary>The components.</summary>
    public ActiveComponents Active;

    /// <summary>[A x Stride]: shares on entry, undefined on return.</summary>
    public T* Joint;

    /// <summary>[Padded]: a responsibility is share times scale; 0 behind the last point.</summary>
    public T* Scales;

    /// <summary>[K x D].</summary>
    public T* Centers;

    /// <summary>[<see cref="KernelScratch.Columns"/> x Stride].</summary>
    public T* Scratch;

    /// <summary>[<see cref="LaneSum.TileLength"/>].</summary>
    public double* Tile;

    /// <summary>[K x (1 + D + length of the second moments)], receives the sums.</summary>
    public double* Sums;
}
