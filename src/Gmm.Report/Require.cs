using System.Globalization;

namespace Gmm.Report;

/// <summary>Checks arguments. Messages name the parameter, the value and the requirement, the same in every culture.</summary>
internal static class Require
{
    /// <summary>Checks that a number is at least a minimum.</summary>
    public static void AtLeast(string parameter, long value, long minimum)
    {
        if (value < minimum) throw OutOfRange(parameter, value, FormattableString.Invariant($"at least {minimum} is required"));
    }

    /// <summary>Checks that a number is in a range.</summary>
    public static void Range(string parameter, long value, long minimum, long maximum)
    {
        if (value < minimum || value > maximum) throw OutOfRange(parameter, value, FormattableString.Invariant($"{minimum} to {maximum} is required"));
    }

    /// <summary>Gives a value that is not null, or throws.</summary>
    public static T NotNull<T>(string parameter, T? value)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value, parameter);
        return value;
    }

    /// <summary>Makes the exception of a value that cannot be used.</summary>
    public static ArgumentOutOfRangeException OutOfRange(string parameter, object value, string requirement) =>
        new(parameter, string.Create(CultureInfo.InvariantCulture, $"{parameter} is {value}; {requirement}"));
}
