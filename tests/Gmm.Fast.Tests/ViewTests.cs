using System.Numerics.Tensors;
using CommunityToolkit.HighPerformance;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks the same points in every form that a fit accepts: flat, two-dimensional, part of a wider matrix, tensor.</summary>
public class ViewTests
{
    public static TheoryData<string, int, int> Shapes()
    {
        var shapes = new TheoryData<string, int, int>();
        foreach (var type in Layout.CovarianceTypes)
        {
            foreach (var (n, d) in ((int, int)[])[(1, 2), (7, 1), (200, 3), (401, 5), (600, 9)]) shapes.Add(type, n, d);
        }
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void EveryFormOfTheSameRowsGivesTheSameFit(string type, int n, int d)
    {
        var problem = Blobs.Build(seed: n, n, d, k: 2, type, separation: 1);
        var options = problem.Options(iterations: 2, regularization: 0.1);
        var expected = MixtureFit.Fit(new Points(problem.Data, d), options);

        var square = new double[n, d];
        Buffer.BlockCopy(problem.Data, 0, square, 0, n * d * sizeof(double));
        var wide = Wide(problem);
        var tensor = new ReadOnlyTensorSpan<double>(problem.Data, [n, d]);
        Measures.SameBits(expected, MixtureFit.Fit(new ReadOnlySpan2D<double>(square), options));
        Measures.SameBits(expected, MixtureFit.Fit(new ReadOnlyMemory2D<double>(square), options));
        Measures.SameBits(expected, MixtureFit.Fit(wide.Part, options));
        Measures.SameBits(expected, MixtureFit.Fit(new ReadOnlyMemory2D<double>(wide.Flat, 2 * wide.Columns + 3, n, d, wide.Columns - d), options));
        Measures.SameBits(expected, MixtureFit.Fit(tensor, options));
        Measures.SameBits(expected, MixtureFit.Fit(wide.Tensor, options));
        Assert.All(wide.Outside(n, d), value => Assert.True(double.IsNaN(value)));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void EveryFormOfTheSameRowsGivesTheSameScores(string type, int n, int d)
    {
        var problem = Blobs.Build(seed: n, n, d, k: 3, type, separation: 1);
        var model = problem.Model();
        var expected = Scores.Of(model, problem.Data);
        var wide = Wide(problem);
        expected.SameBits(Scores.Of(model, wide.Part));
        expected.SameBits(Scores.Of(model, wide.Tensor));
        Measures.SameBits([model.TotalLogLikelihood(new Points(problem.Data, d))], [model.TotalLogLikelihood(wide.Part)], "total");
    }

    [Fact]
    public void NoRowsGiveNoScores()
    {
        var model = Blobs.Build(seed: 1, n: 1, d: 3, k: 2).Model();
        Assert.Equal(0, model.TotalLogLikelihood(new Points([], 3)));
        model.Labels(new Points([], 3), []);
        model.Responsibilities(new Points([], 3), []);
        Points none = new ReadOnlyTensorSpan<double>(new double[3], [0, 3]);
        Assert.Equal(0, none.Count);
    }

    [Fact]
    public void LayoutsThatAreNotDenseRowsAreRefused()
    {
        var values = new double[24];
        Throws("rows has 7 values; a multiple of 3, the dimension, is required", () => new Points(values.AsSpan(0, 7), 3));
        Throws("dimension is 0; at least 1 is required", () => new Points(values, 0));
        Throws("rows has rank 1; 2, points x dimensions, is required", () => Take(new ReadOnlyTensorSpan<double>(values)));
        Throws("rows has rank 3; 2, points x dimensions, is required", () => Take(new ReadOnlyTensorSpan<double>(values, [2, 3, 4])));
        Throws("rows has the stride 2 between dimensions; 1, dense rows, is required",
            () => Take(new ReadOnlyTensorSpan<double>(values, 0, [3, 2], [4, 2])));

        static void Throws(string message, Action action) =>
            Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(action).Message);
    }

    [Fact]
    public void ARowThatIsRepeatedByStrideZeroIsRefused()
    {
        var values = new double[] { 1, 2, 3 };
        var message = Assert.Throws<ArgumentException>(() => Take(new ReadOnlyTensorSpan<double>(values, 0, [5, 3], [0, 1]))).Message;
        Assert.StartsWith("rows has the stride 0 between points; at least 3 is required", message);
    }

    private static int Take(Points points) => points.Count;

    private static WideRows Wide(MixtureProblem problem)
    {
        var (n, d) = (problem.N, problem.D);
        var columns = d + 5;
        var flat = new double[(n + 4) * columns];
        flat.AsSpan().Fill(double.NaN);
        for (var i = 0; i < n; i++) problem.Data.AsSpan(i * d, d).CopyTo(flat.AsSpan((i + 2) * columns + 3));
        return new WideRows(flat, columns, n, d);
    }

    // The rows as a part of a matrix with NaN all around: two rows above and below, three columns before, two behind.
    private readonly ref struct WideRows(double[] flat, int columns, int n, int d)
    {
        public double[] Flat => flat;

        public int Columns => columns;

        public ReadOnlySpan2D<double> Part { get; } = new ReadOnlySpan2D<double>(flat, n + 4, columns).Slice(2, 3, n, d);

        // A tensor wants the stride 0 where a length is 1.
        public ReadOnlyTensorSpan<double> Tensor => new(flat, 2 * columns + 3, [n, d], [n == 1 ? 0 : columns, d == 1 ? 0 : 1]);

        public IEnumerable<double> Outside(int rows, int width)
        {
            var (values, stride) = (flat, columns);
            return values.Where((_, i) => i / stride < 2 || i / stride >= rows + 2 || i % stride < 3 || i % stride >= 3 + width);
        }
    }
}
