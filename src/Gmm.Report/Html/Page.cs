using System.Text;

namespace Gmm.Report.Html;

/// <summary>
/// One self-contained page: header, sections, figures, and everything they need. It works from a file without a network, and forbids itself any
/// request. The same content gives the same bytes.
/// </summary>
public sealed class Page
{
    private const int SectionsThatNeedContents = 4;

    private readonly List<Section> _sections = [];
    private readonly List<Block> _header = [];

    /// <summary>An empty page.</summary>
    /// <param name="title">Heading of the page and name of its window.</param>
    /// <param name="lead">A sentence below the heading, or null.</param>
    public Page(string title, string? lead = null)
    {
        ArgumentNullException.ThrowIfNull(title);
        (Title, Lead) = (title, lead);
    }

    /// <summary>Heading of the page and name of its window.</summary>
    public string Title { get; }

    /// <summary>A sentence below the heading, or null.</summary>
    public string? Lead { get; }

    /// <summary>Adds blocks between the heading and the first section: the facts and warnings to read first.</summary>
    /// <returns>This page.</returns>
    public Page AddHeader(params ReadOnlySpan<Block> blocks)
    {
        foreach (var block in blocks) _header.Add(block);
        return this;
    }

    /// <summary>Adds sections at the end.</summary>
    /// <returns>This page.</returns>
    public Page Add(params ReadOnlySpan<Section> sections)
    {
        foreach (var section in sections) _sections.Add(section);
        return this;
    }

    /// <summary>Writes the page.</summary>
    /// <param name="stream">Receives UTF-8 text; stays open.</param>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        var html = new HtmlWriter(writer);
        var data = new PageData();
        html.Trusted("<!DOCTYPE html>\n").Open("html", ("lang", "en"));
        WriteHead(html);
        html.Line().Open("body").Line();
        WriteBody(html, data);
        WriteScripts(html, data);
        html.Close().Close().Line();
    }

    // The policy lets the page's own two scripts run, known by their hashes, and nothing be fetched. plotly builds its WebGL drawing code at run
    // time, hence 'unsafe-eval', and its style rules, hence 'unsafe-inline' for styles; blob: is how a figure becomes a PNG file on request.
    private static string Policy =>
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data: blob:; style-src 'unsafe-inline'; "
        + $"script-src 'unsafe-eval' '{PageAssets.PlotlyHash}' '{PageAssets.ScriptHash}'";

    private void WriteHead(HtmlWriter html)
    {
        html.Open("head").Line();
        html.Void("meta", ("charset", "utf-8")).Line();
        html.Void("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy)).Line();
        html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1")).Line();
        html.Void("meta", ("name", "color-scheme"), ("content", "light dark")).Line();

        // Otherwise a browser asks a server for /favicon.ico.
        html.Void("link", ("rel", "icon"), ("href", "data:,")).Line();
        html.Element("title", Title).Line();
        html.Open("style").Trusted(PageAssets.Style).Close().Close();
    }

    private void WriteBody(HtmlWriter html, PageData data)
    {
        html.Open("header").Element("h1", Title);
        if (Lead is not null) html.Element("p", Lead, ("class", "lead"));
        foreach (var block in _header) block.Write(html, data);
        html.Close().Line();
        if (_sections.Count >= SectionsThatNeedContents)
        {
            html.Open("nav", ("aria-label", "Contents")).Open("ul");
            for (var i = 0; i < _sections.Count; i++) html.Open("li").Element("a", _sections[i].Title, ("href", $"#s{i + 1}")).Close();
            html.Close().Close().Line();
        }
        html.Open("main");
        for (var i = 0; i < _sections.Count; i++)
        {
            html.Line().Open("section", ("id", $"s{i + 1}"), ("aria-labeledby", $"h{i + 1}")).Element("h2", _sections[i].Title, ("id", $"h{i + 1}"));
            foreach (var block in _sections[i].Blocks) block.Write(html.Line(), data);
            html.Close();
        }
        html.Close().Line();
        html.Open("footer").Open("p").Text("Written by Gmm.Fast. This file is complete: it asks nothing of any network.");
        if (data.HasPlots) html.Text($" Figures: plotly.js {PageAssets.PlotlyVersion}, included (MIT license).");
        html.Close().Close().Line();
    }

    private static void WriteScripts(HtmlWriter html, PageData data)
    {
        if (!data.HasPlots) return;
        data.Write(html);
        html.Open("script").Trusted(PageAssets.Plotly).Close().Line();
        html.Open("script").Trusted(PageAssets.Script).Close().Line();
    }
}
