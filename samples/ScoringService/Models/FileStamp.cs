namespace ScoringService.Models;

/// <summary>Tells whether a file may have changed, without reading it.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Written">The time of the last change, in UTC.</param>
internal readonly record struct FileStamp(long Length, DateTime Written)
{
    /// <summary>Gives the stamp of a file, or null where there is none.</summary>
    /// <param name="path">The file, or a link to it: Kubernetes mounts files of a ConfigMap as links, and exchanges what these point to.</param>
    public static FileStamp? Of(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null) file = File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo;
        return file is { Exists: true } ? new FileStamp(file.Length, file.LastWriteTimeUtc) : null;
    }
}
