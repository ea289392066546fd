using System.Globalization;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Selection;

/// <summary>Gives the data of the tests of selections.</summary>
internal static class SelectionData
{
    /// <summary>Reads a table of numbers with a line of names.</summary>
    /// <param name="path">Its path in the checkout.</param>
    public static (double[] Rows, int Dimension) Read(params string[] path)
    {
        var lines = File.ReadAllLines(Path.Combine([Repository.Root, .. path])).Skip(1).Select(line => line.Split(',')).ToArray();
        return ([.. lines.SelectMany(cells => cells.Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)))], lines[0].Length);
    }

    public static (double[] Rows, int Dimension) Faithful() => Read("data", "old-faithful.csv");

    /// <summary>Draws points from components whose means are apart by some standard deviations.</summary>
    public static MixtureProblem Problem(int seed, int points = 300, int dimension = 2, int components = 3, double separation = 6) =>
        Blobs.Build(seed, points, dimension, components, "full", separation, condition: 4);
}
