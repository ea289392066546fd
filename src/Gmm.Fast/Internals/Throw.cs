using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gmm.Fast.Internals;

/// <summary>Every exception of the engine is made here, so that the callers stay small enough to inline.</summary>
internal static class Throw
{
    [DoesNotReturn]
    public static void Argument(string parameter, string message) => throw new ArgumentException(message, parameter);

    /// <summary>With its text: scoring checks a shape for every point, and the room that making a text takes would be cleared each time.</summary>
    [DoesNotReturn]
    public static void Shape(string parameter, int actual, int rows, int columns) =>
        Argument(parameter, $"{parameter} has {actual} values; {rows} x {columns} = {(long)rows * columns} are required");

    /// <summary>Without the value as an object: the runtime would repeat it on a second line, in the language of the system.</summary>
    [DoesNotReturn]
    public static void OutOfRange(string parameter, object value, string requirement) =>
        throw new ArgumentOutOfRangeException(parameter, string.Create(CultureInfo.InvariantCulture, $"{parameter} is {value}; {requirement}"));

    [DoesNotReturn]
    public static void Cancelled(CancellationToken token) => throw new OperationCanceledException("The fit was cancelled before it had a model.", token);

    [DoesNotReturn]
    public static void BrokenSource(long firstRow, int count, long required, int actual) => throw new InvalidOperationException(
        $"The source gave {actual} numbers for rows {firstRow} to {firstRow + count - 1}; {required} are required");

    [DoesNotReturn]
    public static void InvalidModel(string message) => throw new InvalidDataException(message);
}
