using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>
/// Holds the sums of one E-step over a part of the points, as nodes of the fixed tree in which one process adds: <see cref="FitRound.Expect"/> makes
/// it, a file carries it to another process, and <see cref="FitRound.Maximize"/> folds those of all parts. Sums of parts that begin at shards
/// (<see cref="PointPart"/>) fold to the bits of one process.
/// </summary>
public sealed class PartStatistics
{
    private const string Format = "gmm-statistics";
    private const int Version = 1;

    private readonly int _shards;
    private readonly double[] _centers;
    private readonly List<(TreeNode Node, double[] Sums)> _nodes;

    internal PartStatistics(byte[] round, long first, long count, long total, int shards, bool isSingle, double[] centers, List<(TreeNode, double[])> nodes) =>
        (Round, FirstPoint, PointCount, TotalPoints, _shards, IsSingle, _centers, _nodes) = (round, first, count, total, shards, isSingle, centers, nodes);

    /// <summary>The number, in the whole data set, of the first point of the part.</summary>
    public long FirstPoint { get; }

    /// <summary>The number of points of the part, of weight 0 too.</summary>
    public long PointCount { get; }

    /// <summary>The number of points of the whole data set; that of the part where it is not known to be one.</summary>
    public long TotalPoints { get; }

    /// <summary>Whether the points are of single precision.</summary>
    internal bool IsSingle { get; }

    /// <summary>The fingerprint of the model and the centers that the sums belong to.</summary>
    internal byte[] Round { get; }

