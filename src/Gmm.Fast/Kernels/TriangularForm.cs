using System.Numerics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Computes squared Mahalanobis distances of covariances with off-diagonal entries, lanes across points.
///   q = |W (x - mu)|^2,  W = L^-1 lower triangular, L L^T the covariance   (Bishop, PRML, equations 2.44 and 2.45)
/// The factor lies in panels of 4 rows: for column j the 4 entries of rows 4p..4p+3, zero above the diagonal and below the last row, for
/// j = 0 .. min(4p + 4, D) - 1. A tile is 4 rows times 4 vectors of points with 32 registers, 4 times 2 with 16. The deviations x - mu are formed
/// in the square on the diagonal, which reads them first, and kept for the panels below. The zeros of that square are not multiplied.
/// Rejected: forward substitution with L, where each row waits for the one before.
/// Rejected: W^T W as one full matrix, with twice the flops and half the digits.
/// Rejected: a pass of its own for the deviations, which stores and loads all of them.
/// </summary>
internal readonly unsafe struct TriangularForm<TLanes, TVector, T> : IForm<T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int PanelRows = TriangularPanels.Rows;

    public static void Distances(in PointBlock<T> block, KernelParameters<T> parameters, in ActiveComponents active, T* scratch, T* joint)
    {
        for (nint a = 0; a < active.Count; a++)
        {
            nint k = active.Indices[a];
            Component(block, parameters.Means + k * block.Columns, parameters.Factors + k * parameters.FactorLength, scratch, joint + a * block.Stride);
        }
    }

    /// <remarks>A comparison after each panel ends the sums of a tile whose points are all beyond their limits.</remarks>
    public static void DistancesWithin(
        in PointBlock<T> block, KernelParameters<T> parameters, in ActiveComponents active, T* scratch, T* joint, T* floors, T* limits)
    {
        if (block.Columns <= PanelRows)
        {
            Distances(block, parameters, active, scratch, joint);
            return;
        }
        for (nint a = 0; a < active.Count; a++)
        {
            nint k = active.Indices[a];
            DistanceLimits<TLanes, TVector, T>.Write(parameters.Constants[k], floors, block.Padded, limits);
            Many<DistancesWithinLimits>(
                block, parameters.Means + k * block.Columns, parameters.Factors + k * parameters.FactorLength, scratch, whitened: null,
                joint + a * block.Stride, limits);
        }
    }

    /// <summary>Writes the squared distances of all points of a block from one component.</summary>
    /// <param name="block">The points.</param>
    /// <param name="mean">[D].</param>
    /// <param name="factor">[FactorLength], W in panels.</param>
    /// <param name="deviations">[D x lanes of a tile], scratch.</param>
    /// <param name="distances">[Padded], receives the distances.</param>
    public static void Component(in PointBlock<T> block, T* mean, T* factor, T* deviations, T* distances) =>
        Run<DistancesOnly>(block, mean, factor, deviations, whitened: null, distances);

    /// <summary>Writes the squared distances and the whitened points z = W (x - mu).</summary>
    /// <param name="block">The points.</param>
    /// <param name="mean">[D].</param>
    /// <param name="factor">[FactorLength], W in panels.</param>
    /// <param name="deviations">[D x lanes of a tile], scratch.</param>
    /// <param name="whitened">[D x Stride], receives the whitened points.</param>
    /// <param name="distances">[Padded], receives the distances.</param>
    public static void Whiten(in PointBlock<T> block, T* mean, T* factor, T* deviations, T* whitened, T* distances) =>
        Run<DistancesAndWhitened>(block, mean, factor, deviations, whitened, distances);

    private static void Run<TOutput>(in PointBlock<T> block, T* mean, T* factor, T* deviations, T* whitened, T* distances)
        where TOutput : struct, IDistanceOutput
    {
        switch (block.Columns)
        {
            case 1: Few<OneRow, TOutput>(block, mean, factor, whitened, distances); break;
            case 2: Few<TwoRows, TOutput>(block, mean, factor, whitened, distances); break;
            case 3: Few<ThreeRows, TOutput>(block, mean, factor, whitened, distances); break;
            default: Many<TOutput>(block, mean, factor, deviations, whitened, distances, limits: null); break;
        }
    }

    // Does blocks of 1 to 3 dimensions, which have one panel. Not inlined, like Many and Rest: one panel fills the compiler's budget.
    [MethodImpl(Compiled.Once)]
    private static void Few<TRows, TOutput>(in PointBlock<T> block, T* mean, T* factor, T* whitened, T* distances)
        where TRows : struct, IRowCount
        where TOutput : struct, IDistanceOutput
    {
        for (nint p = 0; p < block.Padded; p += VectorTile<TLanes, TVector, T>.Count)
        {
            Panel<TRows, TOutput>(
                block.X + p, block.Stride, mean, factor, deviations: null, kept: null, keep: false, TOutput.StoresWhitened ? whitened + p : null,
                VectorTile<TLanes, TVector, T>.Zero).Store(distances + p);
        }
    }

    // Does panels of 4 rows, and a last one of fewer where D is no multiple of 4.
    [MethodImpl(Compiled.Once)]
    private static void Many<TOutput>(in PointBlock<T> block, T* mean, T* factor, T* deviations, T* whitened, T* distances, T* limits)
        where TOutput : struct, IDistanceOutput
    {
        nint stride = block.Stride, width = VectorTile<TLanes, TVector, T>.Count;
        var whole = block.Columns / PanelRows * PanelRows;
        for (nint p = 0; p < block.Padded; p += width)
        {
            var q = VectorTile<TLanes, TVector, T>.Zero;
            var z = TOutput.StoresWhitened ? whitened + p : null;
            var x = block.X + p;
            var f = factor;
            var kept = deviations;
            for (var i0 = 0; i0 < whole; i0 += PanelRows)
            {
                q = Panel<FourRows, TOutput>(
                    x, stride, mean + i0, f, deviations, kept, i0 + PanelRows < block.Columns, TOutput.StoresWhitened ? z + i0 * stride : null, q);
                x += PanelRows * stride;
                f += PanelRows * (i0 + PanelRows);
                kept += PanelRows * width;
                if (TOutput.HasLimits && !q.AnyLess(limits + p)) break;
            }
            q.Store(distances + p);
            if (TOutput.HasLimits && f < factor + TriangularPanels.Start(whole / PanelRows)) continue;
            switch (block.Columns - whole)
            {
                case 1: Rest<OneRow, TOutput>(x, stride, whole, mean, f, deviations, z, distances + p); break;
                case 2: Rest<TwoRows, TOutput>(x, stride, whole, mean, f, deviations, z, distances + p); break;
                case 3: Rest<ThreeRows, TOutput>(x, stride, whole, mean, f, deviations, z, distances + p); break;
            }
        }
    }

    // Does the last panel, where D is no multiple of 4.
    [MethodImpl(Compiled.Once)]
    private static void Rest<TRows, TOutput>(T* x, nint stride, int i0, T* mean, T* factor, T* deviations, T* z, T* distances)
        where TRows : struct, IRowCount
        where TOutput : struct, IDistanceOutput
    {
        var q = VectorTile<TLanes, TVector, T>.Load(distances);
        Panel<TRows, TOutput>(
            x, stride, mean + i0, factor, deviations, deviations + i0 * (nint)VectorTile<TLanes, TVector, T>.Count,
            keep: false, TOutput.StoresWhitened ? z + i0 * stride : null, q).Store(distances);
    }

    // Returns the sum plus the squares of up to 4 rows. Deviations of earlier panels lie from deviations to kept; those formed here follow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static VectorTile<TLanes, TVector, T> Panel<TRows, TOutput>(
        T* x, nint stride, T* mean, T* f, T* deviations, T* kept, bool keep, T* z, in VectorTile<TLanes, TVector, T> sum)
        where TRows : struct, IRowCount
        where TOutput : struct, IDistanceOutput
    {
        nint width = VectorTile<TLanes, TVector, T>.Count;
        var a = VectorTile<TLanes, TVector, T>.Zero;
        var b = VectorTile<TLanes, TVector, T>.Zero;
        var c = VectorTile<TLanes, TVector, T>.Zero;
        var e = VectorTile<TLanes, TVector, T>.Zero;
        VectorTile<TLanes, TVector, T> d;
        for (; deviations < kept; deviations += width, f += PanelRows)
        {
            d = VectorTile<TLanes, TVector, T>.Load(deviations);
            a.AddProduct(TLanes.Broadcast(f[0]), d);
            if (TRows.Count > 1) b.AddProduct(TLanes.Broadcast(f[1]), d);
            if (TRows.Count > 2) c.AddProduct(TLanes.Broadcast(f[2]), d);
            if (TRows.Count > 3) e.AddProduct(TLanes.Broadcast(f[3]), d);
        }

        // The square on the diagonal. Where keep is set, a panel below reads these deviations.
        d = VectorTile<TLanes, TVector, T>.Load(x).Minus(TLanes.Broadcast(mean[0]));
        if (keep) d.Store(kept);
        a.AddProduct(TLanes.Broadcast(f[0]), d);
        var q = sum;
        q.AddProduct(a, a);
        if (TOutput.StoresWhitened) a.Store(z);
        if (TRows.Count > 1)
        {
            b.AddProduct(TLanes.Broadcast(f[1]), d);
            if (TRows.Count > 2) c.AddProduct(TLanes.Broadcast(f[2]), d);
            if (TRows.Count > 3) e.AddProduct(TLanes.Broadcast(f[3]), d);
            d = VectorTile<TLanes, TVector, T>.Load(x + stride).Minus(TLanes.Broadcast(mean[1]));
            if (keep) d.Store(kept + width);
            b.AddProduct(TLanes.Broadcast(f[5]), d);
            q.AddProduct(b, b);
            if (TOutput.StoresWhitened) b.Store(z + stride);
        }
        if (TRows.Count > 2)
        {
            c.AddProduct(TLanes.Broadcast(f[6]), d);
            if (TRows.Count > 3) e.AddProduct(TLanes.Broadcast(f[7]), d);
            d = VectorTile<TLanes, TVector, T>.Load(x + 2 * stride).Minus(TLanes.Broadcast(mean[2]));
            if (keep) d.Store(kept + 2 * width);
            c.AddProduct(TLanes.Broadcast(f[10]), d);
            q.AddProduct(c, c);
            if (TOutput.StoresWhitened) c.Store(z + 2 * stride);
        }
        if (TRows.Count > 3)
        {
            e.AddProduct(TLanes.Broadcast(f[11]), d);
            d = VectorTile<TLanes, TVector, T>.Load(x + 3 * stride).Minus(TLanes.Broadcast(mean[3]));
            if (keep) d.Store(kept + 3 * width);
            e.AddProduct(TLanes.Broadcast(f[15]), d);
            q.AddProduct(e, e);
            if (TOutput.StoresWhitened) e.Store(z + 3 * stride);
        }
        return q;
    }
}

/// <summary>Names <see cref="TriangularForm{TLanes, TVector, T}"/>.</summary>
internal sealed class TriangularDensity : DensityForm
{
    public override int FactorLength(int dimension) => TriangularPanels.Length(dimension);

    public override long DriftScratch(int dimension) => 2L * dimension * dimension;

    public override unsafe DistanceDrift Drift<T>(in DensityNumbers before, in DensityNumbers after, int k, double* scratch) =>
        DistanceDrift.OfTriangles<T>(before.Mean(k), before.Factor(k), after.Mean(k), after.Factor(k), scratch);

    public override TResult Select<TLanes, TVector, T, TUser, TResult>(TUser user) => user.With<TriangularForm<TLanes, TVector, T>>();

    public override TResult SelectPoint<TUser, TResult>(in DensityNumbers numbers, bool exact, TUser user) => user.With<TriangularPoint>();
}
