using Gmm.Data;
using Gmm.Fast;

namespace Notebook;

/// <summary>Reads the files that come with the program, in the folder data beside it.</summary>
internal static class DataFolder
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "data");

    public static string Pictures => Path.Combine(s_folder, "pictures");

    public static string Labels => Path.Combine(s_folder, "pictures-labels.csv");

    public static NumericTable Points() => TableFile.Read(Path.Combine(s_folder, "notebook.csv"));

    public static GaussianMixture PointsStart() => Model("notebook-init.json");

    public static GaussianMixture PointsTruth() => Model("notebook-truth.json");

    public static GaussianMixture PicturesStart() => Model("pictures-init.json");

    private static GaussianMixture Model(string name)
    {
        using var file = File.OpenRead(Path.Combine(s_folder, name));
        return GaussianMixture.Load(file);
    }
}
