using System.Globalization;
using System.Runtime.CompilerServices;

namespace Gmm.Fast.Internals;

/// <summary>
/// Takes an interpolated string for a message and formats it in no culture: elsewhere a minus is another character, or has marks beside it that nobody sees.
/// A method with a parameter of this type is chosen before one that takes a string.
/// </summary>
[InterpolatedStringHandler]
internal ref struct InvariantText
{
    private DefaultInterpolatedStringHandler _text;

    /// <summary>Begins a text; the compiler calls it.</summary>
    public InvariantText(int literalLength, int formattedCount) => _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value is Enum name ? Of(name) : (object?)value);

    public void AppendFormatted(int value) => _text.AppendFormatted(value);

    public void AppendFormatted(long value) => _text.AppendFormatted(value);

    public void AppendFormatted(double value) => _text.AppendFormatted(value);

    public void AppendFormatted(string? value) => _text.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    /// <summary>Gives the text, once.</summary>
    public string Take() => _text.ToStringAndClear();

    /// <summary>Gives the name of an enumeration's value, or its number where it has none: that would be in the language of the system.</summary>
    public static string Of(Enum value)
    {
        var name = value.ToString();
        return char.IsLetter(name[0]) ? name : Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
    }
}
