using System.Globalization;
using System.Text.Json.Serialization;

namespace Gmm.Fast;

/// <summary>
/// Describes what each M-step adds to every variance, so that a component on equal points, or on a line, keeps a density: a number in squared units
/// of the data, or a fraction of each column's variance over all points. A number converts to an absolute one. System.Text.Json
/// writes it as model files do.
/// </summary>
[JsonConverter(typeof(RegularizationConverter))]
public readonly record struct Regularization
{
    // Argued in docs/numerics.md.
    private const double DoubleFractionPerColumn = 1e-12;
    private const double SingleFraction = 1e-6;

    private Regularization(double value, bool isRelative) => (Value, IsRelative) = (value, isRelative);

    /// <summary>The number added, in squared units of the data; of a relative one, the fraction.</summary>
    public double Value { get; }

    /// <summary>Whether <see cref="Value"/> is a fraction of each column's variance over all points.</summary>
    public bool IsRelative { get; }

    /// <summary>Gives the same number for every column: scikit-learn's reg_covar.</summary>
    /// <param name="variance">In squared units of the data; at least 0, which a fit checks.</param>
    public static Regularization Absolute(double variance) => new(variance, isRelative: false);

    /// <summary>
    /// Gives each column a fraction of its variance over all points, so the units of the columns do not matter. A constant column has no variance:
    /// it gets the fraction of the square of its value, or of 1 if that is 0. Spherical types add the mean over the columns that vary.
    /// </summary>
    /// <param name="fraction">At least 0 and below 1, which a fit checks.</param>
    public static Regularization Relative(double fraction) => new(fraction, isRelative: true);

    /// <summary>Gives <see cref="Absolute"/>.</summary>
    /// <param name="variance">In squared units of the data; at least 0, which a fit checks.</param>
    public static implicit operator Regularization(double variance) => Absolute(variance);

    /// <summary>Says it in words: "1E-06", or "2E-12 of each column's variance".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value}{(IsRelative ? " of each column's variance" : "")}");

    /// <summary>
    /// Gives the default of a fit. A factorization takes pivots of some D u for rounding, so in doubles the fraction grows with D. Sums of floats have
    /// fewer digits.
    /// </summary>
    internal static Regularization Default(int dimension, bool isSingle) =>
        Relative(isSingle ? SingleFraction : Math.Min(DoubleFractionPerColumn * dimension, SingleFraction));
}
