using Gmm.Data;
using Gmm.Data.Images;

namespace Gmm.Fuzz;

/// <summary>Categories of pictures.</summary>
internal static class LabelsReading
{
    private static readonly string s_path = Path.Combine(Directory.CreateTempSubdirectory("gmm-fuzz-").FullName, "labels.csv");

    private static readonly string[] s_tokens = ["file", "category", "\"", ",", "\n", "\r\n", "\\", "/", "./", "a.png", "\0", "\uFEFF"];

    /// <summary>Every cell of a row becomes a string, the shortest of a byte.</summary>
    internal static Reader Reader { get; } = new("labels", s_tokens, typeof(TableFormatException), Read)
    {
        BytesPerByte = 48,
        Check = answers => answers[0] is PictureLabels labels && labels.Categories.Count > labels.Count ? "there are more categories than files" : null,
    };

    private static PictureLabels Read(byte[] bytes)
    {
        File.WriteAllBytes(s_path, bytes);
        var labels = LabelsFile.Read(s_path);
        labels.CategoryOf("b/c.png");
        return labels;
    }
}
