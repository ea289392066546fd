using System.Text.Json.Serialization;

namespace Gmm.Fast;

/// <summary>Describes the order in which a fit numbers the components of its model: as found, by weight, or by the mean in one dimension. System.Text.Json keeps it.</summary>
[JsonConverter(typeof(ComponentOrderConverter))]
public readonly record struct ComponentOrder
{
    private const int FoundOrder = 0;
    private const int WeightOrder = 1;
    private const int FirstDimension = 2;

    private ComponentOrder(int kind) => Kind = kind;

    /// <summary>As the start numbered them.</summary>
    public static ComponentOrder AsFound { get; } = new(FoundOrder);

    /// <summary>The largest weight first.</summary>
    public static ComponentOrder ByWeight { get; } = new(WeightOrder);

    /// <summary>The dimension of <see cref="ByMean"/>, from 0; null for the other orders.</summary>
    public int? Dimension => Kind >= FirstDimension ? Kind - FirstDimension : null;

    private int Kind { get; }

    /// <summary>The smallest mean in a dimension first.</summary>
    /// <param name="dimension">From 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is negative.</exception>
    public static ComponentOrder ByMean(int dimension)
    {
        Internals.Check.AtLeast(nameof(dimension), dimension, 0);
        return new ComponentOrder(FirstDimension + dimension);
    }

    /// <summary>Lists the components of a model in this order; those of equal keys stay as they are.</summary>
    /// <param name="model">The model.</param>
    /// <returns>[K]: components, from 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The model has no such dimension.</exception>
    public int[] Of(GaussianMixture model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (Dimension is { } dimension && dimension >= model.Dimension)
            Internals.Throw.OutOfRange(nameof(dimension), dimension, $"0 to {model.Dimension - 1} is required");
        var kind = Kind;
        return
        [
            .. Enumerable.Range(0, model.ComponentCount).OrderBy(k => kind switch
            {
                FoundOrder => 0,
                WeightOrder => -model.Weights[k],
                _ => model.Mean(k)[kind - FirstDimension],
            }),
        ];
    }
}
