using System.Globalization;

namespace Gmm.Fast.Model;

/// <summary>
/// The digits of an element type. Neighboring numbers of p bits are 2^(1-p) 2^floor(log2 |x|) apart (IEEE 754-2019, section 3.3): where that is more
/// than the spread of a column about its mean x, the column has lost its variance before any fit saw it.
/// </summary>
/// <param name="Bits">p, of the significand: 24 or 53.</param>
internal readonly record struct Precision(int Bits)
{
    // A column whose spread is known only to be lost: steps below this are no offset, but a constant. The root of the usual regularization.
    private const double Fine = 1e-3;

    // Fewer steps than this in a standard deviation, and cells of points are equal by rounding.
    private const double StepsPerDeviation = 4;

    public static Precision Single { get; } = new(24);

    public static Precision Double { get; } = new(53);

    /// <summary>The distance of neighboring numbers at a finite value.</summary>
    public double Step(double value) => value == 0 ? 0 : double.ScaleB(1, Math.ILogB(value) + 1 - Bits);

    /// <summary>
    /// Why a covariance has no variance of its own, in words, where rounding explains it: some feature varies by no more than one step at the mean,
    /// and that is much beside the deviation it had before. Null where it does not.
    /// </summary>
    /// <param name="parameters">With the covariance that collapsed.</param>
    /// <param name="matrix">Its number.</param>
    /// <param name="regularization">Contained in its variances.</param>
    /// <param name="before">Parameters in which it had not collapsed yet, or null: the deviation is then that of the regularization.</param>
    /// <param name="names">[D] of the features, or null.</param>
    public string? Explain(MixtureParameters parameters, int matrix, double regularization, MixtureParameters? before, IReadOnlyList<string>? names)
    {
        var (worst, feature, mean) = (1.0, -1, 0.0);
        var fine = regularization > 0 ? Math.Sqrt(regularization) : Fine;
        for (var k = 0; k < parameters.Components; k++)
        {
            if (!parameters.IsShared && k != matrix) continue;
            for (var j = 0; j < parameters.Dimension; j++)
            {
                var step = Step(parameters.Mean(k)[j]);
                if (parameters.Variance(matrix, j) - regularization > step * step) continue;
                var ratio = step / (before is null ? fine : Math.Sqrt(before.Variance(matrix, j)) / StepsPerDeviation);
                if (ratio > worst) (worst, feature, mean) = (ratio, j, parameters.Mean(k)[j]);
            }
        }
        return feature < 0 ? null : string.Create(CultureInfo.InvariantCulture,
            $"{(names is null ? $"feature {feature}, counted from 0," : $"feature '{names[feature]}'")} has no digits left for its spread: at {mean:g3} "
            + $"numbers of {(this == Single ? "single" : "double")} precision are {Step(mean):g3} apart; center the data{(this == Single ? " or use doubles" : "")}");
    }
}
