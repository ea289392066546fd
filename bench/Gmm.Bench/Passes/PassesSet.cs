using System.Globalization;

namespace Gmm.Bench.Passes;

/// <summary>A set of points with the shape to fit to it.</summary>
/// <param name="Rows">[N x D].</param>
/// <param name="Dimension">D.</param>
/// <param name="Components">K.</param>
/// <param name="Type">The covariance type.</param>
internal sealed record PassesSet(double[] Rows, int Dimension, int Components, CovarianceType Type)
{
    private static readonly (int Dimension, int Components, int Points)[] s_shapes =
        [(2, 2, 400), (2, 6, 1200), (4, 3, 600), (5, 8, 2000), (8, 16, 4000), (12, 4, 1600), (30, 3, 1800)];

    private static readonly double[] s_overlaps = [1e-4, 1e-2, 1e-1];

    /// <summary>All sets with all types, made while they are read.</summary>
    public static IEnumerable<PassesSet> All()
    {
        (double[] Rows, int Dimension, int Components)[] tables =
            [Read("data/iris.csv", 4, 3), Read("data/old-faithful.csv", 2, 2), Read("tests/Gmm.Fast.Tests/Starts/wine.csv", 13, 3)];
        foreach (var type in Enum.GetValues<CovarianceType>())
        {
            foreach (var (rows, dimension, components) in tables) yield return new PassesSet(rows, dimension, components, type);
            foreach (var (dimension, components, points) in s_shapes)
            {
                foreach (var overlap in s_overlaps)
                {
                    var rows = new double[points * dimension];
                    OverlapMixture.Make(type, dimension, components, overlap, seed: 1000 * dimension + components).Sample(seed: 7, rows);
                    yield return new PassesSet(rows, dimension, components, type);
                }
            }
        }
    }

    private static (double[] Rows, int Dimension, int Components) Read(string path, int dimension, int components)
    {
        double[] rows =
        [
            .. File.ReadLines(Path.Combine(Machine.Root(), path)).Skip(1)
                .SelectMany(line => line.Split(',').Take(dimension).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))),
        ];
        return (rows, dimension, components);
    }
}
