using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Gmm.Fast.Internals;

/// <summary>Arguments of public methods: the value found and what is required.</summary>
internal static class Check
{
    public static void Shape(string parameter, int actual, int rows, int columns)
    {
        if (actual != (long)rows * columns) Throw.Shape(parameter, actual, rows, columns);
    }

    public static void Length(string parameter, int actual, int required, string shape)
    {
        if (actual != required) Throw.Argument(parameter, $"{parameter} has {actual} values; {shape} = {required} are required");
    }

    public static void AtLeast(string parameter, long value, long minimum)
    {
        if (value < minimum) Throw.OutOfRange(parameter, value, $"at least {minimum} is required");
    }

    /// <summary>Every array of a mixture of this size can be indexed; full matrices are [K x D x D] with room for padding.</summary>
    public static void MixtureSize(int components, int dimension, bool matrices)
    {
        AtLeast(nameof(components), components, 1);
        AtLeast(nameof(dimension), dimension, 1);
        var numbers = (Int128)components * dimension * (matrices ? dimension + 8L : 8L);
        if (numbers > Array.MaxLength)
            Throw.Argument(nameof(components), $"{components} components of {dimension} features need {numbers} numbers; at most {Array.MaxLength} fit an array");
    }

    public static void FiniteNonNegative(string parameter, double value)
    {
        if (!(value >= 0 && double.IsFinite(value))) Throw.OutOfRange(parameter, value, "a finite number of at least 0 is required");
    }

    /// <summary>No name is null.</summary>
    public static void Names(string parameter, IReadOnlyList<string>? names)
    {
        for (var i = 0; i < names?.Count; i++)
        {
            if (names[i] is null) Throw.Argument(parameter, $"{parameter}[{i}] is null; a name is required");
        }
    }

    /// <summary>Rows [rows x columns] hold finite numbers; the message counts both from 0, as the spans do.</summary>
    public static void FiniteRows<T>(string parameter, ReadOnlySpan<T> rows, int columns, long firstRow = 0)
        where T : INumberBase<T>
    {
        if (TensorPrimitives.IsFiniteAll(rows)) return;
        var at = 0;
        while (T.IsFinite(rows[at])) at++;
        Throw.Argument(parameter, string.Create(CultureInfo.InvariantCulture,
            $"{parameter}[{firstRow + at / columns}, {at % columns}] is {rows[at]}; finite values are required"));
    }

    /// <summary>Values of a parameter vector are finite.</summary>
    public static void Finite(string parameter, ReadOnlySpan<double> values)
    {
        if (TensorPrimitives.IsFiniteAll(values)) return;
        var at = 0;
        while (double.IsFinite(values[at])) at++;
        Throw.Argument(parameter, string.Create(CultureInfo.InvariantCulture, $"{parameter}[{at}] is {values[at]}; finite values are required"));
    }
}
