using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Replaces and opens the file of a <see cref="FitCheckpoint"/>.</summary>
internal sealed class CheckpointFile : IDisposable
{
    private const string Format = "gmm-checkpoint";
    private const int Version = 1;

    private readonly FileStream _stream;

    private CheckpointFile(string path, FileStream stream, StateCarrier state) => (Path, _stream, State) = (path, stream, state);

    /// <summary>The path, for messages.</summary>
    public string Path { get; }

    /// <summary>Gives the content.</summary>
    public StateCarrier State { get; }

    /// <summary>Opens a file and checks that it is whole.</summary>
    /// <exception cref="InvalidDataException">It is no checkpoint, or damaged; the message names the path.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CheckpointFile Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            return new CheckpointFile(path, stream, SealedFile.Read(stream, Format, Version));
        }
        catch (InvalidDataException e)
        {
            stream.Dispose();
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Replaces a file in one step.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Writes the content.</param>
    public static void Replace(string path, Action<StateCarrier> content)
    {
        var beside = $"{path}.tmp";
        using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write))
        {
            SealedFile.Write(stream, Format, Version, content);
            stream.Flush(flushToDisk: true);
        }
        File.Move(beside, path, overwrite: true);
    }

    public void Dispose() => _stream.Dispose();
}
