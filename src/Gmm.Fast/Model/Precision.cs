using Gmm.Fast.Families;

namespace Gmm.Fast.Model;

/// <summary>
/// Describes the precision of an element type. Neighboring numbers of p bits are 2^(1-p) 2^floor(log2 |x|) apart (IEEE 754-2019, section 3.3).
/// Where that exceeds the spread of a dimension about its mean x, rounding has removed its variance from the data.
/// </summary>
/// <param name="Bits">p, of the significand: 24 or 53.</param>
internal readonly record struct Precision(int Bits)
{
    // The deviation taken for a dimension without one: with smaller steps the dimension counts as constant.
    private const double Fine = 1e-3;

    // With fewer steps than this in a standard deviation, rounding makes points equal.
    private const double StepsPerDeviation = 4;

    // Variances of columns between which squares of deviations stay in range, with digits to spare for components that are thinner and points that are
    // farther.
    private const double LeastOfSingle = 1e-36;
    private const double MostOfSingle = 1e36;
    private const double LeastOfDouble = 1e-302;

    // Of one component, which is as wide as the column.
    private const double LeastOfOne = 1e-316;

    private const double MostOfDouble = 1e304;

    public static Precision Single { get; } = new(24);

    public static Precision Double { get; } = new(53);

    /// <summary>Gives the distance of neighboring numbers at a finite value.</summary>
    public double Step(double value) => value == 0 ? 0 : double.ScaleB(1, Math.ILogB(value) + 1 - Bits);

    /// <summary>
    /// Says that the variance of a column is beyond what computing with squares allows; null where it is not, and for 0 unless the numbers are so small
    /// that their variance would vanish.
    /// </summary>
    /// <param name="variance">Finite.</param>
    /// <param name="mean">The mean of the column.</param>
    /// <param name="components">K.</param>
    /// <param name="column">Its number.</param>
    /// <param name="wording">The words for dimensions.</param>
    public string? BeyondRange(double variance, double mean, int components, int column, Wording wording)
    {
        var (least, most) = this == Single ? (LeastOfSingle, MostOfSingle) : (components == 1 ? LeastOfOne : LeastOfDouble, MostOfDouble);
        if (variance == 0 ? mean == 0 || mean * mean >= least : variance >= least && variance <= most) return null;
        var (name, help) = this == Single ? ("single", "rescale it or use doubles") : ("double", "rescale it");
        var found = variance == 0 ? Wording.Text($"0 at a mean of {mean:g3}") : Wording.Text($"{variance:g3}");
        return Wording.Text($"{wording.Column(column)} has a variance of {found}; {name} precision computes with {least:g1} to {most:g1}, so {help}");
    }

    /// <summary>
    /// Explains in words that rounding made a covariance collapse, or returns null if it did not. It did if some dimension varies by no more than one
    /// step at the mean, and that step is large beside the deviation before.
    /// </summary>
    /// <param name="parameters">The parameters with the collapsed covariance.</param>
    /// <param name="matrix">Its number.</param>
    /// <param name="ridge">The part of its variances that is regularization.</param>
    /// <param name="before">The parameters before the collapse, or null to take a small number for the deviation.</param>
    /// <param name="wording">The words for dimensions.</param>
    public string? Explain(Parameters parameters, int matrix, Ridge ridge, Parameters? before, Wording wording)
    {
        var (worst, dimension, mean) = (1.0, -1, 0.0);
        for (var k = 0; k < parameters.Components; k++)
        {
            if (!parameters.IsShared && k != matrix) continue;
            for (var j = 0; j < parameters.Dimension; j++)
            {
                var step = Step(parameters.Mean(k)[j]);
                if (parameters.Variance(matrix, j) - ridge.Of(parameters.Family, j) > step * step) continue;
                var ratio = step / (before is null ? Fine : Math.Sqrt(before.Variance(matrix, j)) / StepsPerDeviation);
                if (ratio > worst) (worst, dimension, mean) = (ratio, j, parameters.Mean(k)[j]);
            }
        }
        return dimension < 0 ? null : LostDigits(dimension, mean, wording);
    }

    /// <summary>Says that a dimension of one value may have lost its digits to its offset; null where its steps are fine.</summary>
    public string? LostDigits(double value) => Step(value) > Fine ? Steps(value) : null;

    private string LostDigits(int dimension, double mean, Wording wording) =>
        Wording.Text($"{wording.Column(dimension)} has no digits left for its spread: {Steps(mean)}");

    private string Steps(double mean)
    {
        var isSingle = this == Single;
        return Wording.Text(
            $"at {mean:g3} numbers of {(isSingle ? "single" : "double")} precision are {Step(mean):g3} apart; center the data{(isSingle ? " or use doubles" : "")}");
    }
}
