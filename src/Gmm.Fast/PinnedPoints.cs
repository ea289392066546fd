using System.Numerics;
using System.Runtime.CompilerServices;
using CommunityToolkit.HighPerformance;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Gives points in memory as a source, for as long as a function runs.</summary>
internal static unsafe class PinnedPoints
{
    /// <summary>Runs a function on the points.</summary>
    /// <param name="points">The points, neither changed nor copied.</param>
    /// <param name="mayBeEmpty">Whether there may be none.</param>
    /// <param name="doubles">The function for points in double precision.</param>
    /// <param name="floats">The function for points in single precision.</param>
    public static TResult Use<TResult>(
        Points points, bool mayBeEmpty, Func<PointSource<double>, TResult> doubles, Func<PointSource<float>, TResult> floats) =>
        points.IsSingle ? Use(points.Floats, points, mayBeEmpty, floats) : Use(points.Doubles, points, mayBeEmpty, doubles);

    private static TResult Use<T, TResult>(ReadOnlySpan2D<T> rows, Points points, bool mayBeEmpty, Func<PointSource<T>, TResult> use)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rows.IsEmpty && !mayBeEmpty)
            Throw.Argument(nameof(rows), $"rows is {rows.Height} x {rows.Width}; at least one point of one dimension is required");

        fixed (T* origin = &(rows.IsEmpty ? ref Unsafe.NullRef<T>() : ref rows.DangerousGetReference()))
        fixed (double* weights = points.Weights)
            return use(new MemoryPoints<T>(origin, points.Count, points.Dimension, points.Pitch, weights, points.HasWeights));
    }
}
