using System.Diagnostics.CodeAnalysis;
using Gmm.Fast.Blocks;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>
/// Estimates the memory that a fit takes beside its data. A fit that cannot have it is refused before it takes any, since a system without memory
/// ends the process without a word. The terms are those of the allocations in <c>FitRun</c>, <see cref="EmLoop"/>, <see cref="Sweep{T}"/> and
/// <see cref="StatisticsTree"/>; a test compares them with what fits take.
/// </summary>
/// <param name="Points">N of this process.</param>
/// <param name="Dimension">D.</param>
/// <param name="Components">K.</param>
/// <param name="ElementSize">Bytes of a number of the points.</param>
/// <param name="Threads">Threads at most.</param>
/// <param name="PackingBudget">The most bytes of packed blocks.</param>
/// <param name="SampledPoints">Points of the sample that a start takes; 0 where models are given.</param>
/// <param name="MayHaveGaps">Whether points may have missing values.</param>
/// <param name="MayTakeSamples">Whether the fit may begin on samples of its points.</param>
/// <param name="AreInMemory">Whether the points are, so that they may be put in order.</param>
internal sealed record FitMemory(
    long Points, int Dimension, int Components, int ElementSize, int Threads, long PackingBudget, long SampledPoints, bool MayHaveGaps = false,
    bool MayTakeSamples = false, bool AreInMemory = true)
{
    // Below this, no fit is refused, and nothing is asked of the system.
    private const double Small = 1 << 28;

    // The mixture that a fit begins with, the next one, and a third that takes turns with it.
    private const int Mixtures = 3;

    // The rows of a start's sample, and blocks of them.
    private const int SampleCopies = 2;

    // Bytes of the sketch of a coordinate.
    private const int SketchBytes = sizeof(float);

    // Numbers of present dimensions whose rooms a worker has at a time, where rooms are large; and the factors of frequent patterns.
    private const int PatternRooms = 2;

    /// <summary>Estimates bytes for a family. A double: the numbers of large matrices exceed every whole type.</summary>
    public double Bytes(Family family)
    {
        double d = Dimension, k = Components, triangle = d * (d + 1) / 2;
        var hasMatrices = family.HasOffDiagonal;
        var matrix = hasMatrices ? d * d : family.MatrixLength(Dimension);
        var moments = hasMatrices ? triangle : family.Moments.Length(Dimension);
        var factor = hasMatrices ? triangle + 2 * d : family.Form.FactorLength(Dimension);
        var extra = family.IsShared ? (k + 1) * d : 0;
        var mixture = k * (1 + d) + family.Matrices(Components) * matrix + k * factor + extra + 2 * k;

        var shape = ElementSize == sizeof(float) ? BlockShape.For<float>(Points, Dimension) : BlockShape.For<double>(Points, Dimension);
        double workers = Math.Min(Threads, Math.Max(1, shape.Shards)), levels = Math.Ceiling(Math.Log2(Math.Max(1, shape.Shards)));
        var nodes = 1 + Math.Min(shape.Shards, workers + levels);
        var statistics = nodes * k * (1 + 2 * d + moments);

        double stride = shape.BlockPoints + BlockShape.GapOf<float>(), block = stride * d;
        var packed = Math.Max(block, Math.Min(PackingBudget / ElementSize, shape.Blocks * block));
        var workspace = workers * (stride * (k + 6) + block * ((shape.Blocks * block > packed ? 1 : 0) + (hasMatrices ? 1 : 0)));
        var kernels = k * factor + 2 * k * d + extra;

        var factoring = hasMatrices ? Math.Min(Threads, family.Matrices(Components)) * (double)WideCholesky.Bytes(Dimension, 1) : 0;
        // Of each worker: rows before and after they are sorted, and rooms for patterns, of which some numbers of present dimensions are in use.
        var gaps = !MayHaveGaps ? 0 : workers * (
            2 * ElementSize * (double)BlockShape.PatternNumbers(ElementSize, Dimension, shape.BlockPoints)
            + sizeof(double) * (PatternRooms * (3 * mixture + k * moments) + (hasMatrices ? 2 * d * d : 0)));
        // Margins, leaders, the mixture before, and the points in another order, which are packed beside those as they are given.
        var room = ElementSize == sizeof(float)
            ? TileRoom<float>.Length(shape.BlockPoints, Dimension, Components) : TileRoom<double>.Length(shape.BlockPoints, Dimension, Components);
        var tiles = !Tiles.Pay(family, Points, Dimension, Components, ElementSize, AreInMemory) ? 0
            : Tiles.Bytes(Points, Components, ElementSize) + ElementSize * ((AreInMemory ? packed : 0) + workers * room)
                + sizeof(double) * (Threads * family.Form.DriftScratch(Dimension) + k * (d + factor));
        var start = (SampleCopies * sizeof(double) + SketchBytes) * d * SampledPoints + sizeof(double) * mixture;
        var passes = tiles + ElementSize * (packed + workspace + kernels) + sizeof(double) * statistics;

        // The largest sample: the memory of its passes, and the places of its points.
        var sampleLevels = MayTakeSamples
            ? ProgressivePlan.LevelsOf(Points, Points, (long)Dimension * ElementSize, Components, Parameters.CountFree(family, Components, Dimension)) : [];
        var samples = sampleLevels.Count == 0 ? 0
            : (this with { Points = Points >> sampleLevels[^1], SampledPoints = 0, MayTakeSamples = false }).Bytes(family) + sizeof(int) * (double)(Points >> sampleLevels[^1]);
        return gaps + passes + samples + Math.Max(start, sizeof(double) * Mixtures * mixture + factoring);
    }

    /// <summary>Throws where the estimate is more than the memory available.</summary>
    /// <exception cref="InsufficientMemoryException">A fit of this family does not fit in memory; the message names both and what would fit.</exception>
    public void Check(Family family)
    {
        var needed = Bytes(family);
        if (needed < Small) return;
        Check(family, needed, MachineMemory.Available());
    }

    /// <summary>Throws where <paramref name="needed"/> is more than <paramref name="available"/>.</summary>
    public void Check(Family family, double needed, long available)
    {
        if (needed > available) Refuse(family, needed, available);
    }

    [DoesNotReturn]
    private void Refuse(Family family, double needed, long available)
    {
        var smaller = FamilyTable.All.ToArray().Where(other => other != family && Bytes(other) <= available && !(other.IsShared && !other.HasOffDiagonal))
            .Select(other => $"{other.Name} ({MachineMemory.InWords(Bytes(other))})").ToArray();
        var advice = smaller.Length == 0 ? "use fewer columns or fewer components"
            : $"use covariances of type {string.Join(" or ", smaller)}, fewer columns or fewer components";
        throw new InsufficientMemoryException($"{Components} {family.Name} {(Components == 1 ? "covariance" : "covariances")} of {Dimension} columns need about "
            + $"{MachineMemory.InWords(needed)} of memory; {MachineMemory.InWords(available)} are available; {advice}");
    }
}
