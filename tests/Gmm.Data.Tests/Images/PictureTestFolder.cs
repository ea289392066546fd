using Gmm.Data.Images;

namespace Gmm.Data.Tests.Images;

/// <summary>A folder that goes away with the test.</summary>
public abstract class PictureTestFolder : IDisposable
{
    protected const string Truncated = "truncated: the file ends before the picture does";
    protected const string NoPicture = "not a picture; JPEG, PNG, WebP, BMP and GIF are read";

    protected string Root { get; } = Directory.CreateTempSubdirectory("gmm-pictures-").FullName;

    public void Dispose()
    {
        Directory.Delete(Root, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string At(string name) => Path.Combine(Root, name);

    protected string Put(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), content);
        return At(name);
    }

    private protected Picture ReadOne(byte[] content, bool exact = true)
    {
        var table = ReadAlone(content, exact);
        Assert.Empty(table.Skipped);
        return Assert.Single(table.Pictures);
    }

    private protected PictureTable ReadAlone(byte[] content, bool exact = true)
    {
        Put("alone/it", content);
        return PictureFolder.Read(At("alone"), new PictureOptions { Exact = exact }, TestContext.Current.CancellationToken);
    }
}
