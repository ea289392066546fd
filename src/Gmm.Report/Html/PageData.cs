using System.Text;
using System.Text.Json;

namespace Gmm.Report.Html;

/// <summary>What the figures of one page need: written once at its end, however many figures use it.</summary>
internal sealed class PageData
{
    private readonly Dictionary<object, (string Id, Action<Utf8JsonWriter> Write)> _items = new(ReferenceEqualityComparer.Instance);

    public bool HasPlots { get; private set; }

    /// <summary>The id under which the page's script finds the data of <paramref name="key"/>.</summary>
    public string Share(object key, Action<Utf8JsonWriter> write)
    {
        if (_items.TryGetValue(key, out var item)) return item.Id;
        var id = $"data{_items.Count + 1}";
        _items.Add(key, (id, write));
        return id;
    }

    /// <summary>Writes JSON as a script element that no browser runs.</summary>
    public void WriteJson(HtmlWriter html, string? id, Action<Utf8JsonWriter> write)
    {
        HasPlots = true;
        using var buffer = new MemoryStream();

        // The default encoder of System.Text.Json also escapes '<', '>' and '&', so nothing can end the element.
        using (var json = new Utf8JsonWriter(buffer)) write(json);
        html.Open("script", ("type", "application/json"), ("id", id))
            .Trusted(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length))
            .Close();
    }

    public void Write(HtmlWriter html)
    {
        foreach (var (id, write) in _items.Values)
        {
            WriteJson(html, id, write);
            html.Line();
        }
    }
}
