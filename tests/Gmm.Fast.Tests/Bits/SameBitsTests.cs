using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CommunityToolkit.HighPerformance;

namespace Gmm.Fast.Tests.Bits;

/// <summary>
/// Compares the hash of every bit of a list of fits and scores with the committed listing. Bits depend neither on the machine nor on the width of
/// its vectors, so a line that changes is a change of arithmetic, and CHANGELOG.md says which and why.
/// To accept one: UPDATE_BITS=1 dotnet test --project tests/Gmm.Fast.Tests
/// </summary>
public class SameBitsTests
{
    private static readonly string s_list = Path.Combine(Repository.Root, "tests", "Gmm.Fast.Tests", "Bits", "bits.txt");

    [Fact]
    public void EveryFitAndScoreHasTheCommittedBits()
    {
        var text = new StringBuilder();
        foreach (var line in BitCases.All()) text.Append(line).Append('\n');
        if (Environment.GetEnvironmentVariable("UPDATE_BITS") == "1") File.WriteAllText(s_list, text.ToString());
        Assert.Equal(File.ReadAllLines(s_list), text.ToString().TrimEnd('\n').Split('\n'));
    }
}

/// <summary>Computes the cases, one line each: a name and a hash.</summary>
internal static class BitCases
{
    public static IEnumerable<string> All() =>
        [.. Of(CovarianceType.Full, CovarianceType.Tied, CovarianceType.Diagonal, CovarianceType.Spherical), .. SharedVariances()];

    // The types that came after the rebuilding: at the end, so that no line before moves.
    // The defaults of the engine on which the list was made.
    private static FitOptions Former(int components, CovarianceType type) => new()
    {
        Components = components,
        CovarianceType = type,
        Regularization = 1e-6,
        Start = StartMethod.KMeansPlusPlus,
    };

    private static IEnumerable<string> SharedVariances() => Of(CovarianceType.TiedDiagonal, CovarianceType.TiedSpherical);

    private static IEnumerable<string> Of(params CovarianceType[] types) =>
        [.. Shapes(types), .. Starts(types), .. Edges(types), .. Sources(types), .. Scores(types)];

    // Every remainder of panels and blocks, in both element types.
    private static IEnumerable<string> Shapes(CovarianceType[] types)
    {
        foreach (var type in types)
        {
            foreach (var (n, d, k) in new[]
            {
                (1, 1, 1), (50, 1, 2), (385, 2, 3), (1_000, 3, 4), (3_000, 4, 3), (777, 5, 2), (768, 6, 3), (1_537, 7, 5), (5_000, 8, 8), (900, 9, 2), (600, 11, 3),
                (2_000, 16, 4), (800, 17, 3), (700, 24, 2), (500, 33, 2), (400, 64, 2), (360, 161, 2),
            })
            {
                var points = Points(n, d, k, spread: 3);
                var options = Former(k, type) with { MaxIterations = 6, Stop = StopRule.FixedCount };
                yield return Line($"double {type} {n}x{d}x{k}", Fit(points, d, options));
                yield return Line($"float {type} {n}x{d}x{k}", Fit(Array.ConvertAll(points, x => (float)x), d, options));
            }
        }
    }

    private static IEnumerable<string> Starts(CovarianceType[] types)
    {
        foreach (var type in types)
        {
            var points = Points(40_000, 3, 5, spread: 2);
            var options = Former(5, type) with { MaxIterations = 5, Seed = 3 };
            yield return Line($"sample {type}", Fit(points, 3, options));
            yield return Line($"sample, restarts {type}", Fit(points, 3, options with { Restarts = 3 }));
            yield return Line($"random points {type}", Fit(points, 3, options with { Start = StartMethod.RandomPoints }));
            yield return Line($"random points, restarts {type}", Fit(points, 3, options with { Start = StartMethod.RandomPoints, Restarts = 4 }));
            yield return Line($"total rise {type}", Fit(points, 3, options with { Stop = StopRule.TotalRise(1), MaxIterations = 30 }));
            yield return Line($"floats, sample, restarts {type}", Fit(Array.ConvertAll(points, x => (float)x), 3, options with { Restarts = 2 }));
        }
    }

    private static IEnumerable<string> Edges(CovarianceType[] types)
    {
        foreach (var type in types)
        {
            var points = Points(1_500, 3, 4, spread: 5);
            var options = Former(4, type) with { MaxIterations = 12 };
            yield return Line($"far from 0 {type}", Fit([.. points.Select(x => x + 1e6)], 3, options));
            yield return Line($"components far apart {type}", Fit([.. points.Select((x, i) => x + 1e4 * (i / 3 % 4))], 3, options));
            yield return Line($"a first point far away {type}", Fit([.. points.Select((x, i) => i < 3 ? x + 1e6 : x)], 3, options with { Components = 2 }));
            yield return Line($"a constant column {type}", Fit([.. points.Select((x, i) => i % 3 == 1 ? 7 : x)], 3, options));
            yield return Line($"variance floor {type}", Fit(points, 3, options with { VarianceFloor = 0.2, Components = 7 }));
            yield return Line($"no regularization {type}", Fit(points, 3, options with { Regularization = 0 }));

            // Two heaps of equal points collapse without regularization.
            double[] heaps = [.. points.Take(300), .. Enumerable.Repeat(points.Take(3), 60).SelectMany(x => x).Select(x => x + 40)];
            foreach (var policy in Enum.GetValues<CollapsePolicy>())
                yield return Line($"collapse, {policy} {type}", Fit(heaps, 3, options with { Regularization = 0, OnCollapse = policy }));
            yield return Line($"equal points {type}", Fit([.. Enumerable.Repeat(1.5, 120)], 3, options with { Components = 2 }));
        }
    }

