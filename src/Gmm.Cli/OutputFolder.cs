using Gmm.Data;

namespace Gmm.Cli;

/// <summary>Holds a folder for results: made before the work starts, and gone again if nothing came of it.</summary>
internal sealed class OutputFolder : IDisposable
{
    private readonly bool _isNew;

    private OutputFolder(string path, bool isNew) => (Path, _isNew) = (path, isNew);

    public string Path { get; }

    /// <summary>Makes the folder if need be, and checks that the files can be written and would overwrite no input.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="files">Names of the files to come.</param>
    /// <param name="inputs">Paths that none of them must be, null for none.</param>
    public static OutputFolder Create(string path, IReadOnlyList<string> files, params ReadOnlySpan<string?> inputs)
    {
        if (File.Exists(path)) throw CommandFailure.Input($"{path}: is a file; a folder is required");
        var folder = new OutputFolder(path, !Directory.Exists(path));
        try
        {
            Directory.CreateDirectory(path);
            foreach (var file in files) OutputFile.Check("-o", folder.At(file), inputs);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Input($"{path}: cannot be created: {(e is IOException ? e.Message : "permission denied")}", e);
        }
        catch (CommandFailure)
        {
            folder.Dispose();
            throw;
        }
    }

    public string At(string file) => System.IO.Path.Combine(Path, file);

    public void Write(string file, Action<Stream> write) => AtomicFile.Write(At(file), write);

    public void Dispose()
    {
        if (!_isNew) return;
        try
        {
            if (Directory.Exists(Path) && !Directory.EnumerateFileSystemEntries(Path).Any()) Directory.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An empty folder does no harm; what ended the command is what the user should read.
        }
    }
}
