using System.Globalization;
using Gmm.Fast;

namespace Gmm.Onnx;

/// <summary>
/// Writes the density of a mixture as operators of ONNX (Bishop, PRML, equations 2.43 and 9.13):
///   y_k = W_k (x - mu_k),  W_k the inverse Cholesky factor, the K of them in one product [K x N x D]
///   l_k = c_k - |y_k|^2 / 2,  c_k = -D/2 ln 2 pi + ln |W_k|
///   ln p = m + ln sum over k of exp(ln w_k + l_k - m),  m the largest of ln w_k + l_k
/// Points are centered before anything is multiplied, so data far from the origin lose no digits.
/// W_k x - W_k mu_k would be one product less, and loses them.
/// </summary>
internal sealed class MixtureGraph
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    // Of float: numbers below have fewer digits.
    private const double SmallestNormal = 1.1754943508222875e-38;

    private readonly GaussianMixture _model;
    private readonly GraphBuilder _graph;
    private readonly bool _isSingle;

    private MixtureGraph(GaussianMixture model, GraphBuilder graph)
    {
        (_model, _graph) = (model, graph);
        _isSingle = graph.ElementType == Schema.TensorProto.Types.DataType.Float;
    }

    /// <summary>Adds a mixture to a graph and gives the names of its scores.</summary>
    /// <param name="model">The mixture.</param>
    /// <param name="graph">The graph, of the element type to compute with.</param>
    /// <param name="points">The name of points [N x D] of that type.</param>
    /// <param name="suffix">What the names of the scores end in, but for the label.</param>
    /// <param name="label">The name of the label.</param>
    /// <exception cref="ArgumentException">A parameter is beyond the range of the element type.</exception>
    public static MixtureScores Add(GaussianMixture model, GraphBuilder graph, string points, string suffix = "", string label = OnnxNames.Label) =>
        new MixtureGraph(model, graph).Add(points, suffix, label);

    private MixtureScores Add(string points, string suffix, string label)
    {
        var (k, logDeterminants) = (_model.ComponentCount, new double[_model.ComponentCount]);
        var squares = _graph.Node(
            "ReduceSumSquare", "mixture/squares", [Whiten(Center(points), logDeterminants)], GraphBuilder.Numbers("axes", 2), GraphBuilder.Number("keepdims", 0));
        var half = _graph.Node("Mul", "mixture/minus_half_squares", [squares, _graph.Real("mixture/minus_half", [-0.5])]);
        var ofPoints = _graph.Node("Transpose", "mixture/exponents", [half], GraphBuilder.Numbers("perm", 1, 0));

        double[] normalizers = [.. logDeterminants.Select(logDeterminant => logDeterminant - _model.Dimension * HalfLogTwoPi)];
        double[] weights = _model.Weights.ToArray();
        var components = _graph.Node(
            "Add", OnnxNames.ComponentLogDensities + suffix, [ofPoints, _graph.Real("mixture/log_normalizers", normalizers, k)]);
        var joint = _graph.Node("Add", "mixture/weighted_log_densities",
            [ofPoints, _graph.Real("mixture/log_constants", [.. normalizers.Zip(weights, (normalizer, weight) => normalizer + Math.Log(weight))], k)]);

        // A distance that overflows is infinite. Where all do, the components that have a weight share the point, as they do in the engine.
        double[] floors = [.. weights.Select(weight => weight > 0 ? Lowest : double.NegativeInfinity)];
        var axis = _graph.Whole("mixture/component_axis", 1);
        var largest = _graph.Node("ReduceMax", "mixture/largest", [joint], GraphBuilder.Numbers("axes", 1), GraphBuilder.Number("keepdims", 1));
        var reference = _graph.Node("Max", "mixture/reference", [largest, _graph.Real("mixture/lowest", [Lowest], 1)]);
        var raised = _graph.Node("Max", "mixture/raised", [joint, _graph.Real("mixture/floors", floors, k)]);
        var shares = _graph.Node("Exp", "mixture/shares", [_graph.Node("Sub", "mixture/below_reference", [raised, reference])]);
        var sum = _graph.Node("ReduceSum", "mixture/sum_of_shares", [shares, axis], GraphBuilder.Number("keepdims", 1));
        var logDensity = _graph.Node("Add", "mixture/log_densities", [largest, _graph.Node("Log", "mixture/log_of_sum", [sum])]);
        return new MixtureScores(
            _graph.Node("ArgMax", label, [joint], GraphBuilder.Number("axis", 1), GraphBuilder.Number("keepdims", 0)),
            _graph.Node("Div", OnnxNames.Responsibilities + suffix, [shares, sum]),
            _graph.Node("Squeeze", OnnxNames.LogDensity + suffix, [logDensity, axis]),
            components,
            joint);
    }

    private double Lowest => _isSingle ? float.MinValue : double.MinValue;

    // x - mu_k, [K x N x D].
    private string Center(string points)
    {
        var (k, d) = (_model.ComponentCount, _model.Dimension);
        var rows = _graph.Node("Unsqueeze", "mixture/points_for_components", [points, _graph.Whole("mixture/first_axis", 0)]);
        var means = _model.Means.ToArray();
        var centered = _graph.Node("Sub", "mixture/centered", [rows, _graph.Real("mixture/means", means, k, 1, d)]);
        if (!_isSingle) return centered;

        // The difference is exact near mu, so what a float leaves out of mu counts.
        double[] rest = [.. means.Select((mean, i) => mean - Single(mean, i / d))];
        return _graph.Node("Sub", "mixture/centered_closer", [centered, _graph.Real("mixture/means_rest", rest, k, 1, d)]);
    }

    // y_k, [K x N x D], and ln |W_k|, [K].
    private string Whiten(string centered, Span<double> logDeterminants)
    {
        int[] matrix = [.. _model.SharesCovariance ? _model.CovarianceShape : _model.CovarianceShape.Skip(1)];
        var white = matrix.Length > 1
            ? _graph.Node("MatMul", "mixture/whitened", [centered, Factors(logDeterminants)])
            : _graph.Node("Mul", "mixture/whitened", [centered, Scales(matrix is [var length] ? length : 1, logDeterminants)]);
        if (_model.SharesCovariance) logDeterminants[1..].Fill(logDeterminants[0]);
        return white;
    }

    // W_k^T, [K x D x D] or [D x D]: rows of points stand on the left of it.
    private string Factors(Span<double> logDeterminants)
    {
        var d = _model.Dimension;
        var matrices = _model.SharesCovariance ? 1 : _model.ComponentCount;
        double[] factor = new double[d * d], transposed = new double[matrices * d * d];
        for (var k = 0; k < matrices; k++)
        {
            _model.PrecisionFactor(k, factor);
            for (var i = 0; i < d; i++)
            {
                for (var j = 0; j <= i; j++) transposed[(k * d + j) * d + i] = InRange(factor[i * d + j], k);
                logDeterminants[k] += Math.Log(Scale(factor[i * d + i], k));
            }
        }
        return _model.SharesCovariance ? _graph.Real("mixture/factor", transposed, d, d) : _graph.Real("mixture/factors", transposed, matrices, d, d);
    }

    // Inverse standard deviations, [K or 1 x 1 x D or 1], of covariances without off-diagonal entries.
    private string Scales(int columns, Span<double> logDeterminants)
    {
        var variances = _model.Covariances;
        var scales = new double[variances.Length];
        for (var i = 0; i < scales.Length; i++)
        {
            var k = i / columns;
            scales[i] = Scale(1 / Math.Sqrt(variances[i]), k);
            logDeterminants[k] -= 0.5 * (_model.Dimension / columns) * Math.Log(variances[i]);
        }
        return _graph.Real("mixture/inverse_deviations", scales, scales.Length / columns, 1, columns);
    }

    private double Scale(double inverseDeviation, int component)
    {
        if (_isSingle && Math.Abs(inverseDeviation) is < SmallestNormal or > float.MaxValue)
            throw OutOfRange("inverse standard deviation", inverseDeviation, component);
        return inverseDeviation;
    }

    // Off the diagonal a small entry is as good as zero.
    private double InRange(double entry, int component) =>
        _isSingle && Math.Abs(entry) > float.MaxValue ? throw OutOfRange("inverse Cholesky factor", entry, component) : entry;

    private static float Single(double mean, int component) =>
        Math.Abs(mean) <= float.MaxValue ? (float)mean : throw OutOfRange("mean", mean, component);

    private static ArgumentException OutOfRange(string name, double value, int component) => new(string.Create(CultureInfo.InvariantCulture,
        $"component {component}: no float of full precision is its {name}, {value:g3}; doubles are required"));
}

/// <summary>Names the scores in a graph.</summary>
/// <param name="Label">[N], int64.</param>
/// <param name="Responsibilities">[N x K].</param>
/// <param name="LogDensity">[N].</param>
/// <param name="ComponentLogDensities">[N x K].</param>
/// <param name="WeightedLogDensities">[N x K]: ln (w_k N(x | mu_k, Sigma_k)).</param>
internal sealed record MixtureScores(string Label, string Responsibilities, string LogDensity, string ComponentLogDensities, string WeightedLogDensities);