    private static IEnumerable<string> Sources(CovarianceType[] types)
    {
        foreach (var type in types)
        {
            var points = Points(30_000, 4, 3, spread: 2);
            var options = Former(3, type) with { MaxIterations = 4, VarianceFloor = 0.01 };
            yield return Line($"source {type}", Fit(points, 4, options, asSource: true));
            yield return Line($"float source {type}", Fit(Array.ConvertAll(points, x => (float)x), 4, options, asSource: true));
        }
    }

    private static IEnumerable<string> Scores(CovarianceType[] types)
    {
        foreach (var type in types)
        {
            foreach (var (d, k) in new[] { (1, 1), (2, 3), (3, 9), (5, 4), (8, 8), (17, 3), (33, 2) })
            {
                const int N = 900;
                var points = Points(N, d, k, spread: 6);
                var fit = MixtureFit.Fit(new Points(points, d), Former(k, type) with { MaxIterations = 3 });
                var model = fit.Model;
                var (labels, densities, shares) = (new int[N], new double[N], new double[N * k]);
                var (distances, components, drawn) = (new double[N * k], new double[N * k], new double[50 * d]);
                var rows = new ReadOnlySpan2D<double>(points, N, d);
                model.Labels(rows, labels);
                model.LogDensities(rows, densities);
                model.Responsibilities(rows, shares);
                model.MahalanobisDistances(rows, distances);
                model.ComponentLogDensities(rows, components, weighted: true);
                model.Sample(5, drawn);
                var hash = new Hash();
                foreach (var label in labels) hash.Add(label);
                foreach (var values in new[] { densities, shares, distances, components, drawn, [model.TotalLogLikelihood(rows)] }) hash.Add(values);
                foreach (var part in fit.Components) hash.Add([part.ConditionNumber, part.EffectiveCount, part.RegularizationShare]);
                yield return Line($"scores {type} {d}x{k}", hash);
            }
        }
    }

    private static string Line(string name, Hash hash) => string.Create(CultureInfo.InvariantCulture, $"{hash.Value:x16}  {name}");

    private static Hash Fit(double[] points, int d, FitOptions options, bool asSource = false) =>
        Of(() => asSource ? MixtureFit.Fit(new ArraySource<double>(points, d), options) : MixtureFit.Fit(new Points(points, d), options));

    private static Hash Fit(float[] points, int d, FitOptions options, bool asSource = false) =>
        Of(() => asSource ? MixtureFit.Fit(new ArraySource<float>(points, d), options) : MixtureFit.Fit(new Points(points, d), options));

    private static Hash Of(Func<FitResult> run)
    {
        var hash = new Hash();
        FitResult fit;
        try
        {
            fit = run();
        }
        catch (ArgumentException)
        {
            // Data that no start can be made of: how that is said is not a matter of bits.
            hash.Add(-1);
            return hash;
        }
        hash.Add((int)fit.Status);
        hash.Add(fit.Recoveries.Count);
        hash.Add(fit.Model.Weights);
        hash.Add(fit.Model.Means);
        hash.Add(fit.Model.Covariances);
        hash.Add(fit.Trace);
        return hash;
    }

    // Normals enough: sums of twelve uniforms, whose bits no system's library changes.
    private static double[] Points(int n, int d, int k, double spread)
    {
        var state = (ulong)(n * 1_000 + d * 10 + k);
        double Uniform()
        {
            state = unchecked(state * 6364136223846793005 + 1442695040888963407);
            return (state >> 11) * (1.0 / (1UL << 53));
        }

        double Normal()
        {
            double sum = -6;
            for (var i = 0; i < 12; i++) sum += Uniform();
            return sum;
        }

        var (centers, scales, points) = (new double[k * d], new double[k * d], new double[n * d]);
        for (var i = 0; i < centers.Length; i++) (centers[i], scales[i]) = (spread * Normal(), 0.5 + Uniform());
        for (var i = 0; i < n; i++)
        {
            var c = (int)(Uniform() * k);
            double previous = 0;
            for (var j = 0; j < d; j++) points[i * d + j] = centers[c * d + j] + (previous = scales[c * d + j] * Normal() + 0.5 * previous);
        }
        return points;
    }

    private sealed class ArraySource<T>(T[] points, int d) : PointSource<T>
        where T : unmanaged
    {
        public override long PointCount => points.Length / d;

        public override int Dimension => d;

        public override ReadOnlySpan<T> Read(long firstRow, int count, Span<T> scratch)
        {
            points.AsSpan((int)firstRow * d, count * d).CopyTo(scratch);
            return scratch[..(count * d)];
        }
    }

    /// <summary>FNV-1a over 64-bit words.</summary>
    private sealed class Hash
    {
        public ulong Value { get; private set; } = 14695981039346656037;

        public void Add(long number) => Value = unchecked((Value ^ (ulong)number) * 1099511628211);

        public void Add(ReadOnlySpan<double> numbers)
        {
            foreach (var bits in MemoryMarshal.Cast<double, long>(numbers))
            {
                Add(bits & 0xFFFFFFFF);
                Add(bits >>> 32);
            }
        }
    }
}
