using System.Text;

namespace Gmm.Bench;

/// <summary>A table in markdown, its columns aligned to be read as text too.</summary>
internal sealed class MarkdownTable(params string[] header)
{
    private readonly List<string[]> _rows = [header];

    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>The cells of the first table in a text, without the header.</summary>
    public static IEnumerable<string[]> Read(string text) => text.Split('\n')
        .SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2)
        .Select(line => Array.ConvertAll(line.Trim(' ', '|').Split('|'), cell => cell.Trim()));

    public override string ToString()
    {
        int[] widths = [.. header.Select((_, column) => _rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        for (var i = 0; i < _rows.Count; i++)
        {
            Line(text, _rows[i].Select((cell, column) => cell.PadRight(widths[column])));
            if (i == 0) Line(text, widths.Select(width => new string('-', width)));
        }
        return text.ToString();
    }

    private static void Line(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
