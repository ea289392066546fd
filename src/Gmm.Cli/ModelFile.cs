using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Models from files; every complaint starts with the path.</summary>
internal static class ModelFile
{
    /// <summary>The model, and how it was fitted where the file says so.</summary>
    public static (GaussianMixture Model, FitResult? Fit) Load(string path)
    {
        var bytes = Read(path);
        try
        {
            var fit = FitResult.Load(new MemoryStream(bytes));
            return (fit?.Model ?? GaussianMixture.Load(new MemoryStream(bytes)), fit);
        }
        catch (InvalidDataException e)
        {
            throw CommandFailure.Input($"{path}: {e.Message}", e);
        }
    }

    private static byte[] Read(string path)
    {
        if (Directory.Exists(path)) throw CommandFailure.Input($"{path}: is a folder; a file is required");
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (FileNotFoundException e)
        {
            throw CommandFailure.Input($"{path}: the file does not exist", e);
        }
        catch (DirectoryNotFoundException e)
        {
            throw CommandFailure.Input($"{path}: the folder does not exist", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw CommandFailure.Input($"{path}: cannot be read: permission denied", e);
        }
        catch (IOException e)
        {
            throw CommandFailure.Input($"{path}: cannot be read: {e.Message}", e);
        }
    }
}
