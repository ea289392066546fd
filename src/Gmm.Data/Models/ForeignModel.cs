using Gmm.Fast;

namespace Gmm.Data.Models;

/// <summary>Reads mixtures that another system has fitted.</summary>
public static class ForeignModel
{
    /// <summary>Reads a mixture from an archive of <see cref="ScikitLearnModel"/> or JSON of <see cref="MclustModel"/>; the first bytes say which.</summary>
    /// <param name="stream">Read to its end; stays open.</param>
    /// <param name="name">The name of the input in errors, usually the path.</param>
    /// <exception cref="TableFormatException">It is neither, or no mixture.</exception>
    public static GaussianMixture Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        var start = new byte[FileKind.Length];
        var known = start.AsMemory(0, stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false));
        var whole = new PrefixedStream(known, stream);
        var text = known.Span is [0xEF, 0xBB, 0xBF, ..] ? known.Span[3..] : known.Span;
        if (text.TrimStart(" \t\r\n"u8) is [(byte)'{', ..])
        {
            return MclustModel.Read(whole, name);
        }

        var place = ErrorText.OneLine(name);
        return FileKind.Of(known.Span, place) == FileKind.Content.Zip
            ? ScikitLearnModel.Read(whole, name)
            : throw new TableFormatException($"{place}: the file is neither an .npz archive of scikit-learn nor JSON of mclust");
    }
}
