using Gmm.Report.Figures;
using Gmm.Report.Html;

namespace Gmm.Cli.Notebook;

/// <summary>The files of one replay. A figure goes to a PNG file and, the same bytes, into the page.</summary>
internal sealed class NotebookFiles(OutputFolder folder)
{
    private readonly List<(string Name, string Content)> _written = [];

    /// <summary>Names and what is in them, in the order of writing.</summary>
    public IReadOnlyList<(string Name, string Content)> Written => _written;

    /// <summary>Writes a file, completely or not at all.</summary>
    public void Write(string name, string content, Action<Stream> write)
    {
        folder.Write(name, write);
        _written.Add((name, content));
    }

    /// <summary>Writes a figure, and gives it for the page.</summary>
    /// <param name="name">Of the file.</param>
    /// <param name="figure">The figure; its headline stands in the picture.</param>
    /// <param name="description">What is to be seen, in words.</param>
    public Block Figure(string name, FigureFile figure, string description)
    {
        using var png = new MemoryStream();
        figure.SavePng(png);
        var bytes = png.ToArray();
        Write(name, description, stream => stream.Write(bytes));
        return new Gallery([new GalleryImage(bytes, "image/png", description, Detail: $"{description} File: {name}")], figure.Width);
    }
}
