using System.Globalization;
using System.Text;

namespace Gmm.Data;

/// <summary>Says whether the first line of a text holds the names of the columns.</summary>
public enum TableHeader
{
    /// <summary>Decided from the kinds of the cells; a doubtful guess is a note of the table.</summary>
    Auto,

    /// <summary>The first line holds names, whatever it looks like.</summary>
    Yes,

    /// <summary>There are no names; the first line is a point.</summary>
    No,
}

/// <summary>Says what becomes of a missing value.</summary>
public enum TableMissing
{
    /// <summary>The file is refused, with the first place and the number of such cells.</summary>
    Error,

    /// <summary>A row with a missing value is left out; a note of the table says how many.</summary>
    Drop,

    /// <summary>The value is NaN in the table, for a reader that can do something with it.</summary>
    Keep,
}

/// <summary>Holds what is known of a table before it is read. What is not said is found out from the content.</summary>
public sealed record TableOptions
{
    private readonly IReadOnlyList<string>? _columns;
    private readonly IReadOnlyList<string>? _exclude;
    private readonly IReadOnlyList<string>? _match;
    private readonly IReadOnlyList<string> _missingMarkers = [];
    private readonly char? _separator;
    private readonly char? _decimalSeparator;

    /// <summary>
    /// The columns to read, in the order wanted: names, 1-based numbers, ranges such as "2-31" or "age-weight". A name of the file comes before a number
    /// or a range that is written the same way. Null for all columns of numbers.
    /// </summary>
    /// <exception cref="ArgumentException">The list is empty or has a null entry.</exception>
    public IReadOnlyList<string>? Columns { get => _columns; init => _columns = Checked(value, nameof(Columns)); }

    /// <summary>Columns to leave out, written as in <see cref="Columns"/>; null for none.</summary>
    /// <exception cref="ArgumentException">The list is empty or has a null entry.</exception>
    public IReadOnlyList<string>? Exclude { get => _exclude; init => _exclude = Checked(value, nameof(Exclude)); }

    /// <summary>
    /// Names to look for where <see cref="Columns"/> is null, as those of a model: a table that has them all, in whatever case where that is unique, gives
    /// these columns in this order. Other tables are read as if it were null, and <see cref="NumericTable.IsMatch"/> is false.
    /// </summary>
    /// <exception cref="ArgumentException">The list is empty or has a null entry.</exception>
    public IReadOnlyList<string>? Match { get => _match; init => _match = Checked(value, nameof(Match)); }

    /// <summary>
    /// The column, by name or 1-based number, of the rows' weights, numbers of at least 0; null for none. It is none of the table's columns, and a row of
    /// weight 0 is left out, whatever it holds.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>Whether the first line of a text holds names.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none of the values.</exception>
    public TableHeader Header { get; init => field = Known(value, nameof(Header), "Auto, Yes or No"); }

    /// <summary>The ASCII character between the cells of a line of text; a space stands for runs of spaces and tabs. Null for what fits the text.</summary>
    /// <exception cref="ArgumentException">The character is not ASCII, or a digit, letter, quote, sign, point or line end.</exception>
    public char? Separator
    {
        get => _separator;
        init => _separator = value is null || IsSeparator(value.Value)
            ? value
            : throw new ArgumentException($"Separator is '{value}'; an ASCII character that is part of no number and no quote is required.", nameof(Separator));
    }

    /// <summary>The decimal separator of a text, '.' or ','; null for what fits the text. Thousands separators are never accepted.</summary>
    /// <exception cref="ArgumentException">The character is another one.</exception>
    public char? DecimalSeparator
    {
        get => _decimalSeparator;
        init => _decimalSeparator = value is null or '.' or ','
            ? value
            : throw new ArgumentException($"DecimalSeparator is '{value}'; '.' or ',' is required.", nameof(DecimalSeparator));
    }

    /// <summary>
    /// Cells of a text that stand for a missing value, beside the usual ones: empty, NA, N/A, #N/A, NaN, null, None, ?, ., - and a few more. A marker that
    /// is a number stands for all spellings of that number, and for the number itself in arrays, Parquet and Arrow files.
    /// </summary>
    /// <exception cref="ArgumentException">An entry is null.</exception>
    public IReadOnlyList<string> MissingMarkers
    {
        get => _missingMarkers;
        init => _missingMarkers = value is null || value.Contains(null!)
            ? throw new ArgumentException("MissingMarkers is null or has a null entry; text is required.", nameof(MissingMarkers))
            : value;
    }

    /// <summary>What becomes of a missing value in a column that is used.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none of the values.</exception>
    public TableMissing Missing { get; init => field = Known(value, nameof(Missing), "Error, Drop or Keep"); }

    /// <summary>
    /// The encoding of a text without a byte order mark. Null for UTF-8, and for Windows-1252 where the names are not UTF-8, which is a note of the table.
    /// </summary>
    public Encoding? Encoding { get; init; }

    /// <summary>The array of a .npz file to read; null where it has only one.</summary>
    public string? Array { get; init; }

    /// <summary>Whether messages name the options of the command line, such as --separator, where they name the properties of this type otherwise.</summary>
    public bool ForCommandLine { get; init; }

    /// <summary>All columns of numbers of whatever the file turns out to be.</summary>
    internal static TableOptions Default { get; } = new();

    internal OptionWords Words => new(ForCommandLine);

    /// <summary>Tells whether a character can be a <see cref="Separator"/>.</summary>
    /// <param name="value">Any character.</param>
    public static bool IsSeparator(char value) =>
        char.IsAscii(value) && !char.IsAsciiLetterOrDigit(value) && value is not ('"' or '.' or '+' or '-' or '#' or '%' or '_') && (value == '\t' || !char.IsControl(value));

    private static T Known<T>(T value, string name, string values)
        where T : struct, Enum => Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture,
                $"{name} is {Convert.ToInt64(value, CultureInfo.InvariantCulture)}; {values} is required."));

    private static IReadOnlyList<string>? Checked(IReadOnlyList<string>? value, string name) => value switch
    {
        null => null,
        { Count: 0 } => throw new ArgumentException($"{name} is empty; at least one entry is required, or null.", name),
        _ when value.Contains(null!) => throw new ArgumentException($"{name} has a null entry; text is required.", name),
        _ => value,
    };
}
