using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Gmm.Data;

/// <summary>
/// Opens one table in one or several .npy files that is read in pieces, again and again, and never held as a whole: points for fits and scores of
/// any number of rows. The rows of a file follow those of the file before. Fastest are row-major arrays of floats of 4 or 8 bytes in the byte order
/// of the machine, of which all columns are used. Column-major arrays, other byte orders, integers, records and columns that are chosen are converted
/// in every pass. The files must not change as long as they are open; where one does, the next reading throws.
/// </summary>
public sealed class PointFiles : IDisposable
{
    private readonly NpyFile[] _files;
    private readonly long[] _ends;
    private readonly int[]? _columns;
    private readonly int[] _weightColumn;
    private readonly TableOptions _options;

    // What was converted has NaN in the place of markers.
    private readonly NumberMarkers _markers = NumberMarkers.None;

    private PointFiles(NpyFile[] files, TableOptions options)
    {
        _markers = NumberMarkers.Of(options);
        (_files, _options, _ends) = (files, options, Ends(files));
        var first = files[0];
        foreach (var file in files)
        {
            CheckLike(first, file);
        }

        var choice = new ColumnChoice(first.Columns, first.Names, first.Place, "a .npy file has no names");
        var (wanted, weight) = choice.Resolve(options, out var isMatch);
        _weightColumn = weight < 0 ? [] : [weight];
        _columns = wanted.SequenceEqual(Enumerable.Range(0, first.Columns)) ? null : wanted;
        (Columns, IsMatch) = (wanted.Length, isMatch);
        ColumnNames = first.Names is { } names ? [.. wanted.Select(column => names[column])] : null;
        IsSingle = files.All(file => file.IsSingle);
        List<TableNote> notes = [.. choice.Doubts.Select(doubt => new TableNote(TableNoteKind.Guess, $"{first.Place}: {doubt}"))];
        if (first.LeftOut.Count > 0 && options.Columns is null && !isMatch)
        {
            notes.Add(new TableNote(TableNoteKind.LeftOut, $"{first.Place}: left out: {string.Join(", ", first.LeftOut)}"));
        }

        if (options.Columns is null && !isMatch)
        {
            PointPieces.Warn(notes, first, wanted, options);
        }

        Notes = notes;
    }

    // A table that was converted: its numbers, with weights in a last column.
    private PointFiles(NpyFile file, JoinedColumns columns, bool hasWeights, IReadOnlyList<TableNote> notes, TableOptions options)
    {
        (_files, _options, _ends) = ([file], options, [file.Rows]);
        (Columns, ColumnNames, IsMatch, Notes) = (columns.Count, columns.Names, columns.AreMatch, notes);
        if (hasWeights)
        {
            (_columns, _weightColumn) = ([.. Enumerable.Range(0, Columns)], [Columns]);
        }
        else
        {
            _weightColumn = [];
        }
    }

    /// <summary>N of all files together.</summary>
    public long Rows => _ends[^1];

    /// <summary>D.</summary>
    public int Columns { get; }

    /// <summary>One name per column, or null when the files have none.</summary>
    public IReadOnlyList<string>? ColumnNames { get; }

    /// <summary>Whether a column holds weights of the rows (<see cref="TableOptions.Weights"/>). A row of weight 0 stays, and counts as nothing.</summary>
    public bool HasWeights => _weightColumn.Length > 0;

    /// <summary>Whether floats of 4 bytes hold every number of the files, so that a source of floats loses nothing.</summary>
    public bool IsSingle { get; }

    /// <summary>Whether the columns were found by the names of <see cref="TableOptions.Match"/>.</summary>
    public bool IsMatch { get; }

    /// <summary>What was left out or guessed: for people, one line each.</summary>
    public IReadOnlyList<TableNote> Notes { get; }

