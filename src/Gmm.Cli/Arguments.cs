using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Gmm.Data;

namespace Gmm.Cli;

/// <summary>Describes the forms that arguments take; each complaint names the option, the text found and what is required.</summary>
internal static class Arguments
{
    private const string NamesOfModel = "Columns with the names that MODEL has are found wherever they stand.";

    private static readonly string s_table =
        $"Table of numbers: {TableFile.Readable}; - reads standard input.";

    private static readonly string s_files =
        $"{s_table} Several .npy files, or a pattern such as 'part-*.npy', are one table in the order of their names.";

    public static Argument<string> Data() => NotEmpty(new Argument<string>("DATA") { Description = s_table });

    /// <summary>One file, or several that are one table.</summary>
    public static Argument<string[]> Files() => NotEmpty(new Argument<string[]>("DATA") { Description = s_files, Arity = ArgumentArity.OneOrMore });

    /// <summary>One file, or several that are one table, for a model.</summary>
    public static Argument<string[]> FilesForModel() =>
        NotEmpty(new Argument<string[]>("DATA") { Description = $"{s_files} {NamesOfModel}", Arity = ArgumentArity.OneOrMore });

    public static Argument<string> DataForModel() =>
        NotEmpty(new Argument<string>("DATA") { Description = $"{s_table} {NamesOfModel}" });

    public static Argument<string> InputPath(string name, string description) => NotEmpty(new Argument<string>(name) { Description = description });

    public static Argument<string> Model() => NotEmpty(new Argument<string>("MODEL") { Description = "Model written by gmm fit." });

    public static Option<string?> Weights() => Text(
        "--weights", "COLUMN",
        "Column of DATA, by name or number from 1, with the weight of each row: a row of weight 2 counts as two, one of weight 0 is left out. It is no "
            + "dimension of the points.",
        "the name or number of a column is required");

    public static Option<string?> Text(string name, string value, string description, string requirement) => new(name)
    {
        Description = description,
        HelpName = value,
        CustomParser = result => Parse(result, requirement, text => text.Trim() is { Length: > 0 } trimmed ? trimmed : null),
    };

    public static Option<int?> Threads() => Whole("--threads", "T", 1, "Largest number of threads (default: one per processor).");

    public static Option<string?> FilePath(string name, string value, string description) => new(name)
    {
        Description = description,
        HelpName = value,
        CustomParser = result => Parse(result, "a path is required", text => text.Length == 0 ? null : text),
    };

    public static Option<int?> Whole(string name, string value, int minimum, string description) => new(name)
    {
        Description = description,
        HelpName = value,
        CustomParser = result => Parse<int?>(result, $"a whole number of at least {minimum} is required", text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum ? number : null),
    };

    /// <summary>A number of rows, of which there may be more than an array holds.</summary>
    public static Option<long?> Count(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        Required = true,
        CustomParser = result => Parse<long?>(result, "a whole number of at least 1 is required", text =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 1 ? number : null),
    };

    /// <summary>Bytes, typed as 2GB, 1.5GiB, 800MB or a plain number.</summary>
    public static Option<long?> Memory(string description) => new("--memory")
    {
        Description = description,
        HelpName = "SIZE",
        CustomParser = result => Parse<long?>(result, "a size such as 2GB, 512MiB or a number of bytes is required", Bytes),
    };

    /// <summary>How numbers stand in a binary file.</summary>
    public static Option<string?> ElementType() => new("--dtype")
    {
        Description = "Numbers of a binary file: f8, of 8 bytes, or f4, of 4 and rounded to them (default: f8).",
        HelpName = "f8|f4",
        CustomParser = result => Parse(result, "f8 or f4 is required", text => text is "f8" or "f4" ? text : null),
    };

    public static Option<long?> Seed() => new("--seed")
    {
        Description = "Seed of the random numbers (default 0).",
        HelpName = "S",
        CustomParser = result => Parse<long?>(result, "a whole number is required", text =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null),
    };

    public static Option<double?> NonNegative(string name, string value, string description) => new(name)
    {
        Description = description,
        HelpName = value,
        CustomParser = result => Parse<double?>(result, "a finite number of at least 0 is required", text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && number >= 0
                ? number : null),
    };

