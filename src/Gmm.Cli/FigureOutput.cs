using Gmm.Data;
using Gmm.Report.Figures;

namespace Gmm.Cli;

/// <summary>Figures as files: the extension says which kind.</summary>
internal static class FigureOutput
{
    private const string Vector = ".svg";

    private static readonly string[] s_kinds = [".png", Vector];

    /// <summary>Does what <see cref="OutputFile.Check"/> does, and refuses an extension that no figure has.</summary>
    public static void Check(string option, string? path, params ReadOnlySpan<string?> others)
    {
        if (path is not null && !s_kinds.Contains(Extension(path)))
            throw CommandFailure.Usage($"{option} is '{path}'; a path that ends in .png or .svg is required");
        OutputFile.Check(option, path, others);
    }

    /// <summary>Writes a path that was checked.</summary>
    public static void Write(string path, FigureFile figure) => AtomicFile.Write(path, stream =>
    {
        if (Extension(path) == Vector) figure.SaveSvg(stream);
        else figure.SavePng(stream);
    });

    private static string Extension(string path) => Path.GetExtension(path).ToLowerInvariant();
}
