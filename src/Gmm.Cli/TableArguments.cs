using System.CommandLine;
using System.Text;
using Gmm.Data;

namespace Gmm.Cli;

/// <summary>Defines the options of every command that reads DATA: how the file is written, and which columns and rows of it are wanted.</summary>
internal sealed class TableArguments
{
    private static readonly (string Name, char Separator)[] s_separators =
        [("comma", ','), ("semicolon", ';'), ("tab", '\t'), ("\\t", '\t'), ("pipe", '|'), ("space", ' '), ("spaces", ' ')];

    private readonly Option<IReadOnlyList<string>?> _columns = Columns(
        "--columns", "Columns of DATA to use, by name or number from 1, and ranges such as 2-31, in this order (default: all of numbers).");
    private readonly Option<IReadOnlyList<string>?> _exclude = Columns("--exclude", "Columns of DATA to leave out, written as with --columns.");
    private readonly Option<TableHeader?> _header = Arguments.Choice<TableHeader>(
        "--header", "Whether the first line of a text holds names (default: auto, decided from its cells).", ["auto", "yes", "no"]);
    private readonly Option<char?> _separator = new("--separator")
    {
        Description = "Between the cells of a text: a character, or comma, semicolon, tab, pipe, space (default: what fits the text).",
        HelpName = "C",
        CustomParser = result => Arguments.Parse<char?>(result, "one character, or comma, semicolon, tab, pipe or space is required", Separator),
    };
    private readonly Option<char?> _decimal = new("--decimal")
    {
        Description = "Decimal separator of a text, . or , (default: what fits the text).",
        HelpName = ".|,",
        CustomParser = result => Arguments.Parse<char?>(result, ". or , is required", text => text is "." or "," ? text[0] : null),
    };
    private readonly Option<IReadOnlyList<string>?> _markers = new("--na")
    {
        Description = "Cells that stand for a missing value, beside the usual ones: empty, NA, N/A, #N/A, NaN, null, None, ?, . and -; in arrays, numbers.",
        HelpName = "a,b",
        CustomParser = result => Arguments.Parse(result, "texts separated by commas are required", List),
    };
    private readonly Option<TableMissing?> _missing = Arguments.Choice<TableMissing>(
        "--missing", "What becomes of a row with a missing value: end with an error, leave the row out, or use the values that it has (default: error).",
        ["error", "drop", "marginalize"]);
    private readonly Option<Encoding?> _encoding = new("--encoding")
    {
        Description = "Encoding of a text without a byte order mark, such as latin1, windows-1252, utf-16 (default: utf-8).",
        HelpName = "NAME",
        CustomParser = result => Arguments.Parse(result, "an encoding that .NET knows is required, such as utf-8, latin1 or windows-1252", Encoding),
    };
    private readonly Option<string?> _array = Arguments.Text("--array", "NAME", "The array to read of a .npz file that has several.", "the name of an array is required");
    private readonly Option<string?>? _weights;
    private readonly bool _hasMissing;

    /// <summary>Defines the options.</summary>
    /// <param name="withWeights">Whether rows can have weights.</param>
    /// <param name="withMissing">Whether the user says what becomes of missing values; otherwise the table keeps them, as NaN.</param>
    public TableArguments(bool withWeights, bool withMissing = true) => (_weights, _hasMissing) = (withWeights ? Arguments.Weights() : null, withMissing);

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All =>
        [_columns, _exclude, .. _weights is null ? Array.Empty<Option>() : [_weights], .. _hasMissing ? [_missing] : Array.Empty<Option>(), _markers, _header, _separator, _decimal, _encoding, _array];

    /// <summary>Gives what the user said.</summary>
    public TableOptions Options(ParseResult parse)
    {
        var (columns, weights) = (parse.GetValue(_columns), _weights is null ? null : parse.GetValue(_weights));

        // Where the command line shows it; two spellings of one column only the data tell.
        if (weights is not null && columns is not null && columns.Contains(weights))
            throw CommandFailure.Usage($"--weights is '{weights}', which --columns has too; another column is required");
        return new TableOptions
        {
            Columns = columns,
            Exclude = parse.GetValue(_exclude),
            Weights = weights,
            Header = parse.GetValue(_header) ?? TableHeader.Auto,
            Separator = parse.GetValue(_separator),
            DecimalSeparator = parse.GetValue(_decimal),
            MissingMarkers = parse.GetValue(_markers) ?? [],
            Missing = _hasMissing ? parse.GetValue(_missing) ?? TableMissing.Error : TableMissing.Keep,
            Encoding = parse.GetValue(_encoding),
            Array = parse.GetValue(_array),
            ForCommandLine = true,
        };
    }

    /// <summary>Gives what the user said, and whether that includes missing values, of which a model may know.</summary>
    public DataOptions ForModel(ParseResult parse) => new(Options(parse), !_hasMissing || parse.GetValue(_missing) is not null);

    private static Option<IReadOnlyList<string>?> Columns(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "a,b,c",
        CustomParser = result => Arguments.Parse(result, "names or numbers separated by commas are required", List),
    };

    // Names with commas may stand between quotes, as in the file.
    private static IReadOnlyList<string>? List(string text)
    {
        var entries = new List<string>();
        var (entry, isQuoted) = (new StringBuilder(), false);
        foreach (var c in text)
        {
            if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c == ',' && !isQuoted)
            {
                entries.Add(entry.ToString().Trim());
                entry.Clear();
            }
            else
            {
                entry.Append(c);
            }
        }
        entries.Add(entry.ToString().Trim());
        return entries.Contains("") ? null : entries;
    }

    private static char? Separator(string text)
    {
        var named = Array.FindIndex(s_separators, pair => pair.Name.Equals(text, StringComparison.OrdinalIgnoreCase));
        var separator = named >= 0 ? s_separators[named].Separator : text.Length == 1 ? text[0] : '\0';
        return TableOptions.IsSeparator(separator) ? separator : null;
    }

    private static Encoding? Encoding(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? System.Text.Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
