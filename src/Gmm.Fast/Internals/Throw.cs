using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gmm.Fast.Internals;

/// <summary>Throws the exceptions of the engine, so that the callers stay small enough to inline.</summary>
internal static class Throw
{
    [DoesNotReturn]
    public static void Argument(string parameter, string message) => throw new ArgumentException(message, parameter);

    /// <inheritdoc cref="Argument(string, string)"/>
    [DoesNotReturn]
    public static void Argument(string parameter, InvariantText message) => Argument(parameter, message.Take());

    /// <summary>Gives the message of an exception without the parameter's name, which the runtime adds.</summary>
    public static string Message(Exception exception) => exception.Message.Split(" (Parameter '")[0];

    /// <summary>Throws for a wrong shape. The text is made here, since in the caller its locals would be cleared at every call.</summary>
    [DoesNotReturn]
    public static void Shape(string parameter, int actual, int rows, int columns) =>
        Argument(parameter, $"{parameter} has {actual} values; {rows} x {columns} = {(long)rows * columns} are required");

    /// <summary>Throws without the value as an object, which the runtime would repeat on a second line in the language of the system.</summary>
    [DoesNotReturn]
    public static void OutOfRange(string parameter, object value, string requirement) => throw OutOfRangeError(parameter, value, requirement);

    /// <summary>Gives what <see cref="OutOfRange(string, object, string)"/> throws.</summary>
    public static ArgumentOutOfRangeException OutOfRangeError(string parameter, object value, string requirement) =>
        new(parameter, string.Create(CultureInfo.InvariantCulture,
            $"{parameter} is {(value is Enum name ? InvariantText.Of(name) : value)}; {requirement}"));

    /// <inheritdoc cref="OutOfRange(string, object, string)"/>
    [DoesNotReturn]
    public static void OutOfRange(string parameter, object value, InvariantText requirement) => OutOfRange(parameter, value, requirement.Take());

    [DoesNotReturn]
    public static void Cancelled(CancellationToken token, int? rank) => throw new OperationCanceledException(
        rank is { } canceled ? $"The fit was canceled by rank {canceled} before it had a model." : "The fit was canceled before it had a model.",
        token);

    [DoesNotReturn]
    public static void BrokenSource(long firstRow, int count, long required, int actual) => throw new InvalidOperationException(
        $"The source gave {actual} numbers for points {firstRow} to {firstRow + count - 1}; {required} are required");

    [DoesNotReturn]
    public static void StaleSnapshot(int iteration) => throw new InvalidOperationException(
        $"The fit has gone on from iteration {iteration}; take the snapshot in IProgress.Report itself, which Progress<T> leaves before");

    [DoesNotReturn]
    public static void NoQuantiles() => throw new InvalidOperationException(
        "The model has no density quantiles; fit with FitOptions.DensityQuantiles, or take WithDensityQuantiles of its training points");

    [DoesNotReturn]
    public static void InvalidModel(string message) => throw new InvalidDataException(message);

    /// <inheritdoc cref="InvalidModel(string)"/>
    [DoesNotReturn]
    public static void InvalidModel(InvariantText message) => InvalidModel(message.Take());
}
