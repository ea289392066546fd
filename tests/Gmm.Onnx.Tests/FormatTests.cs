using Gmm.Fast;
using Gmm.Onnx.Schema;

namespace Gmm.Onnx.Tests;

/// <summary>Checks what an exported model says of itself, and how it is written.</summary>
public class FormatTests
{
    [Theory]
    [InlineData(OnnxPrecision.Double, typeof(double))]
    [InlineData(OnnxPrecision.Single, typeof(float))]
    [InlineData(OnnxPrecision.Mixed, typeof(float))]
    public void NamesShapesAndTypes(OnnxPrecision precision, Type type)
    {
        using var session = Runtime.Open(Problem.Of("tied", 1, 3, 2).Model.ToOnnx(precision));
        var points = session.InputMetadata[OnnxNames.Points];
        Assert.Equal((type, "N"), (points.ElementType, points.SymbolicDimensions[0]));
        Assert.Equal([-1, 3], points.Dimensions);
        Assert.Equal(
            [OnnxNames.ComponentLogDensities, OnnxNames.Label, OnnxNames.LogDensity, OnnxNames.Responsibilities],
            session.OutputMetadata.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((typeof(long), 1), (session.OutputMetadata[OnnxNames.Label].ElementType, session.OutputMetadata[OnnxNames.Label].Dimensions.Length));
        Assert.Equal(type, session.OutputMetadata[OnnxNames.LogDensity].ElementType);
        Assert.Equal([-1, 2], session.OutputMetadata[OnnxNames.Responsibilities].Dimensions);
        Assert.Equal([-1, 2], session.OutputMetadata[OnnxNames.ComponentLogDensities].Dimensions);
    }

    [Fact]
    public void TheModelIsOfOperatorSet17AndHoldsNothingUnused()
    {
        var model = new GaussianMixture(CovarianceType.Full, 2, [1], [0, 0], [1, 0, 0, 1], ["length", "width"]);
        foreach (var precision in Enum.GetValues<OnnxPrecision>())
        {
            var read = ModelProto.Parser.ParseFrom(model.ToOnnx(precision));
            Assert.Equal((8, 17), (read.IrVersion, Assert.Single(read.OpsetImport).Version));
            Assert.Equal("points in rows: length, width", Assert.Single(read.Graph.Input).DocString);
            var used = read.Graph.Node.SelectMany(node => node.Input).Concat(read.Graph.Output.Select(output => output.Name)).ToHashSet();
            Assert.All(read.Graph.Node, node => Assert.Contains(Assert.Single(node.Output), used));
            Assert.All(read.Graph.Initializer, constant => Assert.Contains(constant.Name, used));
        }
    }

    [Fact]
    public void TheSameModelHasTheSameBytesInMemoryAndStream()
    {
        var model = Problem.Of("diag", 1, 3, 2).Model;
        using var stream = new MemoryStream();
        model.SaveOnnx(stream);
        Assert.Equal(model.ToOnnx(), stream.ToArray());
        Assert.True(stream.CanRead);
    }

    [Theory]
    [InlineData(1e-80, 0, "component 1: no float of full precision is its inverse standard deviation, 1e+40; doubles are required")]
    [InlineData(1e80, 0, "component 1: no float of full precision is its inverse standard deviation, 1e-40; doubles are required")]
    [InlineData(1, -1e39, "component 1: no float of full precision is its mean, -1e+39; doubles are required")]
    public void AParameterThatNoFloatHoldsIsRefusedBeforeAnythingIsWritten(double variance, double mean, string message)
    {
        var model = new GaussianMixture(CovarianceType.Spherical, 1, [0.5, 0.5], [0, mean], [1, variance]);
        using var stream = new MemoryStream();
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => model.SaveOnnx(stream, OnnxPrecision.Single)).Message);
        Assert.Equal(0, stream.Length);
        Assert.NotEmpty(model.ToOnnx());
    }

    [Fact]
    public void AnEntryOffTheDiagonalThatNoFloatHoldsIsRefused()
    {
        // Cholesky factor 1e-35, 1, 1e-4; its inverse has 1e35, -1e39, 1e4.
        var model = new GaussianMixture(CovarianceType.Full, 2, [1], [0, 0], [1e-70, 1e-35, 1e-35, 1 + 1e-8]);
        Assert.StartsWith("component 0: no float of full precision is its inverse Cholesky factor, -1e+39", Assert.Throws<ArgumentException>(() => model.ToOnnx(OnnxPrecision.Single)).Message);
    }

    [Fact]
    public void AnUnknownPrecisionIsRefused() =>
        Assert.StartsWith("precision is 7; Double, Single or Mixed is required",
            Assert.Throws<ArgumentOutOfRangeException>(() => Problem.Of("diag", 1, 3, 2).Model.ToOnnx((OnnxPrecision)7)).Message);
}
