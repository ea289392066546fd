using System.Numerics;
using CommunityToolkit.HighPerformance;
using Gmm.Fast.Scoring;
using Gmm.Fast.Simd;
using Gmm.Fast.Tests.Kernels;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks scoring and fitting with points and results of a caller at the end, or the beginning, of accessible memory.</summary>
public class ScoringGuardPageTests
{
    private const int Longest = 24;

    public static TheoryData<string, Edge> Cases()
    {
        var cases = new TheoryData<string, Edge>();
        foreach (var type in Layout.CovarianceTypes)
        {
            foreach (var edge in Enum.GetValues<Edge>()) cases.Add(type, edge);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void OnePointStaysInsideItsBuffers(string type, Edge edge)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses mmap and mprotect");
        for (var d = 1; d <= Longest; d++)
        {
            foreach (var k in (int[])[1, 2, 3, 7, 8, 9, 24])
            {
                var problem = Blobs.Build(seed: d, n: 1, d, k, type);
                var model = problem.Model();
                using var point = new GuardedMemory<double>(d, edge);
                using var target = new GuardedMemory<double>(k, edge);
                problem.Data.CopyTo(point.Span);
                foreach (var scorer in Enum.GetValues<LaneWidth>().Select(width => PointScorer.Create(model.Mixture, width)))
                {
                    Assert.InRange(scorer.Label(point.Span), 0, k - 1);
                    Assert.True(double.IsFinite(scorer.LogDensity(point.Span)));
                    scorer.ComponentLogDensities(point.Span, model.Mixture.LogConstants, target.Span);
                    scorer.MahalanobisDistances(point.Span, target.Span);
                    scorer.Responsibilities(point.Span, target.Span);
                    Assert.Equal(1, target.Span.ToArray().Sum(), 1e-12);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ManyPointsStayInsideTheirBuffers(string type, Edge edge)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses mmap and mprotect");
        foreach (var (d, k) in ((int, int)[])[(1, 1), (2, 3), (3, 4), (4, 5), (5, 8), (8, 9), (9, 2)])
        {
            var problem = Blobs.Build(seed: d, Longest, d, k, type);
            var model = problem.Model();
            var expected = Scores.Of(model, problem.Data);
            using var memory = new GuardedMemory<double>(problem.Data.Length, edge);
            using var results = new GuardedMemory<double>(Longest * k, edge);
            using var labels = new GuardedMemory<int>(Longest, edge);
            for (var n = 1; n <= Longest; n++)
            {
                problem.Data.AsSpan(0, n * d).CopyTo(memory.Take(n * d));
                var rows = ReadOnlySpan2D<double>.DangerousCreate(memory.Take(n * d)[0], n, d, 0);
                model.Labels(rows, labels.Take(n));
                Assert.Equal(expected.Labels[..n], labels.Take(n).ToArray());
                model.LogDensities(rows, results.Take(n));
                Measures.SameBits(expected.LogDensities.AsSpan(0, n), results.Take(n));
                model.Responsibilities(rows, results.Take(n * k));
                Measures.SameBits(expected.Responsibilities.AsSpan(0, n * k), results.Take(n * k));
                model.ComponentLogDensities(rows, results.Take(n * k));
                Measures.SameBits(expected.Plain.AsSpan(0, n * k), results.Take(n * k));
                model.MahalanobisDistances(rows, results.Take(n * k));
                Measures.SameBits(expected.Distances.AsSpan(0, n * k), results.Take(n * k));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void FittedRowsStayInsideTheirBuffers(string type, Edge edge)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses mmap and mprotect");
        foreach (var d in (int[])[1, 3, 4])
        {
            foreach (var n in Enumerable.Range(2, Longest).Append(401))
            {
                var problem = Blobs.Build(seed: 3, n, d, k: 2, type);
                Fits<double>(problem, edge, rows => MixtureFit.Fit(new Points(rows, problem.D), problem.Options(regularization: 1e-3)));
                Fits<float>(problem, edge, rows => MixtureFit.Fit(new Points(rows, problem.D), problem.Options(regularization: 1e-3)));
            }
        }
    }

    private delegate FitResult Fitting<T>(ReadOnlySpan<T> rows);

    private static void Fits<T>(MixtureProblem problem, Edge edge, Fitting<T> fit)
        where T : unmanaged, INumberBase<T>
    {
        var data = Measures.To<T>(problem.Data);
        using var rows = new GuardedMemory<T>(data.Length, edge);
        data.CopyTo(rows.Span);
        Measures.SameBits(fit(data), fit(rows.Span));
    }
}