    /// <summary>A time, typed as a number with its unit: 90s, 10m, 1.5h or 2d.</summary>
    public static Option<TimeSpan?> Duration(string name, string value, bool mayBeZero, string description) => new(name)
    {
        Description = description,
        HelpName = value,
        CustomParser = result => Parse<TimeSpan?>(result, $"a time {(mayBeZero ? "of at least 0" : "above 0")} is required, as 90s, 10m or 2h", text =>
        {
            const double LongestSeconds = 1e10;
            double? unit = text.Length < 2 ? null : text[^1] switch
            {
                's' => 1,
                'm' => 60,
                'h' => 60 * 60,
                'd' => 24 * 60 * 60,
                _ => null,
            };
            return unit is { } seconds && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * seconds <= LongestSeconds && (number > 0 || mayBeZero) ? TimeSpan.FromSeconds(number * seconds) : null;
        }),
    };

    /// <summary>A share above 0 and below 1, typed as 1% or 0.01.</summary>
    public static Option<double?> Share(string name, string value, string description) => new(name)
    {
        Description = description,
        HelpName = value,
        CustomParser = result => Parse<double?>(result, "a share above 0 and below 1 is required, as 1% or 0.01", text =>
        {
            var isPercent = text.EndsWith('%');
            return double.TryParse(isPercent ? text[..^1].TrimEnd() : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && (isPercent ? number / 100 : number) is > 0 and < 1 and var share ? share : null;
        }),
    };

    /// <summary>A power of two from 2^-64 to 2^-8, typed as 2^-24, or a number in that range, or 0.</summary>
    public static Option<double?> Cutoff(string name, string value, string description) => new(name)
    {
        Description = description,
        HelpName = value,
        CustomParser = result => Parse<double?>(result, "0 or a part from 2^-64 to 2^-8 is required, as 2^-24 or 6e-8", text =>
        {
            const string Power = "2^-";
            if (text.StartsWith(Power, StringComparison.Ordinal))
                return int.TryParse(text[Power.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits is >= 8 and <= 64 ? double.ScaleB(1, -bits) : null;
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var part) && (part == 0 || (part >= double.ScaleB(1, -64) && part <= double.ScaleB(1, -8))) ? part : null;
        }),
    };

    public static Option<ComponentSorting?> Sorting(string description) => new("--sort")
    {
        Description = $"{description}, by name or number from 1, the smallest first.",
        HelpName = "weight|mean:COLUMN",
        CustomParser = result => Parse(result, ComponentSorting.Requirement, ComponentSorting.Parse),
    };

    public static Option<T?> Choice<T>(string name, string description, string[] names)
        where T : struct, Enum => new(name)
        {
            Description = description,
            HelpName = string.Join('|', names),
            CustomParser = result => Parse<T?>(result, $"{string.Join(", ", names[..^1])} or {names[^1]} is required", text =>
                Array.IndexOf(names, text) is var index and >= 0 ? Enum.GetValues<T>()[index] : null),
        };

    private static Argument<T> NotEmpty<T>(Argument<T> argument)
    {
        argument.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0)) result.AddError($"{argument.Name} is ''; a path is required");

            // Where there may be several files, a misspelt option would be one of them.
            if (argument.Arity.MaximumNumberOfValues > 1 && result.Tokens.FirstOrDefault(token => IsOption(token.Value)) is { } option)
                result.AddError($"Unrecognized command or argument '{option.Value}'.");
        });
        return argument;
    }

    public static T? Parse<T>(ArgumentResult result, string requirement, Func<string, T?> read) => Parse(result, _ => requirement, read);

    public static T? Parse<T>(ArgumentResult result, Func<string, string> requirement, Func<string, T?> read)
    {
        var text = result.Tokens[0].Value;
        var value = read(text);
        if (value is null) result.AddError($"{((OptionResult)result.Parent!).Option.Name} is '{text}'; {requirement(text)}");
        return value;
    }

    private static bool IsOption(string text) => text.StartsWith('-') && text.Length > 1 && !Path.Exists(text);

    private static long? Bytes(string text)
    {
        (string Ending, double Factor)[] units =
            [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1L << 40), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("", 1)];
        var (ending, factor) = units.First(unit => text.EndsWith(unit.Ending, StringComparison.OrdinalIgnoreCase));
        return double.TryParse(text[..^ending.Length].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * factor is >= 1 and <= long.MaxValue / 2 and var bytes ? (long)bytes : null;
    }
}
