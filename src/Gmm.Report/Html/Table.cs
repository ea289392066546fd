namespace Gmm.Report.Html;

/// <summary>A cell of a <see cref="Table"/>; a string is one without anything special.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Mark">Whether it stands out.</param>
/// <param name="Swatch">A patch of color before the text, or null.</param>
public sealed record Cell(string Text, Mark Mark = Mark.None, Rgb? Swatch = null)
{
    /// <summary>A cell of text.</summary>
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>A table; the first column names the rows, the others hold numbers or, where said so, text.</summary>
public sealed class Table : Block
{
    private readonly string[] _columns;
    private readonly List<Cell[]> _rows = [];
    private readonly bool _isText;
    private readonly string? _caption;

    /// <summary>An empty table.</summary>
    /// <param name="columns">Headings, at least one.</param>
    /// <param name="caption">Above the table, or null.</param>
    /// <param name="text">Whether the cells hold text, aligned left, instead of numbers, aligned right.</param>
    public Table(IReadOnlyList<string> columns, string? caption = null, bool text = false)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentOutOfRangeException.ThrowIfZero(columns.Count);
        (_columns, _caption, _isText) = ([.. columns], caption, text);
    }

    /// <summary>Adds a row.</summary>
    /// <param name="cells">One per column.</param>
    /// <returns>This table.</returns>
    public Table Add(params ReadOnlySpan<Cell> cells)
    {
        if (cells.Length != _columns.Length)
            throw new ArgumentException($"the row has {cells.Length} cells; {_columns.Length}, one per column, are required", nameof(cells));
        _rows.Add(cells.ToArray());
        return this;
    }

    internal override void Write(HtmlWriter html, PageData data)
    {
        // A region that scrolls sideways must be reachable by keyboard, and then it needs a name.
        html.Open(
            "div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", _caption ?? "Table: " + string.Join(", ", _columns)));
        html.Open("table", ("class", _isText ? "text" : null));
        if (_caption is not null) html.Element("caption", _caption);
        html.Open("thead").Open("tr");
        foreach (var column in _columns) html.Element("th", column, ("scope", "col"));
        html.Close().Close().Open("tbody");
        foreach (var row in _rows)
        {
            html.Line().Open("tr");
            for (var i = 0; i < row.Length; i++) WriteCell(html, row[i], isHeading: i == 0);
            html.Close();
        }
        html.Close().Close().Close();
    }

    private static void WriteCell(HtmlWriter html, Cell cell, bool isHeading)
    {
        var mark = cell.Mark == Mark.None ? null : Css.Class(cell.Mark);
        if (isHeading) html.Open("th", ("scope", "row"), ("class", mark));
        else html.Open("td", ("class", mark));
        if (cell.Swatch is { } color) Swatch.Write(html, color);
        html.Text(cell.Text).Close();
    }
}
