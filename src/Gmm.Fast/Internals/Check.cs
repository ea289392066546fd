using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Gmm.Fast.Internals;

/// <summary>Checks arguments of public methods. Messages state the value and the requirement.</summary>
internal static class Check
{
    /// <summary>Checks that a span has rows x columns values.</summary>
    public static void Shape(string parameter, int actual, int rows, int columns)
    {
        if (actual != (long)rows * columns) Throw.Shape(parameter, actual, rows, columns);
    }

    /// <summary>Checks that a span has the required number of values, given in words too.</summary>
    public static void Length(string parameter, int actual, int required, string shape)
    {
        if (actual != required) Throw.Argument(parameter, $"{parameter} has {actual} values; {shape} = {required} are required");
    }

    /// <summary>Checks that a number is at least a minimum.</summary>
    public static void AtLeast(string parameter, long value, long minimum)
    {
        if (value < minimum) Throw.OutOfRange(parameter, value, $"at least {minimum} is required");
    }

    /// <summary>Checks that every array of a mixture of this size fits an array; full matrices are [K x D x D] with room for padding.</summary>
    public static void MixtureSize(int components, int dimension, bool matrices)
    {
        AtLeast(nameof(components), components, 1);
        AtLeast(nameof(dimension), dimension, 1);
        var numbers = (Int128)components * dimension * (matrices ? dimension + 8L : 8L);
        if (numbers <= Array.MaxLength) return;
        Throw.Argument(nameof(components),
            $"{components} components of {dimension} dimensions need {numbers} numbers; at most {Array.MaxLength} fit an array; use "
                + $"{(matrices ? "covariances without off-diagonal entries, " : "")}fewer dimensions or fewer components");
    }

    /// <summary>Checks that a number is finite and at least 0.</summary>
    public static void FiniteNonNegative(string parameter, double value)
    {
        if (!(value >= 0 && double.IsFinite(value))) Throw.OutOfRange(parameter, value, "a finite number of at least 0 is required");
    }

    /// <summary>Checks that no name is null.</summary>
    public static void Names(string parameter, IReadOnlyList<string>? names)
    {
        for (var i = 0; i < names?.Count; i++)
        {
            if (names[i] is null) Throw.Argument(parameter, $"{parameter}[{i}] is null; a name is required");
        }
    }

    /// <summary>Checks that <paramref name="rows"/> [N x columns] hold finite numbers; the message counts points and columns from 0.</summary>
    public static void FiniteRows<T>(string parameter, ReadOnlySpan<T> rows, int columns, long firstRow = 0)
        where T : INumberBase<T>
    {
        if (TensorPrimitives.IsFiniteAll(rows)) return;
        var at = 0;
        while (T.IsFinite(rows[at])) at++;
        Throw.Argument(parameter, string.Create(CultureInfo.InvariantCulture,
            $"{parameter}[{firstRow + at / columns}, {at % columns}] is {rows[at]}; finite values are required"));
    }

    /// <summary>Checks that a point [D] has no infinite number; NaN stands for a missing one. The message counts points and columns from 0.</summary>
    public static void NotInfinite<T>(string parameter, ReadOnlySpan<T> point, long row)
        where T : INumberBase<T>
    {
        for (var j = 0; j < point.Length; j++)
        {
            if (T.IsInfinity(point[j]))
            {
                Throw.Argument(parameter, string.Create(CultureInfo.InvariantCulture,
                    $"{parameter}[{row}, {j}] is {point[j]}; finite values, or NaN for missing ones, are required"));
            }
        }
    }

    /// <summary>Checks that <paramref name="weights"/> [N] of points are finite and at least 0; the message counts points from 0.</summary>
    public static void Weights(string parameter, ReadOnlySpan<double> weights, long firstRow)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0 && double.IsFinite(weights[i])))
            {
                Throw.Argument(parameter, string.Create(CultureInfo.InvariantCulture,
                    $"{parameter}[{firstRow + i}] is {weights[i]}; a finite weight of at least 0 is required"));
            }
        }
    }

    /// <summary>Checks that the values of a parameter vector, of any length, are finite.</summary>
    public static void Finite(string parameter, ReadOnlySpan<double> values)
    {
        if (TensorPrimitives.IsFiniteAll(values)) return;
        var at = 0;
        while (double.IsFinite(values[at])) at++;
        Throw.Argument(parameter, string.Create(CultureInfo.InvariantCulture, $"{parameter}[{at}] is {values[at]}; finite values are required"));
    }
}
