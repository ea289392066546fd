using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Tests.Simd;
using Gmm.Reference;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Kernels;

public class DoubleKernelTests : KernelTests<double>;

public class FloatKernelTests : KernelTests<float>;

/// <summary>
/// Compares both kernels of every covariance type with scalar code, for every remainder of points and dimensions (every third number of points from
/// 33 dimensions on), and bit for bit between the widths and the shapes of a tile.
/// </summary>
public abstract unsafe class KernelTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly double s_epsilon = double.CreateChecked(T.BitIncrement(T.One) - T.One);

    // Two whole paddings and a bit.
    private static readonly int s_rows = 2 * BlockShape.Pad<T>(1) + 6;

    public static TheoryData<string, int> Shapes()
    {
        var shapes = new TheoryData<string, int>();
        foreach (var type in Layout.CovarianceTypes)
        {
            foreach (var d in Enumerable.Range(1, 20).Append(33).Append(64)) shapes.Add(type, d);
        }
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void DistancesAreThoseOfScalarCodeAndTheSameBitsAtEveryWidthAndShape(string type, int d)
    {
        var problem = Blobs.Build(seed: d, s_rows, d, k: 2, type).RoundedTo<T>();
        var data = Measures.To<T>(problem.Data);
        var mixture = problem.Model().Mixture;
        using var parameters = new KernelParameters<T>(mixture.Family.Form, mixture.Components, mixture.Dimension);
        parameters.Load(mixture.Numbers);
        var covariances = problem.ExpandedCovariances;
        var expected = problem.Rows.Select(x => Enumerable.Range(0, problem.K)
            .Select(k => ReferenceEm.SquaredMahalanobis(x, problem.MeanRows[k], ReferenceCholesky.Factor(covariances[k]))).ToArray()).ToArray();
        var stride = BlockShape.Pad<T>(s_rows);
        using var x = new AlignedBuffer<T>(stride * d);
        using var scratch = new AlignedBuffer<T>(stride * KernelScratch.Columns(d));
        using var joint = new AlignedBuffer<T>(stride * problem.K);

        for (var count = 1; count <= s_rows; count += d > 20 ? 3 : 1)
        {
            T[]? first = null;
            foreach (var shape in LaneShape.All)
            {
                var block = BlockPacker.Pack<T>(data.AsSpan(0, count * d), d, x.Pointer, stride, BlockShape.Pad<T>(count));
                joint.Span.Fill(T.NaN);
                scratch.Span.Fill(T.NaN);
                KernelCalls.Distances(shape, Adapters.Type(type), block, parameters, scratch.Pointer, joint.Pointer);
                for (var k = 0; first is null && k < problem.K; k++)
                {
                    for (var i = 0; i < block.Padded; i++)
                    {
                        // Whitened point and mean are rounded each by itself, so a small difference of theirs is known absolutely.
                        var exact = expected[Math.Min(i, count - 1)][k];
                        var q = double.CreateChecked(joint.Span[k * stride + i]);
                        var error = Math.Abs(q - exact) / (type == "tied" ? Math.Max(1, exact) : exact);
                        if (!(error <= 1024 * s_epsilon)) Assert.Fail($"{shape}, {count} points: q[{i}, {k}] is {q:R}, expected {exact:R}, {error / s_epsilon} epsilon");
                    }
                    Assert.True(block.Padded == stride || T.IsNaN(joint.Span[k * stride + block.Padded]), "written behind the padding");
                }
                var actual = joint.Span.ToArray();
                Measures.SameBits(first ??= actual, actual, $"{shape}, {count} points");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void MomentsAreThoseOfScalarCodeAndTheSameBitsAtEveryWidthAndShape(string type, int d)
    {
        var problem = Blobs.Build(seed: 100 + d, s_rows, d, k: 1, type).RoundedTo<T>();
        var (data, center) = (Measures.To<T>(problem.Data), Measures.To<T>(problem.Means));
        var random = new Random(d);
        var responsibilities = Measures.To<T>([.. Enumerable.Range(0, s_rows).Select(i => i % 7 == 3 ? 0 : random.NextDouble())]);
        var stride = BlockShape.Pad<T>(s_rows);
        using var x = new AlignedBuffer<T>(stride * d);
        using var scratch = new AlignedBuffer<T>(stride * KernelScratch.Columns(d));
        using var r = new AlignedBuffer<T>(stride);

        // The sums over the first points, and beside them those of the absolute values, the measure of rounding.
        var length = 1 + d + problem.Model().Mixture.Family.Moments.Length(d);
        double[] expected = new double[length], scale = new double[length];
        for (var count = 1; count <= s_rows; count++)
        {
            var terms = Terms(type, [.. Enumerable.Range(0, d).Select(j => problem.Data[(count - 1) * d + j] - problem.Means[j])]);
            Assert.Equal(length, terms.Length);
            for (var i = 0; i < length; i++)
            {
                var term = double.CreateChecked(responsibilities[count - 1]) * terms[i];
                expected[i] += term;
                scale[i] += Math.Abs(term);
            }
            if (d > 20 && count % 3 != 1) continue;
            double[]? first = null;
            foreach (var shape in LaneShape.All)
            {
                var block = BlockPacker.Pack<T>(data.AsSpan(0, count * d), d, x.Pointer, stride, BlockShape.Pad<T>(count));
                scratch.Span.Fill(T.NaN);
                r.Span.Fill(T.NaN);
                r.Span[..block.Padded].Clear();
                responsibilities.AsSpan(0, count).CopyTo(r.Span);

                // The kernel adds to what is there: start from something, and see that it stays.
                var actual = new double[length];
                actual.AsSpan().Fill(1);
                fixed (T* c = center)
                fixed (double* sums = actual) KernelCalls.Accumulate(shape, Adapters.Type(type), block, r.Pointer, c, scratch.Pointer, sums);
                for (var i = 0; first is null && i < length; i++)
                {
                    var error = Math.Abs(actual[i] - 1 - expected[i]) / Math.Max(1, scale[i]);
                    if (!(error <= 64 * s_epsilon)) Assert.Fail($"{shape}, {count} points: moment {i} is {actual[i] - 1:R}, expected {expected[i]:R}");
                }
                Measures.SameBits(first ??= actual, actual, $"{shape}, {count} points");
            }
        }
    }

    /// <summary>1, d and the type's part of d d^T for one point: what a moment adds up, times r.</summary>
    private static double[] Terms(string type, double[] d) =>
    [
        1, .. d,
        .. type switch
        {
            "full" or "tied" => d.SelectMany((x, i) => d.Take(i + 1).Select(y => x * y)),
            "diag" or "tied-diag" => d.Select(x => x * x),
            "spherical" or "tied-spherical" => [d.Sum(x => x * x)],
            _ => throw Layout.Unknown(type),
        },
    ];
}
