namespace Gmm.Data;

/// <summary>Names the options in messages: as the command line spells them, or as properties of <see cref="TableOptions"/>.</summary>
internal readonly struct OptionWords(bool forCommandLine)
{
    internal string Separator => forCommandLine ? "--separator" : nameof(TableOptions.Separator);

    internal string HeaderYes => forCommandLine ? "--header yes" : $"{nameof(TableOptions.Header)} = {nameof(TableHeader.Yes)}";

    internal string HeaderNo => forCommandLine ? "--header no" : $"{nameof(TableOptions.Header)} = {nameof(TableHeader.No)}";

    internal string MissingDrop => forCommandLine ? "--missing drop" : $"{nameof(TableOptions.Missing)} = {nameof(TableMissing.Drop)}";

    internal string MissingKeep => forCommandLine ? "--missing marginalize uses the values that they have" : $"{nameof(TableOptions.Missing)} = {nameof(TableMissing.Keep)} gives NaN";

    internal string Encoding => forCommandLine ? "--encoding" : nameof(TableOptions.Encoding);

    internal string Array => forCommandLine ? "--array" : nameof(TableOptions.Array);

    internal string Columns => forCommandLine ? "--columns" : nameof(TableOptions.Columns);

    internal string ExcludeOption => forCommandLine ? "--exclude" : nameof(TableOptions.Exclude);

    internal string Match => forCommandLine ? "the model" : nameof(TableOptions.Match);

    internal string Exclude(string column) => forCommandLine ? $"--exclude {Argument(column)}" : $"{nameof(TableOptions.Exclude)} = [\"{column}\"]";

    internal string Marker(string cell) => forCommandLine ? $"--na {Argument(cell)}" : $"{nameof(TableOptions.MissingMarkers)} = [\"{cell}\"]";

    internal string Decimal(char value) => forCommandLine ? $"--decimal {value}" : $"{nameof(TableOptions.DecimalSeparator)} = '{value}'";

    // As a shell takes it; a comma within quotes separates nothing.
    private static string Argument(string text) => text.Length > 0 && text.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.') ? text
        : $"'{(text.Contains(',') ? $"\"{text}\"" : text).Replace("'", "'\\''")}'";
}
