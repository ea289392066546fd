using Gmm.Data;
using Gmm.Report.Figures;
using Gmm.Report.Html;

namespace Notebook;

/// <summary>Writes the files of one replay, and remembers them for the page.</summary>
internal sealed class ResultFolder
{
    private readonly string _path;
    private readonly List<(string Name, string Content)> _written = [];

    /// <summary>Makes the folder if it is not there.</summary>
    public ResultFolder(string path)
    {
        Directory.CreateDirectory(path);
        _path = path;
    }

    /// <summary>Lists names and contents in the order of writing.</summary>
    public IReadOnlyList<(string Name, string Content)> Written => _written;

    /// <summary>Writes a file, completely or not at all.</summary>
    public void Write(string name, string content, Action<Stream> write)
    {
        AtomicFile.Write(Path.Combine(_path, name), write);
        _written.Add((name, content));
    }

    /// <summary>Writes a figure as a PNG file, and gives the same bytes for the page.</summary>
    /// <param name="name">Names the file.</param>
    /// <param name="figure">Has its headline in the picture.</param>
    /// <param name="description">Describes the picture in words.</param>
    public Block Figure(string name, FigureFile figure, string description)
    {
        using var png = new MemoryStream();
        figure.SavePng(png);
        var bytes = png.ToArray();
        Write(name, description, stream => stream.Write(bytes));
        return new Gallery([new GalleryImage(bytes, "image/png", description, Detail: $"{description} File: {name}")], figure.Width);
    }
}
