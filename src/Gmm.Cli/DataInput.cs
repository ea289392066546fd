using Gmm.Data;
using Gmm.Fast;
using Gmm.Fast.Internals;

namespace Gmm.Cli;

/// <summary>Reads DATA as a command reads it: for a model, the columns that the model was fitted to. Says what was left out or guessed.</summary>
internal static class DataInput
{
    private const string StandardInput = "-";
    private const int MostNames = 20;

    // Numbers of a table.
    private const int LargeTable = 1 << 20;

    /// <summary>Reads a table into memory.</summary>
    public static NumericTable Read(string path, DataOptions options, StandardStreams streams, GaussianMixture model, string modelPath)
    {
        using var points = new TableInput(TableFile.Read(path, ForModel(options, model), streams.Input), budget: null) { Name = Name(path) };
        Check(points, options, streams, model, modelPath);
        return points.Table;
    }

    /// <summary>
    /// Opens a table: in memory where it fits and is one file, otherwise as files that are read in every pass.
    /// </summary>
    public static InputPoints Open(DataPaths paths, DataOptions options, StandardStreams streams)
    {
        var points = OpenAny(paths, options.Table, options, streams);
        Tell(points, streams);
        return points;
    }

    /// <summary>
    /// Opens a table for a model. Reads the columns that have the names of the model's, in whatever case where that is unique, if no others were chosen.
    /// Where one side has no names the columns are taken in their order. Their number must be that of the model's columns. Missing values are those of
    /// the model where the user does not say what they mean.
    /// </summary>
    public static InputPoints Open(DataPaths paths, DataOptions options, StandardStreams streams, GaussianMixture model, string modelPath)
    {
        var points = OpenAny(paths, ForModel(options, model), options, streams);
        Check(points, options, streams, model, modelPath);
        return points;
    }

    /// <summary>Opens a table whose numbers are needed as they are in the files: arrays stay where they are.</summary>
    public static InputPoints OpenFiles(DataPaths paths, DataOptions options, StandardStreams streams) =>
        Open(paths, options with { Memory = options.Memory ?? MachineMemory.Available() / 2 }, streams);

    /// <summary>Says that rows with gaps count, as they did in the fit of a model.</summary>
    public static void TellOfGaps(NumericTable table, string modelPath, StandardStreams streams)
    {
        if (Array.Exists(table.Values, double.IsNaN))
            streams.Complain($"{modelPath} was fitted with --missing marginalize, so a row with gaps counts with the values that it has");
    }

    /// <summary>Asks whether a table of one row lies on its side; empty for any other.</summary>
    public static string OnItsSide(InputPoints points) => points.Rows == 1 && points.Columns > 1
        ? Invariant($"; it is one row of {points.Columns} columns: if these are points of one column, transpose it")
        : "";

    /// <summary>Gives what NaN in a table means to a model.</summary>
    public static MissingValues Meaning(TableOptions options) => options.Missing == TableMissing.Keep ? MissingValues.Marginalize : MissingValues.Error;

    /// <summary>Gives what messages call the data.</summary>
    public static string Name(string path) => path == StandardInput ? "standard input" : path;

    public static string Count(long count, string noun) => count == 1 ? $"1 {noun}" : Invariant($"{count} {noun}s");

    /// <summary>Tells whether values may be missing in a table that was read for a model.</summary>
    public static bool MayHaveGaps(DataOptions options, GaussianMixture model) => ForModel(options, model).Missing == TableMissing.Keep;

    private static TableOptions ForModel(DataOptions options, GaussianMixture model) =>
        (IsRemembered(options, model) ? options.Table with { Missing = TableMissing.Keep } : options.Table) with { Match = model.ColumnNames };

    private static bool IsRemembered(DataOptions options, GaussianMixture model) =>
        !options.SaysMissing && model.MissingValues == MissingValues.Marginalize;

    private static void Check(InputPoints points, DataOptions options, StandardStreams streams, GaussianMixture model, string modelPath)
    {
        if (points.Columns != model.Dimension)
        {
            throw CommandFailure.Input($"{points.Name} has {Count(points.Columns, "column")} and {modelPath} {Count(model.Dimension, "column")}; "
                + $"choose as many with --columns{OnItsSide(points)}");
        }
        if (options.Table.Columns is null && !points.IsMatch && model.ColumnNames is { } names && points.ColumnNames is { } found
            && !found.SequenceEqual(names, StringComparer.OrdinalIgnoreCase))
        {
            throw CommandFailure.Input($"{points.Name} has the columns {List(found)}, and {modelPath} was fitted to {List(names)}; --columns chooses those "
                + "that take their places");
        }
        Tell(points, streams);
        if (IsRemembered(options, model) && points.Table is { } table) TellOfGaps(table, modelPath, streams);
    }

    private static InputPoints OpenAny(DataPaths paths, TableOptions table, DataOptions options, StandardStreams streams)
    {
        var budget = options.Memory ?? MachineMemory.Available() / 2;
        var isSeveral = paths.Paths.Count > 1;
        if (!paths.AreStandardInput && (isSeveral || options.Memory is not null || TableFile.MemoryToRead(paths.First) > budget))
        {
            if (MayStay(paths, isSeveral, options.Memory)) return InMemory();
            return new FileInput(PointFiles.Open(paths.Paths, table, options.Cache), budget) { Name = paths.Name };
        }
        return InMemory();

        InputPoints InMemory()
        {
            var read = TableFile.Read(paths.First, table, streams.Input);

            // Reading leaves pieces of the file and arrays that grew, as large as the table: a fit would hold its own memory beside them.
            if (read.Values.Length >= LargeTable) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return new TableInput(read, options.Memory) { Name = paths.Name };
        }
    }

    // Arrays are read in every pass where the user says how much memory there is; other files would be converted first.
    private static bool MayStay(DataPaths paths, bool isSeveral, long? memory) =>
        memory is { } bytes && !isSeveral && !PointFiles.IsArray(paths.First) && TableFile.MemoryToRead(paths.First) <= bytes / 2;

    private static void Tell(InputPoints points, StandardStreams streams)
    {
        foreach (var note in points.Notes)
        {
            if (note.Kind == TableNoteKind.Warning) streams.Warn(note.Message);
            else streams.Complain(note.Message);
        }
    }

    private static string List(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? Invariant($" and {names.Count - MostNames} more") : "");
}
