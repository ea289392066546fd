using System.Text.Json;

namespace Gmm.Report.Html;

/// <summary>An interactive figure. <see cref="Plots"/> and <see cref="FitView"/> make them.</summary>
public sealed class Plot : Block
{
    private readonly string _title;
    private readonly string? _note;
    private readonly string? _shape;
    private readonly Action<Utf8JsonWriter, PageData> _write;

    internal Plot(string title, string? note, string? shape, Action<Utf8JsonWriter, PageData> write) =>
        (_title, _note, _shape, _write) = (title, note, shape, write);

    internal override void Write(HtmlWriter html, PageData data)
    {
        html.Open("figure", ("class", _shape is null ? "plot" : "plot " + _shape)).Element("figcaption", _title);
        html.Open("div", ("class", "canvas"), ("role", "group"), ("aria-label", _title)).Close();
        if (_note is not null) html.Element("p", _note, ("class", "note"));
        data.WriteJson(html, null, json => _write(json, data));
        html.Close();
    }
}

/// <summary>Blocks side by side where the page is wide enough, otherwise one below the other.</summary>
/// <param name="blocks">The blocks.</param>
public sealed class Beside(params IReadOnlyList<Block> blocks) : Block
{
    internal override void Write(HtmlWriter html, PageData data)
    {
        html.Open("div", ("class", "beside"));
        foreach (var block in blocks) block.Write(html, data);
        html.Close();
    }
}
