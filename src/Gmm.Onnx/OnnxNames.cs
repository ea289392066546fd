namespace Gmm.Onnx;

/// <summary>Names the input and the outputs of an exported model.</summary>
public static class OnnxNames
{
    /// <summary>The input [N x D]: points, float or double.</summary>
    public const string Points = "points";

    /// <summary>The output [N]: the component with the largest responsibility, from 0, the first of equals; int64.</summary>
    public const string Label = "label";

    /// <summary>The output [N x K]: the responsibilities.</summary>
    public const string Responsibilities = "responsibilities";

    /// <summary>The output [N]: ln p(x), in nats.</summary>
    public const string LogDensity = "log_density";

    /// <summary>The output [N x K]: ln N(x | mu_k, Sigma_k), in nats, without the weights of the components.</summary>
    public const string ComponentLogDensities = "component_log_densities";
}
