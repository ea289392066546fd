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
        Assert.Equal((0, 3), (none.Count, none.Dimension));
        Assert.Equal(0, model.TotalLogLikelihood(none));
        Assert.Equal(0, model.TotalLogLikelihood(default));
    }

    [Fact]
    public void NoRowsOfAnotherDimensionAreRefusedAsOneIs()
    {
        var model = Blobs.Build(seed: 1, n: 1, d: 2, k: 2).Model();
        foreach (var count in (int[])[0, 1])
        {
            var rows = new double[count, 7];
            Refused(() => model.TotalLogLikelihood(rows));
            Refused(() => model.Labels(rows, new int[count]));
            Refused(() => model.LogDensities(rows, new double[count]));
            Refused(() => model.Score(rows, new ScoreOutputs { Labels = new int[count] }));
            Refused(() => model.Impute(rows, new double[2 * count]));
            Refused(() => model.TotalLogLikelihood(new Points(new float[7 * count], 7)));
            Refused(() => model.TotalLogLikelihood(Tensor.Create(new double[7 * count], [count, 7])));
        }

        static void Refused(Action action) => Assert.StartsWith("points has 7 dimensions; 2 are required", Assert.Throws<ArgumentException>(action).Message);
    }

    [Fact]
    public void TensorsConvertWithTheSameRules()
    {
        double[] values = [1, 2, 3, 4, 5, 6];
        float[] singles = [1, 2, 3, 4, 5, 6];
        Same(Tensor.Create(values, [3, 2]));
        Same(Tensor.Create(values, [3, 2]).AsTensorSpan());
        Same(new TensorSpan<double>(values, [3, 2]));
        SameSingles(Tensor.Create(singles, [3, 2]));
        SameSingles(new TensorSpan<float>(singles, [3, 2]));
        Throws("rows has rank 1; 2, points x dimensions, is required", () => Same(Tensor.Create(values)));
        Throws("rows has rank 3; 2, points x dimensions, is required", () => Same(new TensorSpan<double>(values, [1, 2, 3])));
        Throws("rows has the stride 3 between dimensions; 1, dense rows, is required", () => Same(new TensorSpan<double>(values, [2, 2], [1, 3])));
        Assert.Equal("rows", Assert.Throws<ArgumentNullException>(() => Same((Tensor<double>)null!)).ParamName);
        Assert.Equal("rows", Assert.Throws<ArgumentNullException>(() => SameSingles((Tensor<float>)null!)).ParamName);

        void Same(Points points)
        {
            Assert.Equal((3, 2, false), (points.Count, points.Dimension, points.IsSingle));
            Assert.Equal(values, points.Doubles.ToArray().Cast<double>());
        }

        void SameSingles(Points points)
        {
            Assert.Equal((3, 2, true), (points.Count, points.Dimension, points.IsSingle));
            Assert.Equal(singles, points.Floats.ToArray().Cast<float>());
        }

        static void Throws(string message, Action action) => Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(action).Message);
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
