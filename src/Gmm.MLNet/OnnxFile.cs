namespace Gmm.MLNet;

/// <summary>
/// The file of an ONNX model, as ML.NET reads and saves models by path. It has a name only while ML.NET looks for it, where the system deletes open files;
/// elsewhere until nobody has it open any more.
/// </summary>
internal sealed class OnnxFile : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"gmm-{Path.GetRandomFileName()}.onnx");
    private readonly byte[] _model;
    private bool _exists;

    /// <summary>Makes no file yet.</summary>
    /// <param name="model">The bytes of the model.</param>
    public OnnxFile(byte[] model) => _model = model;

    /// <summary>Runs something while the file is there.</summary>
    /// <param name="use">Takes the path.</param>
    public T With<T>(Func<string, T> use)
    {
        lock (_gate)
        {
            if (!_exists)
            {
                // A new file of this user alone: a path in a folder of all users may meanwhile be another's.
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                using var stream = new FileStream(_path, options);
                _exists = true;
                stream.Write(_model);
            }
            try
            {
                return use(_path);
            }
            finally
            {
                Delete();
            }
        }
    }

    /// <summary>Deletes the file, if it still is there.</summary>
    public void Dispose()
    {
        lock (_gate) Delete();
    }

    private void Delete()
    {
        if (!_exists) return;
        try
        {
            File.Delete(_path);
            _exists = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Windows deletes no open file; Dispose tries again when ML.NET has closed it.
        }
    }
}