    /// <summary>Tells whether a path is a file that begins as a .npy file does.</summary>
    /// <param name="path">Any path.</param>
    public static bool IsArray(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (!RegularFile.HasContent(path))
            {
                return false;
            }

            Span<byte> start = stackalloc byte[NpyHeader.Magic.Length];
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return stream.CanSeek && stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(NpyHeader.Magic);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Who reads it tells why it cannot be read.
            return false;
        }
    }

    /// <summary>
    /// Opens files of the same columns, of any format that <see cref="TableFile"/> reads. Arrays of .npy files are read where they lie. Those of .npz and
    /// compressed files are unpacked once. Tables of other formats, and arrays of which rows are left out, are converted once to doubles, some rows at a
    /// time, of Parquet and Arrow files a row group or record batch. The room for them is free again when this object is disposed, or the process ends.
    /// </summary>
    /// <param name="paths">At least one; their rows follow each other in this order.</param>
    /// <param name="options">What is known of the table; null for all columns and no weights.</param>
    /// <param name="folder">Where numbers lie that are unpacked or converted; null for the system's temporary folder.</param>
    /// <exception cref="TableFormatException">A file cannot be read, is no table of numbers, or has other columns than the first.</exception>
    public static PointFiles Open(IReadOnlyList<string> paths, TableOptions? options = null, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0)
        {
            throw new ArgumentException("paths is empty; at least one file is required.", nameof(paths));
        }

        options ??= TableOptions.Default;
        var arrays = new List<NpyFile>(paths.Count);
        try
        {
            foreach (var path in paths)
            {
                ArgumentException.ThrowIfNullOrEmpty(path);
                if (PointPieces.OpenArray(path, options, folder) is not { } array)
                {
                    break;
                }

                arrays.Add(array);
            }

            if (arrays.Count == paths.Count && options.Missing != TableMissing.Drop)
            {
                return new PointFiles([.. arrays], options);
            }

            arrays.ForEach(array => array.Dispose());
            return Convert(paths, options, folder);
        }
        catch
        {
            arrays.ForEach(array => array.Dispose());
            throw;
        }
    }

    /// <summary>Gives the points in double precision.</summary>
    public NpySource<double> Doubles() => new(this);

    /// <summary>Gives the points in single precision: as they are where <see cref="IsSingle"/> says so, otherwise rounded.</summary>
    public NpySource<float> Singles() => new(this);

    /// <summary>Throws where a file is not as it was when it was opened: for the end of long work.</summary>
    /// <exception cref="TableFormatException">A file was written to.</exception>
    public void CheckUnchanged()
    {
        foreach (var file in _files)
        {
            file.CheckUnchanged();
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (var file in _files)
        {
            file.Dispose();
        }
    }

    /// <summary>Reads consecutive rows, and checks their numbers.</summary>
    internal void Read<T>(long first, Span<T> rows)
        where T : unmanaged, INumberBase<T>
    {
        Read(first, _columns, Columns, rows);
        if (_markers.Any || !TensorPrimitives.IsFiniteAll<T>(rows))
        {
            CheckNumbers<T>(first, rows);
        }
    }

    /// <summary>Reads the weights of consecutive rows, and checks them.</summary>
    internal void ReadWeights(long first, Span<double> weights)
    {
        Read(first, _weightColumn, 1, weights);
        for (var i = 0; i < weights.Length; i++)
        {
            if (_markers.Has(weights[i]))
            {
                throw Error(first + i, _weightColumn[0], $"{NumberMarkers.Problem(weights[i])}; a weight of at least 0 is required");
            }

            if (!double.IsFinite(weights[i]))
            {
                throw Error(first + i, _weightColumn[0], $"{Shown(weights[i])} is not finite; a weight of at least 0 is required");
            }

            if (!RowWeights.IsWeight(weights[i]))
            {
                throw Error(first + i, _weightColumn[0], RowWeights.Problem(Shown(weights[i])));
            }
        }
    }

    private static PointFiles Convert(IReadOnlyList<string> paths, TableOptions options, string? folder)
    {
        var place = ErrorText.OneLine(paths[0]);
        var notes = new List<TableNote>();
        var columns = new JoinedColumns();
        var pieces = paths.SelectMany(path => PointPieces.Of(path, options, folder, notes).Select(piece => columns.Checked(piece, ErrorText.OneLine(path), options)));
        var (file, last) = CacheFile.Write(pieces, folder, place);
        return new PointFiles(file, columns, last.Weights is not null, notes, options);
    }

    private static long[] Ends(NpyFile[] files)
    {
        var (ends, rows) = (new long[files.Length], 0L);
        for (var i = 0; i < files.Length; i++)
        {
            ends[i] = rows += files[i].Rows;
        }

        return ends;
    }

    private static void CheckLike(NpyFile first, NpyFile file)
    {
        if (file.Columns != first.Columns)
        {
            throw new TableFormatException($"{file.Place}: has {ErrorText.Count(file.Columns, "column")}; {first.Columns}, as {first.Place} has, are required");
        }

        if (file.Names is null != first.Names is null || (file.Names is { } names && !names.SequenceEqual(first.Names!)))
        {
            throw new TableFormatException($"{file.Place}: has other names of columns than {first.Place}; the same are required");
        }
    }

    private static string Shown<T>(T value)
        where T : INumberBase<T> => value.ToString(null, CultureInfo.InvariantCulture);

    private void Read<T>(long first, int[]? columns, int d, Span<T> rows)
        where T : unmanaged, INumberBase<T>
    {
        while (!rows.IsEmpty)
        {
            var (file, row) = Find(first);
            var part = rows[..(int)(Math.Min(rows.Length / d, _files[file].Rows - row) * d)];
            _files[file].Read(row, columns, part);
            rows = rows[part.Length..];
            first += part.Length / d;
        }
    }

    // A row of weight 0 may hold anything. Markers become NaN where missing values are kept.
    private void CheckNumbers<T>(long first, Span<T> rows)
        where T : unmanaged, INumberBase<T>
    {
        Span<double> weight = stackalloc double[1];
        for (var i = 0; i < rows.Length; i++)
        {
            var isMissing = T.IsNaN(rows[i]) || (_markers.Any && _markers.Has(double.CreateTruncating(rows[i])));
            if (!isMissing && T.IsFinite(rows[i]))
            {
                continue;
            }

            if (isMissing && _options.Missing == TableMissing.Keep)
            {
                rows[i] = T.CreateTruncating(double.NaN);
                continue;
            }

            var (row, column) = (first + (i / Columns), i % Columns);
            if (HasWeights)
            {
                ReadWeights(row, weight);
                if (weight[0] == 0)
                {
                    continue;
                }
            }

            throw Error(row, _columns?[column] ?? column, isMissing
                ? $"{NumberMarkers.Problem(rows[i])}; {_options.Words.MissingDrop} leaves such rows out, {_options.Words.MissingKeep}"
                : $"{Shown(rows[i])} is not finite");
        }
    }

    private TableFormatException Error(long point, int column, string problem)
    {
        var (file, row) = Find(point);
        return new TableFormatException(string.Create(
            CultureInfo.InvariantCulture, $"{_files[file].Place}: row {row + 1}, column {column + 1}: {problem}"));
    }

    // Gives the file that holds a row, and its number there.
    private (int File, long Row) Find(long row)
    {
        var found = Array.BinarySearch(_ends, row + 1);
        var file = found < 0 ? ~found : found;
        return (file, row - (file == 0 ? 0 : _ends[file - 1]));
    }
}
