namespace Gmm.Bench.Targets;

/// <summary>Work of one EM iteration, and what it must reach. Columns without a target are reported all the same.</summary>
/// <param name="Type">Form of the covariances.</param>
/// <param name="Points">N.</param>
/// <param name="Dimension">D.</param>
/// <param name="Components">K.</param>
/// <param name="Share">Least share of the FMA peak, for any number of threads.</param>
/// <param name="Nanoseconds">Most nanoseconds per point and component on one thread.</param>
/// <param name="Single">Whether the same data are fitted as floats too.</param>
internal sealed record TargetShape(
    CovarianceType Type, int Points, int Dimension, int Components, double? Share = null, double? Nanoseconds = null, bool Single = false)
{
    /// <summary>Least gain of two threads over one, for every shape.</summary>
    public const double SpeedUp = 1.9;

    /// <summary>Least gain of floats over doubles.</summary>
    public const double SingleGain = 1.8;

    // A tenth of the points; but enough for every component to have a covariance of its own.
    private const int FewestPoints = 16_000;

    public static IReadOnlyList<TargetShape> All { get; } =
    [
        new(CovarianceType.Full, 1_000_000, 2, 3, Nanoseconds: 1.2),
        new(CovarianceType.Full, 1_000_000, 3, 4, Nanoseconds: 1.2),
        new(CovarianceType.Full, 1_000_000, 8, 8, Share: 0.45),
        new(CovarianceType.Full, 200_000, 16, 16, Share: 0.65, Single: true),
        new(CovarianceType.Full, 100_000, 32, 32, Share: 0.8, Single: true),
        new(CovarianceType.Full, 50_000, 64, 64, Share: 0.8, Single: true),
        new(CovarianceType.Full, 20_000, 128, 32, Share: 0.8, Single: true),
        new(CovarianceType.Diagonal, 1_000_000, 16, 64, Nanoseconds: 2.5),
        new(CovarianceType.Spherical, 1_000_000, 16, 64),
        new(CovarianceType.Tied, 1_000_000, 16, 64),
    ];

    public string Name => $"{Points}x{Size}";

    public string Size => $"{Dimension}x{Components}";

    public double Pairs => (double)Points * Components;

    /// <summary>
    /// Of one iteration: one triangle for the distances and one for the moments. The other types are bound by memory and the exponential, and have
    /// no count worth comparing with the peak.
    /// </summary>
    public double? UsefulOperations => Type == CovarianceType.Full ? 2 * Pairs * Dimension * Dimension : null;

    public TargetShape Quick() => this with { Points = Math.Min(Points, Math.Max(Points / 10, FewestPoints)) };

    public Problem Generate() => new(Type, Points, Dimension, Components);
}
