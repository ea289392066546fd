using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Gmm.Report.Html;

/// <summary>Writes elements. Text and attribute values are escaped here and nowhere else, so that no caller can forget it.</summary>
internal sealed class HtmlWriter(TextWriter output)
{
    // Blocks other than Latin are readable as they are; the encoder still escapes everything that means something to HTML.
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly Stack<string> _open = [];

    /// <summary>Opens an element; an attribute whose value is null is left out.</summary>
    public HtmlWriter Open(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Start(tag, attributes);
        _open.Push(tag);
        return this;
    }

    /// <summary>Closes the element opened last.</summary>
    public HtmlWriter Close()
    {
        output.Write("</");
        output.Write(_open.Pop());
        output.Write('>');
        return this;
    }

    /// <summary>An element without content and without an end tag: meta, img, br.</summary>
    public HtmlWriter Void(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Start(tag, attributes);
        return this;
    }

    /// <summary>An element that holds text.</summary>
    public HtmlWriter Element(string tag, string text, params ReadOnlySpan<(string Name, string? Value)> attributes) =>
        Open(tag, attributes).Text(text).Close();

    /// <summary>Text, shown as it is.</summary>
    public HtmlWriter Text(string text)
    {
        s_encoder.Encode(output, text);
        return this;
    }

    /// <summary>A line break in the source, where it separates blocks.</summary>
    public HtmlWriter Line()
    {
        output.Write('\n');
        return this;
    }

    /// <summary>Markup or script as it is: the program's own files, JSON that is already escaped, fragments the caller vouches for.</summary>
    public HtmlWriter Trusted(ReadOnlySpan<char> markup)
    {
        output.Write(markup);
        return this;
    }

    private void Start(string tag, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        output.Write('<');
        output.Write(tag);
        foreach (var (name, value) in attributes)
        {
            if (value is null) continue;
            output.Write(' ');
            output.Write(name);
            output.Write("=\"");
            s_encoder.Encode(output, value);
            output.Write('"');
        }
        output.Write('>');
    }
}
