namespace Gmm.Data;

/// <summary>Holds the content of a stream, unpacked where it is compressed, and what its first bytes say that it is.</summary>
internal sealed class TableContent : IDisposable
{
    private readonly IDisposable? _owned;

    private TableContent(FileKind.Content kind, Stream stream, IDisposable? owned) => (Kind, Stream, _owned) = (kind, stream, owned);

    /// <summary>What it is; neither gzip nor zstd.</summary>
    internal FileKind.Content Kind { get; }

    /// <summary>The content, from its beginning.</summary>
    internal Stream Stream { get; }

    /// <summary>Looks at the content of a stream.</summary>
    /// <param name="stream">Read from its current position, and left open.</param>
    /// <param name="name">What its extension promises.</param>
    /// <param name="place">The start of an error message.</param>
    /// <param name="options">What is known of the table.</param>
    /// <exception cref="TableFormatException">It is of a kind that cannot be read, or not what its name or the options promise.</exception>
    internal static TableContent Of(Stream stream, string name, string place, TableOptions options)
    {
        var (kind, content) = Begin(stream, place);
        UnpackedStream? unpacked = null;
        if (kind is FileKind.Content.Gzip or FileKind.Content.Zstd)
        {
            unpacked = new UnpackedStream(content, kind, place);
            try
            {
                (kind, content) = Begin(unpacked, place);
                if (kind is FileKind.Content.Gzip or FileKind.Content.Zstd)
                {
                    throw new TableFormatException($"{place}: the file is compressed twice; unpack it once");
                }
            }
            catch
            {
                unpacked.Dispose();
                throw;
            }
        }

        // These names promise a kind; a file that is another is damaged, or not what its owner thinks.
        var extension = Path.GetExtension(name).ToLowerInvariant();
        if (kind == FileKind.Content.Text && extension is ".npy" or ".npz")
        {
            kind = extension == ".npy" ? FileKind.Content.Npy : FileKind.Content.Zip;
        }
        else if (options.Array is not null && kind != FileKind.Content.Zip)
        {
            throw new TableFormatException($"{place}: the file is no .npz archive, of which {options.Words.Array} could choose an array");
        }
        else if (kind == FileKind.Content.Zip && unpacked is not null)
        {
            throw new TableFormatException($"{place}: the file is an archive that was compressed again; unpack it once");
        }

        return new TableContent(kind, content, unpacked);
    }

    public void Dispose() => _owned?.Dispose();

    private static (FileKind.Content Kind, Stream Content) Begin(Stream stream, string place)
    {
        var start = new byte[FileKind.Length];
        var position = stream.CanSeek ? stream.Position : 0;
        var known = start.AsMemory(0, stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false));
        var kind = FileKind.Of(known.Span, place);
        if (!stream.CanSeek)
        {
            return (kind, new PrefixedStream(known, stream));
        }

        stream.Position = position;
        return (kind, stream);
    }
}
