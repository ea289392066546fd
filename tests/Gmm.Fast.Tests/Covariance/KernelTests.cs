using Gmm.Fast.Data;
using Gmm.Fast.Internals;
using Gmm.Reference;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Covariance;

/// <summary>
/// Both kernels of every covariance type against scalar code, for every remainder of rows and columns (every third count of rows
/// from 33 columns on), and bit for bit between the widths.
/// </summary>
public unsafe class KernelTests
{
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
    public void DistancesAreThoseOfScalarCodeAndTheSameBitsAtEveryWidth(string type, int d)
    {
        var problem = Blobs.Build(seed: d, n: 70, d, k: 2, type);
        var parameters = problem.Model().Parameters;
        var covariances = problem.ExpandedCovariances;
        var expected = problem.Rows.Select(x => Enumerable.Range(0, problem.K)
            .Select(k => ReferenceEm.SquaredMahalanobis(x, problem.MeanRows[k], ReferenceCholesky.Factor(covariances[k]))).ToArray()).ToArray();
        var stride = Kernels.Padded(70);
        using var x = new AlignedBuffer<double>(stride * d);
        using var scratch = new AlignedBuffer<double>(2 * stride * d);
        using var joint = new AlignedBuffer<double>(stride * problem.K);

        for (var count = 1; count <= 70; count += d > 20 ? 3 : 1)
        {
            double[]? first = null;
            foreach (var width in Kernels.Widths)
            {
                var block = BlockPacker.Pack(problem.Data.AsSpan(0, count * d), d, x.Pointer, stride, Kernels.Padded(count));
                joint.Span.Fill(double.NaN);
                Kernels.Distances(width, block, parameters, scratch.Pointer, joint.Pointer);
                for (var k = 0; k < problem.K; k++)
                {
                    for (var i = 0; i < block.Padded; i++)
                    {
                        var exact = expected[Math.Min(i, count - 1)][k];
                        var error = Math.Abs(joint.Span[k * stride + i] - exact) / exact;
                        Assert.True(error <= 1e-12, $"{width}, {count} points: q[{i}, {k}] is {joint.Span[k * stride + i]:R}, expected {exact:R}");
                    }
                    Assert.True(block.Padded == stride || double.IsNaN(joint.Span[k * stride + block.Padded]), "written behind the padding");
                }
                var actual = joint.Span.ToArray();
                Measures.SameBits(first ??= actual, actual, $"{width}, {count} points");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void MomentsAreThoseOfScalarCodeAndTheSameBitsAtEveryWidth(string type, int d)
    {
        var problem = Blobs.Build(seed: 100 + d, n: 70, d, k: 1, type);
        var random = new Random(d);
        var responsibilities = Enumerable.Range(0, 70).Select(i => i % 7 == 3 ? 0 : random.NextDouble()).ToArray();
        var stride = Kernels.Padded(70);
        using var x = new AlignedBuffer<double>(stride * d);
        using var scratch = new AlignedBuffer<double>(2 * stride * d);
        using var r = new AlignedBuffer<double>(stride);

        // The sums over the first points, and beside them those of the absolute values, the measure of rounding.
        var length = 1 + d + problem.Model().Parameters.Covariance.SecondMomentLength(d);
        double[] expected = new double[length], scale = new double[length];
        for (var count = 1; count <= 70; count++)
        {
            var terms = Terms(type, [.. Enumerable.Range(0, d).Select(j => problem.Data[(count - 1) * d + j] - problem.Means[j])]);
            Assert.Equal(length, terms.Length);
            for (var i = 0; i < length; i++)
            {
                expected[i] += responsibilities[count - 1] * terms[i];
                scale[i] += Math.Abs(responsibilities[count - 1] * terms[i]);
            }
            if (d > 20 && count % 3 != 1) continue;
            double[]? first = null;
            foreach (var width in Kernels.Widths)
            {
                var block = BlockPacker.Pack(problem.Data.AsSpan(0, count * d), d, x.Pointer, stride, Kernels.Padded(count));
                r.Span.Fill(double.NaN);
                r.Span[..block.Padded].Clear();
                responsibilities.AsSpan(0, count).CopyTo(r.Span);

                // The kernel adds to what is there: start from something, and see that it stays.
                var actual = Array.ConvertAll(expected, _ => 1.0);
                fixed (double* center = problem.Means, moments = actual)
                    Kernels.Accumulate(width, Adapters.Type(type), block, r.Pointer, center, scratch.Pointer, moments);
                for (var i = 0; i < expected.Length; i++)
                {
                    var error = Math.Abs(actual[i] - 1 - expected[i]) / Math.Max(1, scale[i]);
                    if (!(error <= 1e-12)) Assert.Fail($"{width}, {count} points: moment {i} is {actual[i] - 1:R}, expected {expected[i]:R}");
                }
                Measures.SameBits(first ??= actual, actual, $"{width}, {count} points");
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
            "diag" => d.Select(x => x * x),
            _ => [d.Sum(x => x * x)],
        },
    ];
}
