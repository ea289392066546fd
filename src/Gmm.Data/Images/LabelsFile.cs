using Gmm.Data.Text;

namespace Gmm.Data.Images;

/// <summary>Categories of pictures from a table with a column "file" and a column "category".</summary>
public static class LabelsFile
{
    /// <summary>Reads a table; further columns are ignored.</summary>
    /// <param name="path">
    /// Comma-separated text with a header (tab-separated when the name ends in .tsv). A file is a name or a path with '/' or '\'. An empty category
    /// leaves the picture without one.
    /// </param>
    /// <exception cref="TableFormatException">
    /// The file cannot be read, has no such columns, or names one file twice with different categories.
    /// </exception>
    public static PictureLabels Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var place = ErrorText.OneLine(path);
        if (Directory.Exists(path))
        {
            throw new TableFormatException($"{place}: is a folder; a file is required");
        }

        return FileFailure.Guard(place, "cannot be read", () =>
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            var separator = Path.GetExtension(path).Equals(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',';
            var text = TextSource.Open(stream, place, new TableOptions { Encoding = System.Text.Encoding.UTF8 });
            using var rows = new CsvRows(text.Content(), place, separator);
            return Read(rows, place);
        });
    }

    private static PictureLabels Read(CsvRows rows, string place)
    {
        if (!rows.Next())
        {
            throw new TableFormatException($"{place}: the file is empty; columns 'file' and 'category' are required");
        }

        var header = rows.Texts();
        var file = ColumnOf(header, "file", rows.Place);
        var category = ColumnOf(header, "category", rows.Place);
        var labels = new PictureLabels();
        while (rows.Next())
        {
            var cells = rows.Texts();
            if (cells.Length != header.Length)
            {
                throw new TableFormatException($"{rows.Place}: row has {ErrorText.Count(cells.Length, "cell")}; {header.Length} are required");
            }

            if (cells[file].Length == 0)
            {
                throw new TableFormatException($"{rows.Place}: column {file + 1} (file): the cell is empty; a name is required");
            }

            if (cells[category].Length > 0 && !labels.TryAdd(cells[file], cells[category], out var other))
            {
                throw new TableFormatException($"{rows.Place}: {ErrorText.Quoted(cells[file])} is {ErrorText.Quoted(cells[category])} here and "
                    + $"{ErrorText.Quoted(other)} before; one category is required");
            }
        }

        return labels;
    }

    private static int ColumnOf(string[] header, string name, string place)
    {
        var column = Array.FindIndex(header, cell => cell.Equals(name, StringComparison.OrdinalIgnoreCase));
        return column >= 0
            ? column
            : throw new TableFormatException($"{place}: there is no column '{name}'; the columns are {ErrorText.List(header)}");
    }
}
