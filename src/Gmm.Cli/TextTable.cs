using System.Text;

namespace Gmm.Cli;

/// <summary>Cells in aligned columns: plain text, the same on a terminal and in a file, never wrapped.</summary>
internal static class TextTable
{
    private const int Gap = 2;

    /// <summary>Lines of cells; a line may be shorter than others.</summary>
    /// <param name="lines">The cells.</param>
    /// <param name="leftColumns">So many columns are aligned left, the others right.</param>
    public static string Format(IReadOnlyList<string[]> lines, int leftColumns = 1)
    {
        var widths = new int[lines.Max(line => line.Length)];

        // A lone cell is a heading; it need not fit its column.
        foreach (var line in lines.Where(line => line.Length > 1))
        {
            for (var i = 0; i < line.Length; i++) widths[i] = Math.Max(widths[i], line[i].Length);
        }
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            var row = new StringBuilder();
            for (var i = 0; i < line.Length; i++)
                row.Append(i == 0 ? "" : new string(' ', Gap)).Append(i < leftColumns ? line[i].PadRight(widths[i]) : line[i].PadLeft(widths[i]));
            text.Append(row.ToString().TrimEnd()).Append('\n');
        }
        return text.ToString();
    }
}
