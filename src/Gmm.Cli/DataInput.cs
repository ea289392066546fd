using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Reads DATA as a command reads it: for a model, the columns that the model was fitted to. Says what was left out or guessed.</summary>
internal static class DataInput
{
    private const string StandardInput = "-";
    private const int MostNames = 20;

    /// <summary>Reads a table.</summary>
    public static NumericTable Read(string path, TableOptions options, StandardStreams streams)
    {
        var table = TableFile.Read(path, options, streams.Input);
        Tell(table, streams);
        return table;
    }

    /// <summary>
    /// Reads the columns that have the names of the model's, in whatever case where that is unique, if no others were chosen. Where one side has no names
    /// the columns are taken in their order. Their number must be that of the model's columns. Missing values are those of the model where the user does
    /// not say what they mean.
    /// </summary>
    public static NumericTable Read(string path, DataOptions options, StandardStreams streams, GaussianMixture model, string modelPath)
    {
        var names = model.ColumnNames;
        var isRemembered = !options.SaysMissing && model.MissingValues == MissingValues.Marginalize;
        var given = isRemembered ? options.Table with { Missing = TableMissing.Keep } : options.Table;
        var table = TableFile.Read(path, given with { Match = names }, streams.Input);
        if (table.Columns != model.Dimension)
        {
            throw CommandFailure.Input($"{Name(path)} has {Count(table.Columns, "column")} and {modelPath} {Count(model.Dimension, "column")}; "
                + $"choose as many with --columns{OnItsSide(table)}");
        }
        if (given.Columns is null && !table.IsMatch && names is not null && table.ColumnNames is { } found
            && !found.SequenceEqual(names, StringComparer.OrdinalIgnoreCase))
        {
            throw CommandFailure.Input($"{Name(path)} has the columns {List(found)}, and {modelPath} was fitted to {List(names)}; --columns chooses those "
                + "that take their places");
        }
        Tell(table, streams);
        if (isRemembered) TellOfGaps(table, modelPath, streams);
        return table;
    }

    /// <summary>Says that rows with gaps count, as they did in the fit of a model.</summary>
    public static void TellOfGaps(NumericTable table, string modelPath, StandardStreams streams)
    {
        if (Array.Exists(table.Values, double.IsNaN))
            streams.Complain($"{modelPath} was fitted with --missing marginalize, so a row with gaps counts with the values that it has");
    }

    /// <summary>Asks whether a table of one row lies on its side; empty for any other.</summary>
    public static string OnItsSide(NumericTable table) => table.Rows == 1 && table.Columns > 1
        ? Invariant($"; it is one row of {table.Columns} columns: if these are points of one column, transpose it")
        : "";

    /// <summary>Gives what NaN in a table means to a model.</summary>
    public static MissingValues Meaning(TableOptions options) => options.Missing == TableMissing.Keep ? MissingValues.Marginalize : MissingValues.Error;

    /// <summary>Gives what messages call the data.</summary>
    public static string Name(string path) => path == StandardInput ? "standard input" : path;

    public static string Count(long count, string noun) => count == 1 ? $"1 {noun}" : Invariant($"{count} {noun}s");

    private static void Tell(NumericTable table, StandardStreams streams)
    {
        foreach (var note in table.Notes)
        {
            if (note.Kind == TableNoteKind.Warning) streams.Warn(note.Message);
            else streams.Complain(note.Message);
        }
    }

    private static string List(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? Invariant($" and {names.Count - MostNames} more") : "");
}
