using Gmm.Fast;

namespace Gmm.Report.Html;

/// <summary>
/// Which dimensions a page offers for its axes. All of them up to <see cref="Most"/>; beyond, the most telling ones, see <see cref="TellingColumns"/>.
/// Fewer where very many components would need too many covariances.
/// </summary>
internal static class ShownDimensions
{
    public const int Most = 32;

    private const int Fewest = 3;
    private const int MostCovariances = 200_000;

    public static int[] Of(GaussianMixture model)
    {
        var limit = Most;
        while (limit > Fewest && (long)model.ComponentCount * limit * (limit + 1) / 2 > MostCovariances) limit--;
        return TellingColumns.Of(model, limit);
    }
}