    /// <summary>Writes the sums, with a checksum.</summary>
    /// <param name="stream">Receives the bytes; stays open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SealedFile.Write(stream, Format, Version, state => Carry(state, this));
    }

    /// <summary>Reads sums that <see cref="Save"/> wrote.</summary>
    /// <param name="stream">Read to its end; stays open.</param>
    /// <exception cref="InvalidDataException">It is another kind of file, of another version, or damaged.</exception>
    public static PartStatistics Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream.CanSeek) return Carry(SealedFile.Read(stream, Format, Version), null);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Position = 0;
        return Carry(SealedFile.Read(copy, Format, Version), null);
    }

    /// <summary>Tells whether the sums are those of a round: under its model, about its centers.</summary>
    /// <param name="round">The round.</param>
    public bool IsOf(FitRound round)
    {
        ArgumentNullException.ThrowIfNull(round);
        return Round.AsSpan().SequenceEqual(round.Fingerprint);
    }

    /// <summary>Gives a number that tells models and centers apart.</summary>
    internal static byte[] Fingerprint(GaussianMixture model, ReadOnlySpan<double> centers)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([(byte)model.CovarianceType]);
        hash.AppendData(MemoryMarshal.AsBytes<double>(model.Mixture.Parameters.Theta));
        hash.AppendData(MemoryMarshal.AsBytes(centers));
        return hash.GetHashAndReset();
    }

    /// <summary>
    /// Folds the sums of all parts into statistics: nodes of one tree where the parts are of one data set, otherwise data sets of their own, which are
    /// the leaves of a tree in the order of the list.
    /// </summary>
    /// <exception cref="ArgumentException">Parts are missing, or points are in two of them.</exception>
    internal static void Fold(IReadOnlyList<PartStatistics> parts, SufficientStatistics into)
    {
        var nodes = new Dictionary<TreeNode, double[]>();
        var shards = parts[0]._shards;
        if (parts.Count > 1 && parts.All(part => part.PointCount == part.TotalPoints))
        {
            CheckOnce(parts);
            shards = parts.Count;
            for (var i = 0; i < parts.Count; i++) nodes.Add(new TreeNode(0, i), parts[i]._nodes[0].Sums);
        }
        else
        {
            CheckCover(parts);
            foreach (var (node, sums) in parts.SelectMany(part => part._nodes)) nodes.Add(node, sums);
        }
        parts[0]._centers.CopyTo(into.Centers, 0);
        var top = 0;
        while (StatisticsTree.Width(shards, top) > 1) top++;
        Sum(new TreeNode(top, 0)).CopyTo(into.Values);

        // Left plus right, as in StatisticsTree.
        double[] Sum(TreeNode node)
        {
            if (nodes.TryGetValue(node, out var known)) return [.. known];
            var left = Sum(node.Left);
            if (node.Left.Index + 1 >= StatisticsTree.Width(shards, node.Level - 1)) return left;
            var right = Sum(node.Right);
            for (var i = 0; i < left.Length; i++) left[i] += right[i];
            return left;
        }
    }

    // Data sets of their own overlap nowhere that numbers of points would show; but equal sums of the same points are a part that is there twice.
    private static void CheckOnce(IReadOnlyList<PartStatistics> parts)
    {
        foreach (var group in Enumerable.Range(0, parts.Count).GroupBy(i => (parts[i].FirstPoint, parts[i].PointCount, parts[i].TotalPoints)))
        {
            int[] alike = [.. group];
            for (var i = 1; i < alike.Length; i++)
            {
                var part = parts[alike[i]];
                if (part.PointCount == 0) break;
                if (alike.Take(i).FirstOrDefault(j => part.HasSumsOf(parts[j]), -1) is >= 0 and var first)
                {
                    Throw.Argument(nameof(parts), FormattableString.Invariant(
                        $"parts[{first}] and parts[{alike[i]}] are the same sums, of points {part.FirstPoint} to {part.FirstPoint + part.PointCount - 1}; each part once is required"));
                }
            }
        }
    }

    private bool HasSumsOf(PartStatistics other) => ReferenceEquals(this, other)
        || (IsSingle == other.IsSingle && _nodes.Count == other._nodes.Count
            && _nodes.Zip(other._nodes).All(pair => pair.First.Node == pair.Second.Node && SameBits(pair.First.Sums, pair.Second.Sums)));

    private static bool SameBits(double[] one, double[] other) => MemoryMarshal.AsBytes<double>(one).SequenceEqual(MemoryMarshal.AsBytes<double>(other));

    private static void CheckCover(IReadOnlyList<PartStatistics> parts)
    {
        var total = parts[0].TotalPoints;
        if (parts.FirstOrDefault(part => part.TotalPoints != total) is { } other)
            Throw.Argument(nameof(parts), $"one part is of {total} points in all, another of {other.TotalPoints}; parts of one data set are required");
        if (parts.Any(part => part.IsSingle != parts[0].IsSingle)) Throw.Argument(nameof(parts), "some parts are of floats and some of doubles; the same type is required");
        long next = 0;
        foreach (var part in parts.Where(part => part.PointCount > 0).OrderBy(part => part.FirstPoint))
        {
            if (part.FirstPoint < next) Throw.Argument(nameof(parts), $"points {part.FirstPoint} to {next - 1} are in two parts; each in one is required");
            if (part.FirstPoint > next) Missing(part.FirstPoint);
            next = part.FirstPoint + part.PointCount;
        }
        if (next < total) Missing(total);

        void Missing(long end) => Throw.Argument(nameof(parts), $"points {next} to {end - 1} are in no part; all {total} are required");
    }

    private static PartStatistics Carry(StateCarrier state, PartStatistics? part)
    {
        byte[]? round = part?.Round;
        var (first, count, total) = (part?.FirstPoint ?? 0, part?.PointCount ?? 0, part?.TotalPoints ?? 0);
        var (shards, isSingle, centers) = (part?._shards ?? 0, part?.IsSingle ?? false, part?._centers);
        List<(TreeNode, double[])> nodes = part?._nodes ?? [];
        state.Carry(ref round);
        state.Carry(ref first);
        state.Carry(ref count);
        state.Carry(ref total);
        state.Carry(ref shards);
        state.Carry(ref isSingle);
        state.Carry(ref centers);
        state.Carry(nodes, item =>
        {
            var (node, sums) = item;
            state.Carry(ref node);
            state.Carry(ref sums!);
            return (node, sums);
        });
        return part ?? new PartStatistics(round!, first, count, total, shards, isSingle, centers!, nodes);
    }
}
