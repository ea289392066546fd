using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli.Notebook;

/// <summary>The files that come with the tool, in the folder data beside it.</summary>
internal static class NotebookData
{
    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "data");

    public static string Pictures => Path.Combine(Folder, "pictures");

    public static string Labels => Path.Combine(Folder, "pictures-labels.csv");

    public static NumericTable Points() => TableFile.Read(Path.Combine(Folder, "notebook.csv"));

    public static GaussianMixture Start() => Model("notebook-init.json");

    public static GaussianMixture Truth() => Model("notebook-truth.json");

    public static GaussianMixture PicturesStart() => Model("pictures-init.json");

    private static GaussianMixture Model(string name) => ModelFile.Load(Path.Combine(Folder, name)).Model;
}
