using System.Numerics;
using Gmm.Fast.Internals;

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

    // Points of a source that is read in order are sampled in runs.
    private const int RunLength = 32;

    /// <summary>Gives a number that the different points of a source hardly fall below.</summary>
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

    // Hashes runs of points, each at a random place in its part of the source.
    private static ulong[] Sample<T>(PointSource<T> source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (points, d, length) = (source.PointCount, source.Dimension, source.HasRandomAccess ? 1 : RunLength);
        var runs = (int)(SampleRoots * Math.Sqrt(points)) / length;
        var hashes = new ulong[runs * length];
        var scratch = new T[length * d];
        for (var run = 0; run < runs; run++)
        {
            var place = (run + Xoshiro256.ToDouble(Xoshiro256.Hash((ulong)run))) / runs;
            var rows = source.Read((long)(place * (points - length + 1)), length, scratch);
            for (var i = 0; i < length; i++) hashes[run * length + i] = RowHash.Of(rows.Slice(i * d, d));
        }
        return hashes;
    }
}
