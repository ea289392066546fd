using Gmm.Data.Models;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Models from files; every complaint starts with the path.</summary>
internal static class ModelFile
{
    /// <summary>Loads the model, and how it was fitted where the file says so.</summary>
    public static (GaussianMixture Model, FitResult? Fit) Load(string path)
    {
        return Open(path, (file, pipe) =>
        {
            if (FitResult.Load(pipe ?? (Stream)file) is { } fit) return (fit.Model, fit);
            if (pipe is null) file.Position = 0;
            else pipe.Rewind();
            return (GaussianMixture.Load(pipe ?? (Stream)file), (FitResult?)null);
        });
    }

    /// <summary>Loads a model that another system has fitted.</summary>
    public static GaussianMixture LoadForeign(string path) => Open(path, (file, _) => ForeignModel.Read(file, path));

    /// <summary>Loads the round of a fit whose passes are jobs.</summary>
    public static FitRound LoadRound(string path) => Open(path, (file, pipe) => FitRound.Load(pipe ?? (Stream)file));

    /// <summary>Loads the sums of a part.</summary>
    public static PartStatistics LoadPart(string path) => Open(path, (file, pipe) => PartStatistics.Load(pipe ?? (Stream)file));

    private static T Open<T>(string path, Func<FileStream, ReplayStream?, T> read)
    {
        if (Directory.Exists(path)) throw CommandFailure.Input($"{path}: is a folder; a file is required");
        try
        {
            // The readers have their own buffer, and look at what they have before they ask for more.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            return read(file, file.CanSeek ? null : new ReplayStream(file));
        }
        catch (InvalidDataException e)
        {
            throw CommandFailure.Input($"{path}: {e.Message}", e);
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
