using System.Numerics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Internals;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Blocks;

/// <summary>
/// Estimates from a sample how many different points there are at least. Of d different points in the sample, f1 occur once and f2 twice; then
///   d + f1 (f1 - 1) / (2 (f2 + 1))
/// is at most the number of all different points in the mean, however often each of them occurs (Chao, Nonparametric estimation of the number of classes
/// in a population, Scandinavian Journal of Statistics 11, 1984). A sample of a few times sqrt(N) points sees hundreds of pairs where N/4 are
/// different, and next to none where all are.
/// </summary>
internal static class DistinctEstimate
{
    private const double SampleRoots = 8;

    /// <summary>Gives a number that the different points of a source hardly fall below.</summary>
    /// <param name="source">Points of which single ones are read at little cost.</param>
    public static double Least<T>(PointSource<T> source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var hashes = Sample(source);
        Array.Sort(hashes);
        double different = 0, once = 0, twice = 0;
        for (int first = 0, next; first < hashes.Length; first = next)
        {
            for (next = first + 1; next < hashes.Length && hashes[next] == hashes[first];) next++;
            different++;
            if (next - first == 1) once++;
            if (next - first == 2) twice++;
        }
        return different + once * (once - 1) / (2 * (twice + 1));
    }

    // Hashes points, each at a random place in its part of the source.
    [MethodImpl(Compiled.Once)]
    private static ulong[] Sample<T>(PointSource<T> source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var hashes = new ulong[(int)(SampleRoots * Math.Sqrt(source.PointCount))];
        var scratch = new T[source.Dimension];
        for (var i = 0; i < hashes.Length; i++)
        {
            var place = (i + Xoshiro256.ToDouble(Xoshiro256.Hash((ulong)i))) / hashes.Length;
            hashes[i] = RowHash.Of(source.Read(Math.Min(source.PointCount - 1, (long)(place * source.PointCount)), 1, scratch));
        }
        return hashes;
    }
}
