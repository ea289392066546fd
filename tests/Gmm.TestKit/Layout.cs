namespace Gmm.TestKit;

/// <summary>
/// The array forms of the tests. Flat is row-major. Compact covariances are stored as in the golden files: full K x D x D, tied D x D,
/// diag K x D, spherical K variances, tied-diag D variances, tied-spherical one; expanded ones are K full D x D matrices whatever the type.
/// </summary>
public static class Layout
{
    /// <summary>The covariance types, by the names of the golden files.</summary>
    public static IReadOnlyList<string> CovarianceTypes { get; } = ["full", "tied", "diag", "spherical", "tied-diag", "tied-spherical"];

    /// <summary>Whether all components have the same covariance.</summary>
    /// <exception cref="ArgumentException">The name is not one of <see cref="CovarianceTypes"/>.</exception>
    public static bool IsShared(string covarianceType) => covarianceType switch
    {
        "full" or "diag" or "spherical" => false,
        "tied" or "tied-diag" or "tied-spherical" => true,
        _ => throw Unknown(covarianceType),
    };

    /// <summary>Whether a covariance has entries off its diagonal.</summary>
    /// <exception cref="ArgumentException">The name is not one of <see cref="CovarianceTypes"/>.</exception>
    public static bool HasOffDiagonal(string covarianceType) => covarianceType switch
    {
        "full" or "tied" => true,
        "diag" or "spherical" or "tied-diag" or "tied-spherical" => false,
        _ => throw Unknown(covarianceType),
    };

    /// <summary>Whether all dimensions have the same variance.</summary>
    /// <exception cref="ArgumentException">The name is not one of <see cref="CovarianceTypes"/>.</exception>
    public static bool IsSpherical(string covarianceType) => covarianceType switch
    {
        "full" or "tied" or "diag" or "tied-diag" => false,
        "spherical" or "tied-spherical" => true,
        _ => throw Unknown(covarianceType),
    };

    /// <summary>The number of doubles in the compact form.</summary>
    /// <exception cref="ArgumentException">The name is not one of <see cref="CovarianceTypes"/>.</exception>
    public static int CompactLength(string covarianceType, int k, int d) => covarianceType switch
    {
        "full" => k * d * d,
        "tied" => d * d,
        "diag" => k * d,
        "spherical" => k,
        "tied-diag" => d,
        "tied-spherical" => 1,
        _ => throw Unknown(covarianceType),
    };

    /// <summary>Entry (i, j) of the covariance of component <paramref name="component"/>, from the compact form.</summary>
    /// <exception cref="ArgumentException">The name is not one of <see cref="CovarianceTypes"/>.</exception>
    public static double Entry(string covarianceType, int d, double[] compact, int component, int i, int j) => covarianceType switch
    {
        "full" => compact[(component * d + i) * d + j],
        "tied" => compact[i * d + j],
        "diag" => i == j ? compact[component * d + i] : 0,
        "spherical" => i == j ? compact[component] : 0,
        "tied-diag" => i == j ? compact[i] : 0,
        "tied-spherical" => i == j ? compact[0] : 0,
        _ => throw Unknown(covarianceType),
    };

    /// <summary>Compact form to K matrices of D x D.</summary>
    /// <exception cref="ArgumentException">The name is not one of <see cref="CovarianceTypes"/>, or the length is wrong for it.</exception>
    public static double[][][] Expand(string covarianceType, int k, int d, double[] compact)
    {
        if (compact.Length != CompactLength(covarianceType, k, d))
            throw new ArgumentException($"{compact.Length} numbers; {CompactLength(covarianceType, k, d)} are required for {covarianceType}.");

        return Build(k, c => Build(d, i => Build(d, j => Entry(covarianceType, d, compact, c, i, j))));
    }

    /// <summary>K matrices of D x D to compact form. Entries that the type does not have are dropped, not checked.</summary>
    /// <exception cref="ArgumentException">The name is not one of <see cref="CovarianceTypes"/>.</exception>
    public static double[] Compact(string covarianceType, double[][][] covariances)
    {
        int k = covariances.Length, d = covariances[0].Length;
        return covarianceType switch
        {
            "full" => [.. covariances.SelectMany(Flat)],
            "tied" => Flat(covariances[0]),
            "diag" => [.. covariances.SelectMany(s => Build(d, i => s[i][i]))],
            "spherical" => Build(k, c => covariances[c][0][0]),
            "tied-diag" => Build(d, i => covariances[0][i][i]),
            "tied-spherical" => [covariances[0][0][0]],
            _ => throw Unknown(covarianceType),
        };
    }

    /// <summary>Flat to rows (copies).</summary>
    public static double[][] Rows(double[] flat, int columns) => [.. flat.Chunk(columns)];

    /// <summary>Rows to flat (copies).</summary>
    public static double[] Flat(double[][] rows) => [.. rows.SelectMany(row => row)];

    /// <summary>What to throw for a name that is no covariance type.</summary>
    public static ArgumentException Unknown(string covarianceType) =>
        new($"'{covarianceType}' is no covariance type; known are {string.Join(", ", CovarianceTypes)}.");

    private static T[] Build<T>(int count, Func<int, T> item) => [.. Enumerable.Range(0, count).Select(item)];
}
