namespace Gmm.Report.Html;

/// <summary>A part of a page. Every text given to a block is shown literally, whatever characters it holds.</summary>
public abstract class Block
{
    private protected Block()
    {
    }

    internal abstract void Write(HtmlWriter html, PageData data);
}

/// <summary>A paragraph.</summary>
/// <param name="text">Its text.</param>
public sealed class Paragraph(string text) : Block
{
    internal override void Write(HtmlWriter html, PageData data) => html.Element("p", text);
}

/// <summary>A heading within a section, with a patch of color before it where it speaks of a color.</summary>
/// <param name="text">Its text.</param>
/// <param name="swatch">The color, or null.</param>
public sealed class Subheading(string text, Rgb? swatch = null) : Block
{
    internal override void Write(HtmlWriter html, PageData data)
    {
        html.Open("h3");
        if (swatch is { } color) Swatch.Write(html, color);
        html.Text(text).Close();
    }
}

/// <summary>Text in which line breaks and spaces count: what a program printed, a command to type.</summary>
/// <param name="text">Its text.</param>
public sealed class Preformatted(string text) : Block
{
    internal override void Write(HtmlWriter html, PageData data) => html.Element("pre", text, ("tabindex", "0"));
}

/// <summary>How a <see cref="Notice"/> or a table cell is meant.</summary>
public enum Mark
{
    /// <summary>Neither.</summary>
    None,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Something to look at.</summary>
    Warning,
}

/// <summary>A sentence that stands out.</summary>
/// <param name="text">The sentence.</param>
/// <param name="mark">What it is.</param>
public sealed class Notice(string text, Mark mark = Mark.Warning) : Block
{
    internal override void Write(HtmlWriter html, PageData data) => html.Element("p", text, ("class", "notice " + Css.Class(mark)));
}

/// <summary>One line of <see cref="Facts"/>.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">Its value.</param>
public sealed record Fact(string Name, string Value);

/// <summary>Names and their values, side by side as the width allows.</summary>
/// <param name="facts">The lines.</param>
public sealed class Facts(IReadOnlyList<Fact> facts) : Block
{
    internal override void Write(HtmlWriter html, PageData data)
    {
        html.Open("dl", ("class", "facts"));
        foreach (var fact in facts) html.Open("div").Element("dt", fact.Name).Element("dd", fact.Value).Close();
        html.Close();
    }
}

internal static class Css
{
    public static string Class(Mark mark) => mark switch
    {
        Mark.Good => "good",
        Mark.Warning => "warning",
        _ => "plain",
    };
}

internal static class Swatch
{
    public static void Write(HtmlWriter html, Rgb color) =>
        html.Open("span", ("class", "swatch"), ("style", $"background:{color.Hex}"), ("aria-hidden", "true")).Close();
}
